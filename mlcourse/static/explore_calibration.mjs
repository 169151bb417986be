// Chapter 12's playground: one temperature moves the reliability diagram and the cheapest threshold together.

import { node } from "./element.mjs";
import { playground } from "./explore.mjs";
import { choice, grid, row, slider, text } from "./explore_controls.mjs";
import { argmax, logSumExp, softmax, total } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { num } from "./explore_words.mjs";

const BINS = 10;
const FEW = 20; // so few answers say little about a bin
const THRESHOLDS = Array.from({ length: 100 }, (_, t) => t);

/** A whole percent as the page writes it. */
export const written = (percent) => num(percent / 100);

/** A share as whole percent. */
const percent = (share) => `${num(100 * share, 0)} %`;

/** What one temperature makes of the rows: sureness, right or wrong, ten bins, and four scores. */
export function measure({ truth, logits }, temperature) {
  const n = truth.length;
  const bins = Array.from({ length: BINS }, () => ({ n: 0, promised: 0, kept: 0 }));
  const sure = [];
  const right = [];
  let brier = 0;
  let loss = 0;
  logits.forEach((z, i) => {
    const p = softmax(z, temperature);
    const winner = argmax(p);
    const top = p[winner];
    const hit = winner === truth[i];
    // Like searchsorted: a sureness on a border belongs to the lower bin.
    const b = Math.min(BINS - 1, Math.max(0, Math.ceil(top * BINS) - 1));
    bins[b].n += 1;
    bins[b].promised += top;
    bins[b].kept += hit ? 1 : 0;
    sure.push(top);
    right.push(hit);
    brier += total(p.map((v, k) => (v - (k === truth[i] ? 1 : 0)) ** 2));
    loss += logSumExp(z.map((v) => v / temperature)) - z[truth[i]] / temperature;
  });
  const ece = total(bins.map((bin) => Math.abs(bin.kept - bin.promised))) / n;
  for (const bin of bins) {
    bin.promised /= bin.n;
    bin.kept /= bin.n;
  }
  const accuracy = right.filter(Boolean).length / n;
  return { sure, right, bins, ece, accuracy, brier: brier / n, loss: loss / n, mean: total(sure) / n };
}

/** For one threshold in percent: answers, wrong ones, rows asked about, and the costs in hundredths of an error. */
export function at(made, threshold, price) {
  let answered = 0;
  let wrong = 0;
  let doubt = 0;
  made.sure.forEach((p, i) => {
    if (p < threshold / 100) return;
    answered += 1;
    doubt += 1 - p;
    if (!made.right[i]) wrong += 1;
  });
  const asked = made.sure.length - answered;
  return { answered, wrong, asked, paid: 100 * wrong + price * asked, promised: 100 * doubt + price * asked };
}

/** The costs at the thresholds 0 to 99 percent, and the first of the cheapest. */
export function bills(made, price) {
  const paid = THRESHOLDS.map((t) => at(made, t, price).paid);
  return { paid, cheapest: paid.indexOf(Math.min(...paid)) };
}

/** What 100 rows cost, in errors. */
const per100 = (cost, n) => num(cost / n, 1);

function aboutThreshold(data, made, now) {
  const n = made.sure.length;
  const { answered, wrong, paid } = at(made, now.threshold, Number(now.price));
  const quality = answered ? `${percent((answered - wrong) / answered)} of these answers are right` : "it asks about every row";
  return `From ${written(now.threshold)} on the model answers ${percent(answered / n)} of the rows; ${quality}. Errors and asking together cost as much as ${per100(paid, n)} errors for 100 rows.`;
}

function aboutFormula(made, now) {
  const n = made.sure.length;
  const price = Number(now.price);
  const { paid, cheapest } = bills(made, price);
  const formula = 100 - price;
  return (
    `If asking costs ${price} % of an error, the formula answers from ${written(formula)} on, and 100 rows cost ` +
    `${per100(paid[formula], n)} errors; the cheapest threshold on these rows, ${written(cheapest)}, costs ${per100(paid[cheapest], n)}.`
  );
}

/** One sentence or two about what the student's last gesture did. */
export function sentence(data, after, before, by) {
  const made = measure(data, after.temperature);
  if (by === "threshold") return aboutThreshold(data, made, after);
  if (by === "price") return aboutFormula(made, after);
  if (by === "temperature" && after.temperature !== before.temperature) {
    const was = measure(data, before.temperature);
    const verb = after.temperature > before.temperature ? "Raising" : "Lowering";
    return (
      `${verb} the temperature from ${num(before.temperature)} to ${num(after.temperature)} moved the mean sureness from ` +
      `${num(was.mean)} to ${num(made.mean)}, ECE from ${num(was.ece)} to ${num(made.ece)}, log loss from ${num(was.loss)} to ` +
      `${num(made.loss)}. Right answers stay at ${num(made.accuracy)}. ${aboutFormula(made, after)}`
    );
  }
  const side = made.mean > made.accuracy ? "surer than it is right" : "less sure than it is right";
  return `At the temperature ${num(after.temperature)} the model is ${side}: sure ${num(made.mean)}, right ${num(made.accuracy)}. ${aboutFormula(made, after)}`;
}

/** What the reliability diagram shows, for who does not see it. */
export function diagram(made) {
  const told = made.bins.flatMap((bin, b) => (bin.n ? [`${b * 10} to ${b * 10 + 10} percent: promised ${num(bin.promised)}, kept ${num(bin.kept)}, ${bin.n} answers`] : []));
  return `Reliability diagram, ECE ${num(made.ece)}. ${told.join("; ")}.`;
}

