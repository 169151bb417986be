// Lesson 15's playground: draw rows with replacement, and see how far a score could move.

import { playground } from "./explore.mjs";
import { button, grid, row, slider, text } from "./explore_controls.mjs";
import { plot } from "./explore_plot.mjs";
import { counted } from "./explore_words.mjs";

/** Numbers from 0 to 1, the same as Python's: mulberry32. */
export function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How many of the rows are right. */
export const rightOf = ({ rows, percent }) => Math.floor((rows * percent + 50) / 100);

/** The number of right answers in each resample. */
export function resampled({ rows, percent, resamples, draw }) {
  const next = chances(draw);
  const right = rightOf({ rows, percent });
  return Array.from({ length: resamples }, () => {
    let hits = 0;
    for (let i = 0; i < rows; i++) if (Math.floor(next() * rows) < right) hits += 1;
    return hits;
  });
}

/** The place below which a share of the values lies, between two values if need be, like NumPy. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** The score, the middle 95 % of the resampled scores, and four standard errors by the formula. */
export function measure(now) {
  const hits = resampled(now);
  const right = rightOf(now);
  const score = right / now.rows;
  const [low, high] = [0.025, 0.975].map((share) => quantile(hits, share) / now.rows);
  return { hits, right, score, low, high, formula: 4 * Math.sqrt((score * (1 - score)) / now.rows) };
}

const whole = (share) => `${Math.floor(100 * share + 0.5)} %`;
const points = (share) => counted(Math.floor(100 * share + 0.5), "point");

/** How many resamples fall into each bin of the picture; the last one takes 100 %. */
export function histogram(hits, rows, bins) {
  const made = Array.from({ length: bins }, () => 0);
  hits.forEach((h) => (made[Math.min(Math.floor((h / rows) * bins), bins - 1)] += 1));
  return made;
}

/** One sentence about what is seen. */
export function sentence(now, made, before, by) {
  const spread =
    now.resamples === 1
      ? `One resample: ${whole(made.low)} right. One alone has no spread.`
      : `${now.resamples} resamples: the middle 95 % reach from ${whole(made.low)} to ${whole(made.high)}, ${points(made.high - made.low)} wide.`;
  const known = `${made.right} of ${now.rows} rows right, ${whole(made.score)}. `;
  if (by === "rows" && before.rows !== now.rows && now.resamples > 1) {
    const was = measure(before);
    return `${known}${spread} With ${before.rows} rows it was ${points(was.high - was.low)}.`;
  }
  if (by === "draw") return `Drawn anew. ${spread}`;
  return known + spread;
}

/** What the picture shows, for who does not see it. */
export function picture(now, made, bins) {
  const heights = histogram(made.hits, now.rows, bins);
  const top = heights.indexOf(Math.max(...heights));
  const place = `${Math.floor((100 * top) / bins)} to ${Math.floor((100 * (top + 1)) / bins)} %`;
  return (
    `How often each score came, in ${counted(now.resamples, "resample")} of ${now.rows} rows. Most often ${place}. ` +
    `Two lines mark the middle 95 %, at ${whole(made.low)} and ${whole(made.high)}.`
  );
}

/** The outline of the bars: up, along, down. */
export function outline(heights) {
  const most = Math.max(...heights, 1);
  return heights.flatMap((h, i) => [[i / heights.length, h / most], [(i + 1) / heights.length, h / most]]);
}

export default playground((pg) => {
  const { data } = pg;
  const rows = slider({ label: "Test rows", stops: data.rows, value: pg.value.rows, write: String, move: (v) => pg.set({ rows: v }, "rows") });
  const percent = slider({
    label: "Right",
    min: 50,
    max: 99,
    step: 1,
    value: pg.value.percent,
    write: (v) => `${v}\u00a0%`,
    move: (v) => pg.set({ percent: v }, "percent"),
  });
  const resamples = slider({
    label: "Resamples",
    stops: data.resamples,
    value: pg.value.resamples,
    write: String,
    move: (v) => pg.set({ resamples: v }, "resamples"),
  });
  const again = button({ text: "Draw again", press: () => pg.set({ draw: (pg.value.draw % 1000) + 1 }, "draw") });
  const cells = Array.from({ length: 5 }, () => text("", "mlc-number"));
  const names = ["right", "score", "middle 95 %", "width", "four standard errors"];
  const table = grid({ caption: "The score and its interval", head: ["", "now"], rows: names.map((name, i) => [name, cells[i]]), numeric: [1] });
  const area = plot({ x: { label: "score", min: 0, max: 1 }, y: { label: "how often (highest = 1)", min: 0, max: 1 }, width: 440, height: 240 });
  const bars = area.line([], { colour: "blue" });
  const low = area.rule({ x: 0 }, { dash: "6 4" });
  const high = area.rule({ x: 1 }, { dash: "6 4" });
  area.root.style.flex = "1 1 20em";
  table.root.style.flex = "1 1 14em";
  pg.add(row(rows, percent, resamples), again.root, row(area, table));

  return (now, { before, by }) => {
    const made = measure(now);
    rows.show(now.rows);
    percent.show(now.percent);
    resamples.show(now.resamples);
    bars.show(outline(histogram(made.hits, now.rows, data.bins)));
    low.show({ x: made.low, text: "" });
    high.show({ x: made.high, text: "" });
    const written = [
      `${made.right} of ${now.rows}`,
      whole(made.score),
      now.resamples === 1 ? "–" : `${whole(made.low)} to ${whole(made.high)}`,
      now.resamples === 1 ? "–" : points(made.high - made.low),
      points(made.formula),
    ];
    written.forEach((value, i) => cells[i].show(value));
    area.describe(picture(now, made, data.bins));
    pg.say(sentence(now, made, before, by), { aloud: by !== null });
  };
});
