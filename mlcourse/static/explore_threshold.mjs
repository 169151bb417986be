// Chapter 08's playground: move the threshold over real predictions; counts, precision, recall and F1 move together.

import { node } from "./element.mjs";
import { playground } from "./explore.mjs";
import { choice, grid, row, slider, text } from "./explore_controls.mjs";
import { mean, scores, total } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { counted, num } from "./explore_words.mjs";

export const MACRO = "macro";
export const MICRO = "micro";
const PARTS = ["precision", "recall", "f1"];
const SPOKEN = { precision: "precision", recall: "recall", f1: "F1" };
const LOOKS = {
  precision: { colour: "blue", dash: "", mark: "circle", sign: "●" },
  recall: { colour: "orange", dash: "8 4", mark: "square", sign: "■" },
  f1: { colour: "green", dash: "2 4", mark: "triangle", sign: "▲" },
};

/** A threshold in percent as the page writes it. */
export const written = (percent) => num(percent / 100);

/** The four counts of one label at a threshold, all in whole percents. */
export function countsAt(truth, percent, threshold) {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  percent.forEach((p, i) => {
    const yes = p >= threshold;
    counts[truth[i] === "1" ? (yes ? "tp" : "fn") : yes ? "fp" : "tn"] += 1;
  });
  return counts;
}

/** Counts and scores of every label, their macro mean, and the micro scores of all counts in one pot. */
export function measure({ truth, percent }, threshold) {
  const counts = truth.map((column, k) => countsAt(column, percent[k], threshold));
  const each = counts.map(scores);
  const pot = Object.fromEntries(["tp", "fp", "fn", "tn"].map((kind) => [kind, total(counts.map((c) => c[kind]))]));
  const macro = Object.fromEntries(PARTS.map((part) => [part, mean(each.map((s) => s[part]))]));
  return { counts, each, pot, macro, micro: scores(pot) };
}

/** What `shown` names: its scores, and its counts if it has any. */
export function of(names, made, shown) {
  if (shown === MACRO) return { scores: made.macro, counts: null };
  if (shown === MICRO) return { scores: made.micro, counts: made.pot };
  const k = names.indexOf(shown);
  return { scores: made.each[k], counts: made.counts[k] };
}

function trio(values) {
  return `precision ${num(values.precision)}, recall ${num(values.recall)}, F1 ${num(values.f1)}`;
}

function standing(names, now, shown, threshold) {
  const seen = of(names, now, shown);
  const values = trio(seen.scores);
  if (!seen.counts) return `At the threshold ${written(threshold)} the mean over the labels is: ${values}.`;
  const { tp, fp, fn } = seen.counts;
  const who = shown === MICRO ? "all labels in one pot" : shown;
  const said = tp + fp === 0 ? "nothing is said, so precision is 0/0, counted as 0" : `${counted(tp + fp, "yes", "yeses")}, ${tp} of them true`;
  return `At the threshold ${written(threshold)}, ${who}: ${said}; ${counted(fn, "miss", "misses")}. That is ${values}.`;
}

function aboutThreshold(names, now, was, shown, after, before) {
  const [a, b] = [of(names, now, shown), of(names, was, shown)];
  const lower = after < before;
  const verb = `${lower ? "Lowering" : "Raising"} the threshold from ${written(before)} to ${written(after)}`;
  const moves = PARTS.map((part) => `${SPOKEN[part]} from ${num(b.scores[part])} to ${num(a.scores[part])}`).join(", ");
  if (!a.counts) return `${verb} moved the mean ${moves}.`;
  const found = Math.abs(a.counts.tp - b.counts.tp);
  const alarms = Math.abs(a.counts.fp - b.counts.fp);
  const who = shown === MICRO ? "over all labels" : `for ${shown}`;
  const what = lower
    ? `finds ${found} more and gives ${counted(alarms, "false alarm")} more`
    : `loses ${found} and avoids ${counted(alarms, "false alarm")}`;
  return `${verb} ${who} ${what}. That moves ${moves}.`;
}

/** One sentence about what the student's last gesture did. */
export function sentence(data, after, before, by) {
  const now = measure(data, after.threshold);
  if (by === "threshold" && after.threshold !== before.threshold) {
    return aboutThreshold(data.names, now, measure(data, before.threshold), after.shown, after.threshold, before.threshold);
  }
  return standing(data.names, now, after.shown, after.threshold);
}

/** What the picture shows, for who does not see it. */
export function picture(names, curve, { shown, threshold }) {
  const best = curve.reduce((top, s, t) => (s.f1 > curve[top].f1 ? t : top), 0);
  const at = curve[threshold];
  const who = shown === MACRO ? "the mean over the labels" : shown === MICRO ? "all labels in one pot" : shown;
  return (
    `Precision, recall and F1 of ${who} for thresholds from 0 to 1. At ${written(threshold)}: ${trio(at)}. ` +
    `F1 is highest at ${written(best)}, with ${num(curve[best].f1)}.`
  );
}

