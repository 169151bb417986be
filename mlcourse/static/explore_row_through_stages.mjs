// Chapter 03's playground: one row through fill, scale and split, in an order that leaks or in one that does not.

import { playground } from "./explore.mjs";
import { choice, grid, row, slider, text } from "./explore_controls.mjs";
import { mean } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { listed, num } from "./explore_words.mjs";

const COLUMNS = [0, 1]; // "goal" and minutes
const MINUTES = 1;
const LOW = -2;
const HIGH = 4;
const RIGHT_ORDER = "split, fill, scale";

/** The value at a share of the sorted values, with linear interpolation, like NumPy's percentile. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** What a scaler takes off and what it divides by. */
export function learnedScale(values, scaler) {
  if (scaler === "minmax") {
    const low = Math.min(...values);
    return { shift: low, width: Math.max(...values) - low };
  }
  if (scaler === "standard") {
    const shift = mean(values);
    return { shift, width: Math.sqrt(mean(values.map((v) => (v - shift) ** 2))) };
  }
  return { shift: quantile(values, 0.5), width: quantile(values, 0.75) - quantile(values, 0.25) };
}

/** What each step learned, and the table after it. */
export function followed({ order, scaler, book }, { rows, held, bookRow, orders }) {
  const steps = orders[order];
  const every = rows.map((_, i) => i);
  const trained = every.filter((i) => !held.includes(i));
  const from = (step) => (steps.indexOf("split") < steps.indexOf(step) ? trained : every);
  const raw = rows.map((line, i) => (i === bookRow ? [line[0], book] : [...line]));
  const medians = COLUMNS.map((j) => quantile(from("fill").map((i) => raw[i][j]).filter((v) => v !== null), 0.5));
  const filled = raw.map((line) => line.map((v, j) => v ?? medians[j]));
  const scales = COLUMNS.map((j) => learnedScale(from("scale").map((i) => filled[i][j]), scaler));
  const scaled = filled.map((line) => line.map((v, j) => (v - scales[j].shift) / scales[j].width));
  const minutes = trained.map((i) => scaled[i][MINUTES]);
  return {
    raw,
    medians,
    filled,
    scaled,
    shift: scales.map((s) => s.shift),
    width: scales.map((s) => s.width),
    seen: { fill: from("fill").length, scale: from("scale").length },
    leaks: ["fill", "scale"].filter((step) => from(step).length === rows.length),
    span: Math.max(...minutes) - Math.min(...minutes),
  };
}

/** By how much the training rows' scaled minutes differ at most from those of the right order. */
export function moved(mine, right, held) {
  return Math.max(...mine.scaled.map((line, i) => (held.includes(i) ? 0 : Math.abs(line[MINUTES] - right.scaled[i][MINUTES]))));
}

function verdict(mine, right, { rows, held }) {
  if (!mine.leaks.length) return `No leak: fill and scale learned from the ${rows.length - held.length} training rows alone.`;
  const who = mine.leaks.length > 1 ? "fill and scale" : mine.leaks[0];
  return (
    `Leak: ${who} learned from all ${rows.length} rows, ${held.length} of them held back. It moved the training rows' scaled minutes ` +
    `by up to ${num(moved(mine, right, held))}; they now span ${num(mine.span)} instead of ${num(right.span)}.`
  );
}

/** One sentence or two about what the student's last gesture did. */
export function sentence(data, now, before, by) {
  const mine = followed(now, data);
  const right = followed({ ...now, order: RIGHT_ORDER }, data);
  const told = verdict(mine, right, data);
  if (by === "book" && now.book !== before.book) {
    const was = followed(before, data);
    const pushed = moved(mine, was, data.held);
    const what = pushed < 0.005 ? "did not move" : `moved by up to ${num(pushed)}`;
    return `The book went from ${before.book} to ${now.book} minutes, and the training rows' scaled minutes ${what}. ${told}`;
  }
  if (by === "row" && now.row !== before.row) {
    const i = now.row - 1;
    const side = data.held.includes(i) ? "is held back" : "is a training row";
    const came = mine.raw[i][MINUTES] === null ? "came with a gap" : `came with ${mine.raw[i][MINUTES]} minutes`;
    return `Row ${now.row} ${side}. It ${came} and leaves with ${num(mine.scaled[i][MINUTES])}; in the right order with ${num(right.scaled[i][MINUTES])}.`;
  }
  if (by === "scaler" && now.scaler !== before.scaler) return `The ${data.scalers[now.scaler]} scaler. ${told}`;
  return told;
}

