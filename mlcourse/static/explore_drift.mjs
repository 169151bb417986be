// Chapter 14's playground: spoil a year of items, and see which alarm fires and which one stays silent.

import { playground } from "./explore.mjs";
import { choice, grid, row, slider, text } from "./explore_controls.mjs";
import { mean, seeded, total } from "./explore_math.mjs";
import { look, plot } from "./explore_plot.mjs";
import { listed, num, signed } from "./explore_words.mjs";

const SIGNS = { circle: "●", square: "■", triangle: "▲", diamond: "◆" };
const KEYS = ["psi", "ks", "called", "right"];

/** The shine and the truth (1: plastic) of n items; see items() in _drift.py. */
export function items(data, seed, n, { shift = 0, scale = 1, share = data.share, concept = 0 } = {}) {
  const next = seeded(seed);
  const shine = new Float64Array(n);
  const truth = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const plastic = next() < share;
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const noise = radius * Math.cos(2 * Math.PI * next());
    const keeps = next() >= concept;
    shine[i] = scale * ((plastic ? data.centre : -data.centre) + noise) + shift;
    truth[i] = plastic && keeps ? 1 : 0;
  }
  return { shine, truth };
}

/** The value below which a share of the sorted values lies, between two of them in proportion, like NumPy. */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}

/** How many of the sorted values lie at or below v. */
function below(sorted, v) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= v) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Population stability index; the bins hold equal parts of the (sorted) reference. */
export function psi(reference, values, bins, epsilon) {
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantile(reference, (i + 1) / bins));
  const shares = (heap) => {
    const many = new Array(bins).fill(0);
    heap.forEach((v) => (many[below(edges, v)] += 1));
    return many.map((n) => Math.max(n / heap.length, epsilon));
  };
  const p = shares(reference);
  return total(shares(values).map((q, i) => (q - p[i]) * Math.log(q / p[i])));
}

/** The largest gap between the shares of two sorted heaps that lie at or below a value. */
export function ks(a, b) {
  const gap = (v) => Math.abs(below(a, v) / a.length - below(b, v) / b.length);
  let largest = 0;
  for (const heap of [a, b]) heap.forEach((v) => (largest = Math.max(largest, gap(v))));
  return largest;
}

/** For each month the four figures and the alarms that ring; and the same figures of the reference. */
export function year(data, now) {
  const size = Number(now.size);
  const border = Math.log((1 - data.share) / data.share) / (2 * data.centre);
  const shares = ({ shine, truth }) => ({
    called: mean(Array.from(shine, (v) => (v > border ? 1 : 0))),
    right: mean(Array.from(shine, (v, i) => ((v > border ? 1 : 0) === truth[i] ? 1 : 0))),
  });
  const known = items(data, data.seed, data.reference);
  const usual = shares(known);
  const sorted = Float64Array.from(known.shine).sort();
  const noise = 1 / size + 1 / data.reference;
  const far = (v) => data.deviations * Math.sqrt(v * (1 - v) * noise);
  const months = data.strength.map((part, i) => {
    const drawn = items(data, data.seed + i + 1, size, {
      shift: part * now.shift,
      scale: 1 + part * (now.scale - 1),
      share: data.share + part * (now.share - data.share),
      concept: part * now.concept,
    });
    const values = Float64Array.from(drawn.shine).sort();
    const made = { psi: psi(sorted, values, data.bins, data.epsilon), ks: ks(sorted, values), ...shares(drawn) };
    const rings = {
      psi: made.psi > data.limit,
      ks: made.ks > data.factor * Math.sqrt(noise),
      called: Math.abs(made.called - usual.called) > far(usual.called),
      right: usual.right - made.right > far(usual.right),
    };
    return { ...made, rings: KEYS.filter((key) => rings[key]) };
  });
  return { usual, months };
}

