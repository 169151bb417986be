// Chapter 11's playground: a network with one hidden layer trained here in the page, its boundary and its curves.

import { playground } from "./explore.mjs";
import { button, choice, row, slider } from "./explore_controls.mjs";
import { mean, sigmoid, softplus } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { stepButtons } from "./explore_steps.mjs";
import { counted, num } from "./explore_words.mjs";
import { node } from "./element.mjs";

const SLOW = 0.9;
const SLOWER = 0.999;
const TINY = 1e-7;

/** The training rows: places, the labels the network is told, and which of these are wrong. */
export function trainingRows(data, { rows, wrong }) {
  const n = Number(rows);
  const lies = data.luck.slice(0, n).map((u) => u < Number(wrong));
  return { X: data.X.slice(0, n), y: data.y.slice(0, n).map((v, i) => (lies[i] ? 1 - v : v)), lies };
}

/** The network before the first step; `inner`, `bias`, `outer` as chapter 06 calls weights and biases. */
export function begin(data, units) {
  return {
    inner: data.inner.map((line) => line.slice(0, units)),
    bias: data.bias.slice(0, units),
    outer: data.outer.slice(0, units).map((v) => v / Math.sqrt(units)),
    last: 0,
  };
}

/** The logit of one place. */
export function logit({ inner, bias, outer, last }, [a, b]) {
  let z = last;
  for (let k = 0; k < bias.length; k++) z += outer[k] * Math.tanh(a * inner[0][k] + b * inner[1][k] + bias[k]);
  return z;
}

/** Mean binary cross-entropy of rows, without the penalty. */
export function lossOf(net, X, y) {
  return mean(
    X.map((x, i) => {
      const z = logit(net, x);
      return softplus(z) - y[i] * z;
    }),
  );
}

/** The slopes of the loss and of the penalty on the weights (the biases are free). */
export function slopes(net, X, y, decay) {
  const units = net.bias.length;
  const zeros = () => new Array(units).fill(0);
  const slope = { inner: [zeros(), zeros()], bias: zeros(), outer: zeros(), last: 0 };
  for (let i = 0; i < X.length; i++) {
    const [a, b] = X[i];
    const hidden = net.bias.map((c, k) => Math.tanh(a * net.inner[0][k] + b * net.inner[1][k] + c));
    const z = hidden.reduce((sum, h, k) => sum + h * net.outer[k], net.last);
    const error = (sigmoid(z) - y[i]) / X.length;
    slope.last += error;
    for (let k = 0; k < units; k++) {
      const back = error * net.outer[k] * (1 - hidden[k] ** 2);
      slope.outer[k] += error * hidden[k];
      slope.bias[k] += back;
      slope.inner[0][k] += back * a;
      slope.inner[1][k] += back * b;
    }
  }
  for (let k = 0; k < units; k++) {
    slope.outer[k] += 2 * decay * net.outer[k];
    for (const j of [0, 1]) slope.inner[j][k] += 2 * decay * net.inner[j][k];
  }
  return slope;
}

const flat = ({ inner, bias, outer, last }) => [...inner[0], ...inner[1], ...bias, ...outer, last];
const unflat = (values, units) => ({
  inner: [values.slice(0, units), values.slice(units, 2 * units)],
  bias: values.slice(2 * units, 3 * units),
  outer: values.slice(3 * units, 4 * units),
  last: values[4 * units],
});