/** What the curve of costs shows. */
export function curve(made, now) {
  const n = made.sure.length;
  const price = Number(now.price);
  const { paid, cheapest } = bills(made, price);
  return (
    `Costs of 100 rows for thresholds from 0 to 0.99: ${per100(paid[0], n)} errors if it always answers, ${per100(paid[now.threshold], n)} at ` +
    `${written(now.threshold)}, least at ${written(cheapest)} with ${per100(paid[cheapest], n)}. The formula's threshold is ${written(100 - price)}.`
  );
}

export default playground((pg) => {
  const { data } = pg;
  const n = data.truth.length;
  const known = new Map();
  const of = (temperature) => {
    if (!known.has(temperature)) known.set(temperature, measure(data, temperature));
    return known.get(temperature);
  };
  const heat = slider({
    label: "Temperature",
    stops: data.stops,
    value: pg.value.temperature,
    move: (temperature) => pg.set({ temperature }, "temperature"),
  });
  const bar = slider({
    label: "Answer from",
    min: 0,
    max: 99,
    step: 1,
    value: pg.value.threshold,
    write: written,
    move: (threshold) => pg.set({ threshold }, "threshold"),
  });
  const ask = choice({
    label: "Asking costs, as a part of an error",
    choices: data.prices.map((p) => ({ value: String(p), text: `${p} %` })),
    value: pg.value.price,
    move: (price) => pg.set({ price }, "price"),
  });

  const square = plot({ x: { label: "promised: how sure", min: 0, max: 1 }, y: { label: "kept: share right", min: 0, max: 1 }, width: 340, height: 300 });
  square.line([[0, 0], [1, 1]], { colour: "purple", dash: "2 4" });
  const joined = square.line([], { colour: "blue" });
  const points = square.marks([], { mark: "circle", colour: "blue", size: 5 });
  const few = square.marks([], { mark: "cross", colour: "blue", size: 5 });
  const most = Math.ceil(Math.max(1 - of(1).accuracy, Math.max(...data.prices) / 100) * 10) * 10;
  const costs = plot({ x: { label: "threshold: answer from", min: 0, max: 1 }, y: { label: "cost of 100 rows, in errors", min: 0, max: most }, width: 340, height: 300 });
  const paidLine = costs.line([], { colour: "orange" });
  const here = costs.rule({ x: pg.value.threshold / 100 });
  const formulaMark = costs.marks([], { mark: "diamond", colour: "purple", size: 6 });
  const cheapMark = costs.marks([], { mark: "triangle", colour: "green", size: 6 });
  const sign = (colour, mark, words) => [node("span", { style: `color: var(--mlc-${colour})`, "aria-hidden": "true", text: `${mark} ` }), `${words}   `];
  const key = node("p", {}, ...sign("green", "▲", "cheapest threshold on these rows"), ...sign("purple", "◆", "the formula's threshold"), ...sign("blue", "●", "answers of about the same sureness"), ...sign("blue", "×", `fewer than ${FEW} of them`), ...sign("purple", "⋯", "as sure as right"));
  key.style.whiteSpace = "pre-wrap";

  const cells = (count) => Array.from({ length: count }, () => text("", "mlc-number"));
  const scores = [cells(5), cells(5)];
  const heading = text("now");
  const table = grid({
    caption: "The scores",
    head: ["temperature", "right", "mean sureness", "ECE", "Brier", "log loss"],
    rows: [["1.00", ...scores[0]], [heading, ...scores[1]]],
    numeric: [1, 2, 3, 4, 5],
    stacks: true,
  });
  const decisions = [cells(4), cells(4)];
  const headings = [text("1.00"), text("now")];
  const decided = grid({
    caption: "The decision at this threshold",
    head: ["temperature", "answered", "right of these", "promised cost", "paid cost"],
    rows: [[headings[0], ...decisions[0]], [headings[1], ...decisions[1]]],
    numeric: [1, 2, 3, 4],
    stacks: true,
  });
  for (const one of [heat, bar]) one.root.style.flex = "1 1 18em";
  for (const one of [square, costs]) one.root.style.flex = "1 1 18em";
  const pictures = node("div", { style: "display: flex; flex-wrap: wrap; gap: .5em 1.5em; align-items: flex-start" }, square.root, costs.root);
  pg.add(row(heat, bar), ask.root, pictures, key, table.root, decided.root);

  return (now, { before, by }) => {
    const made = of(now.temperature);
    const price = Number(now.price);
    heat.show(now.temperature);
    bar.show(now.threshold);
    ask.show(now.price);
    const place = (bin) => [bin.promised, bin.kept];
    const many = made.bins.filter((bin) => bin.n >= FEW).map(place);
    joined.show(many);
    points.show(many);
    few.show(made.bins.filter((bin) => bin.n && bin.n < FEW).map(place));
    const { paid, cheapest } = bills(made, price);
    paidLine.show(paid.map((cost, t) => [t / 100, cost / n]));
    here.show({ x: now.threshold / 100, text: written(now.threshold) });
    const formula = 100 - price;
    formulaMark.show([[formula / 100, paid[formula] / n]]);
    cheapMark.show([[cheapest / 100, paid[cheapest] / n]]);
    for (const one of [heading, headings[1]]) one.show(`now: ${num(now.temperature)}`);
    [of(1), made].forEach((one, i) => {
      [one.accuracy, one.mean, one.ece, one.brier, one.loss].forEach((v, j) => scores[i][j].show(num(v)));
      const then = at(one, now.threshold, price);
      const shares = [percent(then.answered / n), then.answered ? percent((then.answered - then.wrong) / then.answered) : "–"];
      [...shares, per100(then.promised, n), per100(then.paid, n)].forEach((v, j) => decisions[i][j].show(v));
    });
    square.describe(diagram(made));
    costs.describe(curve(made, now));
    pg.say(sentence(data, now, before, by), { aloud: by !== null });
  };
});
