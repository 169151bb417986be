// Chapter 13's playground: fewer bits for the weights of a network that reads digits, and what that costs.

import { playground } from "./explore.mjs";
import { bar, choice, grid, row, slider, text } from "./explore_controls.mjs";
import { argmax, total } from "./explore_math.mjs";
import { plot } from "./explore_plot.mjs";
import { num } from "./explore_words.mjs";

const INK = "0123456789abcdefg"; // 0 to 16 points of ink, a sign each
const INPUTS = 64;

const halvesUp = (v) => Math.floor(v + 0.5);
const column = (W, j) => W.map((line) => line[j]);

/** The network with one unit's weights made larger, and what is read from it smaller; ReLU keeps its answers. */
export function weights(data, stretch) {
  const real = (v) => v / 1000;
  const j = data.stretched;
  const W1 = data.W1.map((line) => line.map((v, k) => (k === j ? real(v) * stretch : real(v))));
  const b1 = data.b1.map((v, k) => (k === j ? real(v) * stretch : real(v)));
  const W2 = data.W2.map((line, i) => line.map((v) => (i === j ? real(v) / stretch : real(v))));
  return { W1, b1, W2, b2: data.b2.map(real) };
}

/** A kernel on its grid: the whole numbers, and step and zero point of each unit's grid. */
export function onGrid(W, bits, shared, kind) {
  const units = W[0].map((_, j) => (shared === "unit" ? column(W, j) : W.flat()));
  const grids = units.map((own) => {
    if (kind === "symmetric") return { scale: Math.max(...own.map(Math.abs)) / (2 ** (bits - 1) - 1), zero: 0 };
    const low = Math.min(0, ...own);
    const scale = (Math.max(0, ...own) - low) / (2 ** bits - 1);
    return { scale, zero: halvesUp(-low / scale) };
  });
  const place = (w, { scale, zero }) => {
    const q = halvesUp(w / scale) + zero;
    return kind === "symmetric" ? q : Math.min(Math.max(q, 0), 2 ** bits - 1);
  };
  const stored = W.map((line) => line.map((w, j) => place(w, grids[j])));
  return { stored, grids, meant: stored.map((line) => line.map((q, j) => (q - grids[j].zero) * grids[j].scale)) };
}

/** The digits that a network reads in all slips. */
export function read(inks, { W1, b1, W2, b2 }) {
  const hidden = new Float64Array(b1.length);
  return inks.map((ink) => {
    hidden.set(b1);
    for (let i = 0; i < INPUTS; i++) {
      if (ink[i] === 0) continue;
      for (let j = 0; j < hidden.length; j++) hidden[j] += ink[i] * W1[i][j];
    }
    return argmax(b2.map((b, k) => W2.reduce((sum, line, j) => sum + Math.max(hidden[j], 0) * line[k], b)));
  });
}

/** The 200 slips as rows of ink from 0 to 1, and their truth. */
export function slips(data) {
  const truth = [...data.truth].map(Number);
  const points = [...data.ink].map((sign) => INK.indexOf(sign) / 16);
  return { truth, inks: truth.map((_, n) => points.slice(n * INPUTS, (n + 1) * INPUTS)) };
}

/** What rounding both kernels costs. */
export function measure(data, { bits, grid: shared, kind, stretch }) {
  const { truth, inks } = slips(data);
  const net = weights(data, stretch);
  const first = onGrid(net.W1, bits, shared, kind);
  const second = onGrid(net.W2, bits, shared, kind);
  const exact = read(inks, net);
  const coarse = read(inks, { ...net, W1: first.meant, W2: second.meant });
  const count = (test) => total(truth.map((v, n) => (test(n, v) ? 1 : 0)));
  const biases = net.b1.length + net.b2.length;
  const grids = shared === "unit" ? biases : 2;
  const many = net.W1.flat().length + net.W2.flat().length;
  const others = first.meant.flatMap((line, i) => line.flatMap((w, j) => (j === data.stretched ? [] : [Math.abs(w - net.W1[i][j])])));
  return {
    net,
    first,
    size: Math.ceil((many * bits) / 8) + 4 * biases + grids * (kind === "symmetric" ? 4 : 5),
    exactSize: 4 * (many + biases),
    before: count((n, v) => exact[n] === v),
    right: count((n, v) => coarse[n] === v),
    changed: count((n) => exact[n] !== coarse[n]),
    error: Math.max(...others),
    places: new Set(column(first.stored, data.shown)).size,
    scale: first.grids[data.shown].scale,
    zero: first.grids[data.shown].zero,
  };
}