/** Train with Adam, all rows in every step; `before`, an earlier result of the same setting, is continued. */
export function train(data, now, before = null) {
  const { X, y } = trainingRows(data, now);
  const key = [now.units, now.rows, now.wrong, now.decay].join(" ");
  let made = before?.key === key && before.losses.length <= now.steps + 1 ? before : null;
  if (!made) {
    const net = begin(data, now.units);
    const zeros = new Array(4 * now.units + 1).fill(0);
    made = { key, net, m: zeros, v: zeros, losses: [lossOf(net, X, y)], valLosses: [lossOf(net, data.X_val, data.y_val)] };
  }
  let { net, m, v } = made;
  const losses = [...made.losses];
  const valLosses = [...made.valLosses];
  for (let step = losses.length; step <= now.steps; step++) {
    const slope = flat(slopes(net, X, y, now.decay));
    m = m.map((old, i) => SLOW * old + (1 - SLOW) * slope[i]);
    v = v.map((old, i) => SLOWER * old + (1 - SLOWER) * slope[i] ** 2);
    const rate = (data.rate * Math.sqrt(1 - SLOWER ** step)) / (1 - SLOW ** step);
    net = unflat(flat(net).map((w, i) => w - (rate * m[i]) / (Math.sqrt(v[i]) + TINY)), now.units);
    losses.push(lossOf(net, X, y));
    valLosses.push(lossOf(net, data.X_val, data.y_val));
  }
  return { key, net, m, v, losses, valLosses };
}

/** The share of right answers, by the labels given. */
export function rightShare(net, X, y) {
  return mean(X.map((x, i) => (logit(net, x) >= 0 === (y[i] === 1) ? 1 : 0)));
}

/** The step with the lowest loss; of equal ones the first. */
export function lowest(losses) {
  return losses.reduce((best, v, i) => (v < losses[best] ? i : best), 0);
}

/** What the curves say by now, in one sentence. */
export function verdict({ losses, valLosses }) {
  const now = valLosses.at(-1);
  const best = lowest(valLosses);
  const rise = now - valLosses[best];
  if (losses.length < 31) return "It has hardly begun.";
  // Overfitting is a gain on the training rows that is paid for on new ones; without the gain it is another illness.
  const storing = losses.at(-1) < losses[best] - 0.03;
  if (rise > 0.1 && storing) return `It overfits: the validation loss was lowest at step ${best}, ${num(valLosses[best])}, and has risen since.`;
  if (losses.at(-1) > 0.38 && now > 0.42) return "Both losses stay high: it underfits, or it is held back too much.";
  if (rise > 0.03 && storing) return `It begins to overfit: the lowest validation loss was ${num(valLosses[best])}, at step ${best}.`;
  return "The validation loss is near the lowest that this network reaches.";
}

export function sentence(now, made, data) {
  const { X, y } = trainingRows(data, now);
  const lies = Math.round(Number(now.wrong) * 100);
  return (
    `${counted(now.units, "unit")}, ${now.rows} rows, ${lies} % of their labels wrong, ${counted(now.steps, "step")}: ` +
    `training loss ${num(made.losses.at(-1))}, validation loss ${num(made.valLosses.at(-1))}. ` +
    `Right: ${num(100 * rightShare(made.net, X, y), 0)} % of the training labels as told, ` +
    `${num(100 * rightShare(made.net, data.X_val, data.y_val), 0)} % of the validation rows. ${verdict(made)}`
  );
}

/** How sure the network is at each place of the map, in seven bands from 0 (surely circle) to 6; rows from the top. */
export function map(net, [left, right], [low, high], columns = 50, lines = 44) {
  const cuts = [0.05, 0.2, 0.35, 0.65, 0.8, 0.95];
  return Array.from({ length: lines }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const p = sigmoid(logit(net, [left + ((j + 0.5) / columns) * (right - left), high - ((i + 0.5) / lines) * (high - low)]));
      return cuts.filter((cut) => p > cut).length;
    }),
  );
}