const LEARNED = {
  minmax: ["smallest", "range"],
  standard: ["mean", "deviation"],
  robust: ["median", "middle half"],
};

function stages(now, mine, data) {
  const i = now.row - 1;
  const { rows, held } = data;
  const seen = (n) => (n === rows.length ? `all ${n} rows, ${held.length} of them held back: leak` : `the ${n} training rows`);
  const value = (v, digits) => (v === null ? "gap" : num(v, digits));
  let at = mine.raw[i];
  let digits = 0;
  const lines = [["raw data", "–", "–", value(at[0], 0), value(at[1], 0)]];
  for (const step of data.orders[now.order]) {
    if (step === "split") {
      lines.push(["split", "nothing", held.includes(i) ? "this row is held back" : "this row trains", value(at[0], digits), value(at[1], digits)]);
      continue;
    }
    digits = 2;
    at = (step === "fill" ? mine.filled : mine.scaled)[i];
    const [a, b] = LEARNED[now.scaler];
    const what = step === "fill" ? `median ${num(mine.medians[MINUTES])}` : `${a} ${num(mine.shift[MINUTES])}, ${b} ${num(mine.width[MINUTES])}`;
    lines.push([step, seen(mine.seen[step]), what, value(at[0], 2), value(at[1], 2)]);
  }
  return lines;
}

export default playground((pg) => {
  const data = pg.data;
  const { rows, held, orders, scalers, lengths } = data;
  const order = choice({
    label: "Order of the steps",
    value: pg.value.order,
    choices: Object.keys(orders).map((name) => ({ value: name, text: name })),
    move: (v) => pg.set({ order: v }, "order"),
  });
  const scaler = choice({
    label: "Scaler",
    value: pg.value.scaler,
    choices: Object.entries(scalers).map(([name, words]) => ({ value: name, text: words })),
    move: (v) => pg.set({ scaler: v }, "scaler"),
  });
  const follow = slider({
    label: "Follow row",
    min: 1,
    max: rows.length,
    step: 1,
    value: pg.value.row,
    write: (v) => `${v}${held.includes(v - 1) ? " (held back)" : ""}`,
    move: (v) => pg.set({ row: v }, "row"),
  });
  const book = slider({
    label: `Minutes of row ${data.bookRow + 1}, the book`,
    stops: lengths,
    value: pg.value.book,
    write: (v) => `${v}`,
    move: (v) => pg.set({ book: v }, "book"),
  });
  const cells = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => text()));
  const table = grid({
    caption: "The row, stage by stage",
    head: ["stage", "learned from", "what it learned about minutes", "“goal”", "minutes"],
    rows: cells,
    numeric: [3, 4],
  });
  const picture = plot({
    x: { label: "row (8 to 10 are held back)", min: 0.5, max: rows.length + 0.5, ticks: rows.map((_, i) => i + 1), digits: 0 },
    y: { label: "scaled minutes", min: LOW, max: HIGH, ticks: [-2, -1, 0, 1, 2, 3, 4], digits: 0 },
    height: 240,
  });
  picture.rule({ x: rows.length - held.length + 0.5 });
  const places = (flow) => flow.scaled.map((line, i) => [i + 1, Math.min(Math.max(line[MINUTES], LOW), HIGH)]);
  const crosses = picture.marks([], { mark: "cross", colour: "orange", size: 6 });
  const dots = picture.marks([], { mark: "circle", colour: "blue", size: 4 });
  const ring = picture.rule({ x: pg.value.row }, { dash: "2 4" });
  const legend = text("● your order   ✕ split, fill, scale   ┊ the row you follow. Values above 4 are drawn at 4.");
  pg.add(order.root, scaler.root, row(follow, book), table.root, picture.root, legend.root);

  return (now, { before, by }) => {
    const mine = followed(now, data);
    const right = followed({ ...now, order: RIGHT_ORDER }, data);
    order.show(now.order);
    scaler.show(now.scaler);
    follow.show(now.row);
    book.show(now.book);
    stages(now, mine, data).forEach((line, i) => line.forEach((words, j) => cells[i][j].show(words)));
    dots.show(places(mine));
    crosses.show(places(right));
    ring.show({ x: now.row });
    const all = (flow) => listed(flow.scaled.map((line) => num(line[MINUTES])));
    picture.describe(`Scaled minutes of rows 1 to ${rows.length}. Your order: ${all(mine)}. Split, fill, scale: ${all(right)}.`);
    pg.say(sentence(data, now, before, by), { aloud: by !== null });
  };
});