/** Months as spans: 3, 5 to 12. */
export function spans(months) {
  const runs = [];
  for (const month of months) {
    if (runs.length && month === runs.at(-1).at(-1) + 1) runs.at(-1).push(month);
    else runs.push([month]);
  }
  return runs.map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]} to ${run.at(-1)}`)).join(", ");
}

const ringing = (months, key) => months.flatMap((month, i) => (month.rings.includes(key) ? [i + 1] : []));

/** What the student has changed, in words. */
export function changes(data, now) {
  const percent = (v) => `${Math.round(100 * v)} %`;
  const made = [];
  if (now.shift !== 0) made.push(`shine ${signed(now.shift)}`);
  if (now.scale !== 1) made.push(`shine times ${num(now.scale)}`);
  if (now.share !== data.share) made.push(`${percent(now.share)} plastic instead of ${percent(data.share)}`);
  if (now.concept !== 0) made.push(`${percent(now.concept)} of the plastic belongs with the paper`);
  return made;
}

/** Two or three sentences: what has changed, which alarms ring, and what it means. */
export function sentence(data, now, { usual, months }) {
  const made = changes(data, now);
  const last = months.at(-1);
  const accuracy = `In month 12 ${num(last.right)} are right, ${num(usual.right)} in the reference.`;
  const blind = ["psi", "ks", "called"];
  const short = { psi: "PSI", ks: "KS", called: "the decisions" };
  const late = (key) => ringing(months, key).filter((m) => m >= 8).length; // of five months
  const named = (keys) => `${listed(keys.map((key) => short[key]))} ${keys.length > 1 || keys[0] === "called" ? "ring" : "rings"}`;
  const heard = blind.filter((key) => late(key) >= 3);
  const seldom = blind.filter((key) => late(key) > 0);
  const early = KEYS.flatMap((key) => ringing(months, key)).filter((m) => m < 5 || !made.length);
  const before = [...new Set(early)].sort((a, b) => a - b);
  const chance = before.length ? ` A false alarm in month ${spans(before)}.` : "";
  if (!made.length) return `Nothing has changed.${before.length ? chance : " All alarms are silent."} ${accuracy}`;
  const hurts = late("right") >= 3;
  const since = heard.every((key) => late(key) === 5) ? "From month 8 on" : "In most months from 8 on";
  let alarms = "All three alarms without the truth stay silent.";
  if (heard.length) alarms = `${since}, ${named(heard)}.`;
  else if (seldom.length) alarms = `From month 8 on, ${named(seldom)} now and then only.`;
  let meaning = hurts ? "Only the truth notices the damage." : "And no damage shows.";
  if (heard.length) meaning = hurts ? "An alarm that is worth its money." : "An alarm, and no damage shows.";
  else if (hurts && seldom.length) meaning = "The truth notices the damage; the others hardly do.";
  return `${listed(made)}. ${alarms} ${accuracy} ${meaning}${chance}`.replace(/^./, (c) => c.toUpperCase());
}

/** What the picture shows, in words. */
export function picture(data, { months }) {
  const parts = KEYS.map((key) => `${data.names[key]} ${num(months[3][key])} in month 4 and ${num(months.at(-1)[key])} in month 12`);
  return `Four curves over twelve months, cut off at 1: ${parts.join("; ")}.`;
}

export default playground((pg) => {
  const { data } = pg;
  const percent = (v) => `${Math.round(100 * v)}\u00a0%`;
  const made = (key, label, write) =>
    slider({ label, stops: data.stops[key], value: pg.value[key], write, move: (v) => pg.set({ [key]: v }, key) });
  const sliders = {
    shift: made("shift", "Shift of the shine", (v) => signed(v)),
    scale: made("scale", "Shine multiplied by", (v) => num(v)),
    share: made("share", "Share of plastic", percent),
    concept: made("concept", "New rule: plastic that belongs with the paper", percent),
  };
  // "+1.00" stays in one piece.
  Object.values(sliders).forEach(({ root }) => (root.querySelector(".mlc-value").style.whiteSpace = "nowrap"));
  const size = choice({
    label: "Items a month",
    choices: data.sizes.map((n) => ({ value: String(n), text: String(n) })),
    value: pg.value.size,
    move: (v) => pg.set({ size: v }, "size"),
  });
  const start = KEYS.map(() => text("", "mlc-number"));
  const end = KEYS.map(() => text("", "mlc-number"));
  const when = KEYS.map(() => text());
  const table = grid({
    caption: "Four alarms",
    head: ["alarm", "month 4", "month 12", "rings in"],
    numeric: [1, 2],
    rows: KEYS.map((key, k) => [`${SIGNS[look(k).mark]} ${data.names[key]}`, start[k], end[k], when[k]]),
    stacks: true,
  });
  const area = plot({
    x: { label: "month", min: 0.5, max: 12.5, ticks: Array.from({ length: 12 }, (_, i) => i + 1), digits: 0 },
    y: { label: "PSI, KS and shares", min: 0, max: 1 },
    width: 460,
    height: 330,
  });
  area.rule({ y: data.limit, text: "PSI rings above 0.25" });
  const lines = KEYS.map((_, k) => ({ line: area.line([], look(k)), marks: area.marks([], { ...look(k), size: 4 }) }));
  for (const { root } of Object.values(sliders)) root.style.flex = "1 1 20em";
  pg.add(row(sliders.shift, sliders.scale), row(sliders.share, sliders.concept), row(size), area.root, table.root);

  return (now, { by }) => {
    const all = year(data, now);
    Object.entries(sliders).forEach(([key, one]) => one.show(now[key]));
    size.show(now.size);
    KEYS.forEach((key, k) => {
      const points = all.months.map((month, i) => [i + 1, Math.min(month[key], 1)]);
      lines[k].line.show(points);
      lines[k].marks.show(points);
      start[k].show(num(all.months[3][key]));
      end[k].show(num(all.months.at(-1)[key]));
      const rung = ringing(all.months, key);
      when[k].show(rung.length ? `▲ ${spans(rung)}` : "silent");
    });
    area.describe(picture(data, all));
    pg.say(sentence(data, now, all), { aloud: by !== null });
  };
});