export default playground((pg) => {
  const { data } = pg;
  const top = 1.6;
  const ground = plot({
    x: { label: "first feature", min: data.across[0], max: data.across[1] },
    y: { label: "second feature", min: data.up[0], max: data.up[1] },
    width: 420,
    height: 380,
  });
  // Mixed with the page's own ground, not with transparency: where two cells overlap nothing shows.
  const strength = [40, 28, 14, 0, 14, 28, 40];
  const colour = (band) =>
    `color-mix(in srgb, var(--mlc-${band < 3 ? "blue" : "orange"}) ${strength[band]}%, var(--jp-layout-color0, Canvas))`;
  const answers = ground.cells([[3]], colour);
  const rings = ground.marks([], { mark: "circle", colour: "purple", size: 7 });
  const circles = ground.marks([], { mark: "circle", colour: "blue", size: 3.5 });
  const squares = ground.marks([], { mark: "square", colour: "orange", size: 3.5 });
  const curve = plot({
    x: { label: "step", min: 0, max: data.most },
    y: { label: "loss", min: 0, max: top, digits: 1 },
    width: 420,
    height: 380,
  });
  const best = curve.rule({ x: 0 }, { dash: "2 4" });
  const training = curve.line([], { colour: "blue" });
  const validation = curve.line([], { colour: "orange", dash: "8 4" });
  const ends = curve.marks([], { mark: "circle", colour: "purple", size: 2.5, label: (i) => ["training", "validation"][i] });

  const units = slider({
    label: "Hidden units",
    stops: data.units,
    value: pg.value.units,
    write: (v) => String(v),
    move: (v) => pg.set({ units: v }, "units"),
  });
  const decay = slider({
    label: "Weight decay",
    stops: data.decays,
    value: pg.value.decay,
    write: (v) => String(v),
    move: (v) => pg.set({ decay: v }, "decay"),
  });
  const rows = choice({
    label: "Training rows",
    choices: data.rows.map((n) => ({ value: n, text: n })),
    value: pg.value.rows,
    move: (v) => pg.set({ rows: v }, "rows"),
  });
  const wrong = choice({
    label: "Wrong training labels",
    choices: data.wrongs.map((share) => ({ value: share, text: `${Math.round(share * 100)} %` })),
    value: pg.value.wrong,
    move: (v) => pg.set({ wrong: v }, "wrong"),
  });

  const steps = stepButtons(pg, { most: data.most, jumps: [10, 100], stride: 5 });
  const toBest = button({
    text: "To the lowest validation loss",
    press: () => {
      steps.halt();
      pg.set({ steps: lowest(train(data, { ...pg.value, steps: data.most }, drawn).valLosses) }, "steps");
    },
  });
  for (const { root } of [units, decay]) root.querySelector("label").style.whiteSpace = "nowrap";
  for (const { root } of [ground, curve]) root.style.flex = "1 1 20em";
  const pictures = node("div", { style: "display: flex; flex-wrap: wrap; gap: .5em 1.5em" }, ground.root, curve.root);
  pg.add(row(units, decay), row(node("div", {}, rows.root), node("div", {}, wrong.root)), row(...steps.buttons, toBest), pictures);

  let drawn = null;
  return (now, { by }) => {
    drawn = train(data, now, drawn);
    const { X, y, lies } = trainingRows(data, now);
    answers.show(map(drawn.net, data.across, data.up));
    rings.show(X.filter((_, i) => lies[i]));
    circles.show(X.filter((_, i) => y[i] === 0));
    squares.show(X.filter((_, i) => y[i] === 1));
    const place = (losses) => losses.map((v, i) => [i, Math.min(v, top * 1.2)]);
    training.show(place(drawn.losses));
    validation.show(place(drawn.valLosses));
    const at = lowest(drawn.valLosses);
    best.show({ x: at, text: at > 0 ? `lowest: step ${at}` : "" });
    const labelAt = Math.min(now.steps, data.most * 0.82);
    ends.show([drawn.losses.at(-1), drawn.valLosses.at(-1)].map((v) => [labelAt, Math.min(v, top)]));
    units.show(now.units);
    decay.show(now.decay);
    rows.show(now.rows);
    wrong.show(now.wrong);
    steps.show(now.steps);
    const said = sentence(now, drawn, data);
    ground.describe(`Map of the answers. ${said}`);
    curve.describe(
      `Curves of the loss over ${now.steps} steps: training from ${num(drawn.losses[0])} to ${num(drawn.losses.at(-1))}, ` +
        `validation from ${num(drawn.valLosses[0])} to ${num(drawn.valLosses.at(-1))}, lowest ${num(drawn.valLosses[at])} at step ${at}.`,
    );
    pg.say(said, { aloud: by !== null && !steps.running() });
  };
});
