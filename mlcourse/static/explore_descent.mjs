// Chapter 06's playground: softmax regression trained here in the page, its path on the loss and its curve.

import { node } from "./element.mjs";
import { playground } from "./explore.mjs";
import { choice, row, slider } from "./explore_controls.mjs";
import { softmax } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { stepButtons } from "./explore_steps.mjs";
import { counted, num } from "./explore_words.mjs";

/** The rows as they are fed: without scaling the second sensor's numbers are larger. */
export function inputs({ X, unscaled }, scaling) {
  return scaling === "on" ? X : X.map(([a, b]) => [a, b * unscaled]);
}

/** The mean cross-entropy of rows, where the weights' difference is `u`: softmax of two logits whose difference is x·u. */
export function lossAt(X, y, u) {
  let sum = 0;
  for (let i = 0; i < X.length; i++) {
    const z = X[i][0] * u[0] + X[i][1] * u[1];
    const wrong = y[i] ? -z : z;
    sum += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
  }
  return sum / X.length;
}

/** Train: four weights (a row a sensor, a column a material), one step a batch. Return path, losses and steps an epoch. */
export function train(data, { rate, batch, scaling, begin, steps }) {
  const X = inputs(data, scaling);
  const { y, orders } = data;
  const size = Number(batch);
  const perEpoch = Math.ceil(X.length / size);
  const W = begin.map((d) => [-d / 2, d / 2]);
  const difference = () => W.map(([metal, paper]) => paper - metal);
  const path = [difference()];
  const losses = [lossAt(X, y, path[0])];
  for (let step = 0; step < steps; step++) {
    const order = orders[Math.floor(step / perEpoch) % orders.length];
    const first = (step % perEpoch) * size;
    const chosen = order.slice(first, first + size);
    const slope = [[0, 0], [0, 0]];
    for (const i of chosen) {
      const logits = [0, 1].map((k) => X[i][0] * W[0][k] + X[i][1] * W[1][k]);
      const p = softmax(logits);
      for (const k of [0, 1]) {
        const error = p[k] - (y[i] === k ? 1 : 0);
        for (const j of [0, 1]) slope[j][k] += (X[i][j] * error) / chosen.length;
      }
    }
    for (const j of [0, 1]) for (const k of [0, 1]) W[j][k] -= rate * slope[j][k];
    path.push(difference());
    losses.push(lossAt(X, y, path.at(-1)));
  }
  return { path, losses, perEpoch };
}

/** What the last steps did, by the losses as they are written: one of a few verdicts. */
export function verdict(losses, lowest, perEpoch = 1) {
  const now = losses.at(-1);
  if (losses.length < 2) return "No step yet.";
  const last = losses.slice(-16);
  const rises = last.slice(1).filter((v, i) => v > last[i] + 0.005).length;
  const span = Math.max(...last) - Math.min(...last);
  if (now > losses[0] + 0.05) return "Higher than where it began: the steps are too long.";
  if (rises >= 2 && span > 0.05) {
    return perEpoch === 1
      ? "It jumps up and down: the steps are too long to settle."
      : "It jumps up and down: such steps, on so few rows, never settle.";
  }
  if (now < lowest + 0.01) return "It has arrived at the bottom.";
  if (now < lowest + 0.05) return "Close to the bottom.";
  if (losses[losses.length - 2] - now < 0.005) return "It creeps: the steps are short, or the ground is flat here.";
  return "Still going down.";
}

/** How often the path crossed the line through the bottom along the second weight: the zigzag. */
export function crossings(path, bottom) {
  const side = path.map(([, b]) => Math.sign(b - bottom[1])).filter((s) => s !== 0);
  return side.slice(1).filter((s, i) => s !== side[i]).length;
}

export function sentence(now, { path, losses, perEpoch }, bottom, lowest) {
  const done = now.steps;
  const epochs = done / perEpoch;
  const seen = done === 0 ? "" : perEpoch === 1 ? `, each over all rows` : `, ${num(epochs, 1)} epochs`;
  const zigzag = crossings(path, bottom);
  const across = zigzag > 1 && perEpoch === 1 ? ` The path crossed the valley ${zigzag} times.` : "";
  return `${counted(done, "step")}${seen}: loss ${num(losses.at(-1))}, began at ${num(losses[0])}, lowest possible ${num(lowest)}. ${verdict(losses, lowest, perEpoch)}${across}`;
}

const LEVELS = [0.29, 0.31, 0.35, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3, 5];

/** The map: the band of each cell, rows from the top; cells as fine as the valley needs. */
export function map(X, y, [left, right], [low, high], columns = 56, lines = 56) {
  const band = (v) => LEVELS.filter((level) => v > level).length;
  return Array.from({ length: lines }, (_, i) =>
    Array.from({ length: columns }, (_, j) =>
      band(lossAt(X, y, [left + ((j + 0.5) / columns) * (right - left), high - ((i + 0.5) / lines) * (high - low)])),
    ),
  );
}