/** One sentence about what the choice costs. */
export function sentence(data, now, made) {
  const of = data.truth.length;
  const fallen = made.before - made.right;
  const cost =
    fallen <= 0 ? "no right answer is lost" : fallen <= 4 ? `${fallen} right ${fallen === 1 ? "answer is" : "answers are"} lost` : `${fallen} right answers are lost: too coarse`;
  return (
    `${now.bits} bits, ${now.grid === "unit" ? "a grid for each unit" : "one grid for each layer"}${now.kind === "symmetric" ? "" : ", with a zero point"}: ` +
    `${num(made.size / 1000, 1)} kB instead of ${num(made.exactSize / 1000, 1)}; ${made.right} of ${of} digits right instead of ${made.before}, so ${cost}. ` +
    `A weight is off by up to ${num(made.error, 3)}.${now.stretch > 1 ? ` One unit is ${now.stretch} times as large, which alone changes no answer.` : ""}`
  );
}

export default playground((pg) => {
  const { data } = pg;
  const of = data.truth.length;
  const reach = 0.1 * Math.ceil(Math.max(...column(data.W1, data.shown).map((v) => Math.abs(v / 100))));
  const bits = slider({
    label: "Bits for a weight",
    stops: data.bits,
    value: pg.value.bits,
    write: (v) => String(v),
    say: (v) => `${v} bits`,
    move: (v) => pg.set({ bits: v }, "bits"),
  });
  const stretch = slider({
    label: "Make one unit larger",
    stops: data.stretches,
    value: pg.value.stretch,
    write: (v) => `× ${v}`,
    say: (v) => `${v} times`,
    move: (v) => pg.set({ stretch: v }, "stretch"),
  });
  const shared = choice({
    label: "Grid",
    choices: [
      { value: "layer", text: "one for each layer" },
      { value: "unit", text: "one for each unit" },
    ],
    value: pg.value.grid,
    move: (v) => pg.set({ grid: v }, "grid"),
  });
  const kind = choice({
    label: "Zero",
    choices: [
      { value: "symmetric", text: "in the middle" },
      { value: "zero point", text: "at a zero point" },
    ],
    value: pg.value.kind,
    move: (v) => pg.set({ kind: v }, "kind"),
  });
  const right = bar({ max: of, digits: 0, colour: "blue" });
  const size = bar({ max: 8, digits: 1, colour: "orange" });
  const names = ["answers changed", "largest error of a weight", "step (drawn unit)", "zero point (drawn unit)", "values in use (drawn unit)"];
  const cells = names.map(() => text("", "mlc-number"));
  const before = [text("", "mlc-number"), text("", "mlc-number")];
  const table = grid({
    caption: `Measured on ${of} new digits`,
    head: ["figure", "32 bits", "now"],
    rows: [[`right of ${of}`, before[0], right], ["kB", before[1], size], ...names.map((name, i) => [name, "", cells[i]])],
    stacks: true,
  });
  const stairs = plot({
    x: { label: "weight before", min: -reach, max: reach },
    y: { label: "weight as stored", min: -reach, max: reach },
    width: 420,
    height: 380,
  });
  stairs.line(
    [
      [-reach, -reach],
      [reach, reach],
    ],
    { colour: "green", dash: "2 4" },
  );
  const steps = stairs.line([], { colour: "orange" });
  const dots = stairs.marks([], { mark: "circle", colour: "blue", size: 3.5 });
  for (const { root } of [bits, stretch]) root.querySelector("label").style.whiteSpace = "nowrap";
  pg.add(row(bits, stretch), row(shared, kind), table.root, stairs.root);

  return (now, { by }) => {
    const made = measure(data, now);
    bits.show(now.bits);
    stretch.show(now.stretch);
    shared.show(now.grid);
    kind.show(now.kind);
    before[0].show(String(made.before));
    before[1].show(num(made.exactSize / 1000, 1));
    const lost = made.before - made.right;
    right.show(made.right, { marked: lost > 4 ? "▼ too coarse" : "", at: made.before });
    size.show(made.size / 1000);
    [String(made.changed), num(made.error, 4), num(made.scale, 4), String(made.zero), String(made.places)].forEach((value, i) => cells[i].show(value));
    const own = column(made.net.W1, data.shown);
    const stored = column(made.first.meant, data.shown);
    dots.show(own.map((w, i) => [w, stored[i]]));
    const { scale, zero } = made.first.grids[data.shown];
    const [lowest, highest] = now.kind === "symmetric" ? [1 - 2 ** (now.bits - 1), 2 ** (now.bits - 1) - 1] : [-zero, 2 ** now.bits - 1 - zero];
    const first = Math.max(lowest, -Math.ceil(reach / scale) - 1);
    const last = Math.min(highest, Math.ceil(reach / scale) + 1);
    const path = [];
    for (let q = first; q <= last; q++) path.push([q === lowest ? -2 * reach : (q - 0.5) * scale, q * scale], [q === highest ? 2 * reach : (q + 0.5) * scale, q * scale]);
    steps.show(path);
    stairs.describe(
      `The 64 weights of one unit, before and as stored, on a staircase whose step is ${num(scale, 4)}. They have ${made.places} different values.`,
    );
    pg.say(sentence(data, now, made), { aloud: by !== null });
  };
});