export default playground((pg) => {
  const { data } = pg;
  const { names } = data;
  const thresholds = Array.from({ length: 101 }, (_, t) => t);
  const all = thresholds.map((t) => measure(data, t));
  const many = names.length > 1;
  const bar = slider({
    label: "Threshold",
    min: 0,
    max: 100,
    step: 1,
    value: pg.value.threshold,
    write: written,
    move: (t) => pg.set({ threshold: t }, "threshold"),
  });
  const pick = choice({
    label: "Show",
    choices: [
      ...names.map((name) => ({ value: name, text: name })),
      ...(many ? [{ value: MACRO, text: "macro mean" }, { value: MICRO, text: "micro, one pot" }] : []),
    ],
    value: pg.value.shown,
    move: (shown) => pg.set({ shown }, "shown"),
  });

  const cells = (n) => Array.from({ length: n }, () => text("", "mlc-number"));
  const labelCells = names.map(() => cells(7));
  const marks = names.map((name) => text(name));
  const macroCells = cells(3);
  const microCells = cells(7);
  const foot = [
    ["macro: mean of the labels", "", "", "", "", ...macroCells],
    ["micro: all in one pot", ...microCells],
  ];
  const table = grid({
    caption: "Every label at this threshold",
    head: ["label", "TP", "FP", "FN", "TN", "precision", "recall", "F1"],
    rows: names.map((_, k) => [marks[k], ...labelCells[k]]),
    foot: many ? foot : [],
    numeric: [1, 2, 3, 4, 5, 6, 7],
  });

  const four = cells(4);
  const square = grid({
    caption: "The four kinds of answers",
    head: ["", "said yes", "said no"],
    rows: [
      ["truth yes", four[0], four[1]],
      ["truth no", four[2], four[3]],
    ],
    numeric: [1, 2],
  });
  const curves = plot({ x: { label: "threshold", min: 0, max: 1 }, y: { label: "precision, recall, F1", min: 0, max: 1 }, width: 440, height: 270 });
  const lines = Object.fromEntries(PARTS.map((part) => [part, curves.line([], LOOKS[part])]));
  const here = curves.rule({ x: pg.value.threshold / 100 });
  const points = Object.fromEntries(PARTS.map((part) => [part, curves.marks([], LOOKS[part])]));
  const legend = Object.fromEntries(PARTS.map((part) => [part, text("", "mlc-number")]));
  const key = node(
    "p",
    {},
    ...PARTS.flatMap((part) => [
      node("span", { style: `color: var(--mlc-${LOOKS[part].colour})`, "aria-hidden": "true", text: `${LOOKS[part].sign} ` }),
      `${SPOKEN[part]} `,
      legend[part].root,
      "   ",
    ]),
  );
  key.style.whiteSpace = "pre-wrap";
  curves.root.style.flex = "1 1 20em";
  bar.root.style.flex = "1 1 20em"; // 101 places need room
  bar.root.style.maxWidth = "36em";
  bar.input.style.maxWidth = "none";
  table.table.style.overflowWrap = "normal"; // on a narrow page the table scrolls, and no number is torn apart
  const scrolled = { tabindex: "0", role: "group", "aria-label": "Every label at this threshold, scrolls sideways on a narrow page" };
  Object.entries(scrolled).forEach(([name, value]) => table.root.setAttribute(name, value));
  const beside = node("div", { style: "flex: 1 1 14em" }, square.root, key);
  const pictures = node("div", { style: "display: flex; flex-wrap: wrap; gap: .5em 1.5em; align-items: center" }, curves.root, beside);
  pg.add(row(bar), pick.root, pictures, table.root);

  return (now, { before, by }) => {
    const made = all[now.threshold];
    const seen = of(names, made, now.shown);
    const curve = all.map((each) => of(names, each, now.shown).scores);
    bar.show(now.threshold);
    pick.show(now.shown);
    here.show({ x: now.threshold / 100, text: written(now.threshold) });
    PARTS.forEach((part) => {
      lines[part].show(thresholds.map((t) => [t / 100, curve[t][part]]));
      points[part].show([[now.threshold / 100, seen.scores[part]]]);
      legend[part].show(num(seen.scores[part]));
    });
    const { tp, fn, fp, tn } = seen.counts ?? {};
    const counted4 = [["TP", tp], ["FN", fn], ["FP", fp], ["TN", tn]];
    counted4.forEach(([kind, n], i) => four[i].show(n === undefined ? "–" : `${kind} ${n}`));
    const numbers = (c, s) => [c.tp, c.fp, c.fn, c.tn, ...PARTS.map((part) => num(s[part]))].map(String);
    names.forEach((name, k) => {
      marks[k].show(name === now.shown ? `▶ ${name}` : name);
      numbers(made.counts[k], made.each[k]).forEach((v, j) => labelCells[k][j].show(v));
    });
    PARTS.forEach((part, j) => macroCells[j].show(num(made.macro[part])));
    numbers(made.pot, made.micro).forEach((v, j) => microCells[j].show(v));
    curves.describe(picture(names, curve, now));
    pg.say(sentence(data, now, before, by), { aloud: by !== null });
  };
});