export default playground((pg) => {
  const { data } = pg;
  const [left, right] = data.across;
  const [low, high] = data.up;
  const top = 2;
  const lossMap = plot({
    x: { label: "weight of sensor_08 (paper minus metal)", min: left, max: right },
    y: { label: "weight of sensor_09", min: low, max: high },
    width: 420,
    height: 400,
  });
  // Mixed with the page's own ground, not with transparency: where two cells overlap nothing shows.
  const colour = (band) =>
    `color-mix(in srgb, var(--mlc-blue) ${Math.round((band / LEVELS.length) * 75)}%, var(--jp-layout-color0, Canvas))`;
  const ground = lossMap.cells([[0]], colour);
  const way = lossMap.line([], { colour: "orange" });
  const dots = lossMap.marks([], { mark: "circle", colour: "orange", size: 2.5 });
  const goal = lossMap.marks([], { mark: "cross", colour: "green", size: 6, label: () => "lowest" });
  const begin = lossMap.handle({
    label: "Start of the path",
    at: pg.value.begin,
    step: 0.25,
    stepY: 0.25,
    sign: "S",
    colour: "orange",
    say: ([a, b]) => `sensor_08 ${num(a)}, sensor_09 ${num(b)}`,
    move: (place) => pg.set({ begin: place }, "start"),
  });
  const curve = plot({
    x: { label: "step", min: 0, max: data.most },
    y: { label: "loss of all rows", min: 0, max: top, digits: 1 },
    width: 420,
    height: 400,
  });
  const floor = curve.rule({ y: 0 }, { dash: "2 4" }); // the lowest loss there is
  const line = curve.line([], { colour: "orange" });
  const last = curve.marks([], { mark: "circle", colour: "orange", size: 4 });

  const rate = slider({
    label: "Learning rate",
    stops: data.rates,
    value: pg.value.rate,
    write: (v) => String(v),
    move: (v) => pg.set({ rate: v }, "rate"),
  });
  const batch = choice({
    label: "Rows in a batch",
    choices: data.batches.map((b) => ({ value: b, text: Number(b) === data.y.length ? `all ${b}` : b })),
    value: pg.value.batch,
    move: (v) => pg.set({ batch: v }, "batch"),
  });
  const scaling = choice({
    label: "Scale both sensors",
    choices: [
      { value: "on", text: "yes" },
      { value: "off", text: `no, sensor_09 is ${data.unscaled} times as large` },
    ],
    value: pg.value.scaling,
    move: (v) => pg.set({ scaling: v }, "scaling"),
  });

  const steps = stepButtons(pg, { most: data.most, jumps: [1, 10], stride: 1 });
  rate.root.querySelector("label").style.whiteSpace = "nowrap";
  for (const { root } of [lossMap, curve]) root.style.flex = "1 1 20em";
  const pictures = node("div", { style: "display: flex; flex-wrap: wrap; gap: .5em 1.5em" }, lossMap.root, curve.root);
  pg.add(row(rate, batch, scaling), row(...steps.buttons), pictures);

  let drawn = null;
  return (now, { by }) => {
    const X = inputs(data, now.scaling);
    if (drawn !== now.scaling) {
      ground.show(map(X, data.y, data.across, data.up));
      drawn = now.scaling;
    }
    const bottom = now.scaling === "on" ? data.bottom : [data.bottom[0], data.bottom[1] / data.unscaled];
    const lowest = lossAt(X, data.y, bottom);
    const made = train(data, now);
    const inside = made.path.filter(([a, b]) => a >= left && a <= right && b >= low && b <= high);
    way.show(made.path);
    dots.show(inside);
    goal.show([bottom]);
    begin.show(now.begin);
    floor.show({ y: lowest });
    line.show(made.losses.map((v, i) => [i, Math.min(v, top * 1.2)]));
    last.show(made.losses.at(-1) <= top ? [[now.steps, made.losses.at(-1)]] : []);
    rate.show(now.rate);
    batch.show(now.batch);
    scaling.show(now.scaling);
    steps.show(now.steps);
    const said = sentence(now, made, bottom, lowest);
    const [a, b] = made.path.at(-1);
    lossMap.describe(
      `Map of the loss. The path starts at (${num(now.begin[0])}, ${num(now.begin[1])}) and is at (${num(a)}, ${num(b)}) ` +
        `after ${counted(now.steps, "step")}; the lowest place is (${num(bottom[0])}, ${num(bottom[1])}). ` +
        `${made.path.length - inside.length} of its places lie outside the map.`,
    );
    const highest = Math.max(...made.losses);
    curve.describe(`Curve of the loss: ${num(made.losses[0])} at the start, ${num(made.losses.at(-1))} now, ${num(highest)} at its highest.`);
    pg.say(said, { aloud: by !== null && !steps.running() });
  };
});
