// Chapter 10's playground: choose a remedy for rare classes and its strength, see who gains and who pays.

import { playground } from "./explore.mjs";
import { bar, choice, grid, row, slider, text } from "./explore_controls.mjs";
import { argmax, mean, total } from "./explore_math.mjs";
import { look, plot } from "./explore_plot.mjs";
import { num } from "./explore_words.mjs";

const SIGNS = { circle: "●", square: "■", triangle: "▲", diamond: "◆" };
const STRENGTHS = Array.from({ length: 11 }, (_, i) => i / 10);
const ACROSS = [-2.5, 5];
const UP = [-2.5, 4.5];
const CELLS = 45;

/** The items as rows of sensors and as class numbers. */
export function unpack(tenths, kinds) {
  const y = [...kinds].map(Number);
  return { X: y.map((_, i) => [tenths[2 * i] / 10, tenths[2 * i + 1] / 10]), y };
}

const counts = (y, n) => Array.from({ length: n }, (_, k) => y.filter((v) => v === k).length);

/** How often each training row counts: weights, copies, or 0 for what is left out. */
export function rowWeights(y, n, remedy, strength) {
  const many = counts(y, n);
  if (remedy === "weights") return y.map((k) => (y.length / (n * many[k])) ** strength);
  if (remedy !== "over" && remedy !== "under") return y.map(() => 1);
  const goal = remedy === "over" ? Math.max(...many) : Math.min(...many);
  const wanted = many.map((v) => Math.floor(v ** (1 - strength) * goal ** strength + 0.5));
  const seen = many.map(() => 0);
  return y.map((k) => Math.floor(wanted[k] / many[k]) + (seen[k]++ < wanted[k] % many[k] ? 1 : 0));
}

/** A softmax layer by gradient descent with momentum: for each class the weights of both sensors and the bias. */
export function train({ X, y }, n, weights, gamma, { rate, momentum, steps }) {
  const sum = total(weights);
  const W = new Float64Array(3 * n);
  const speed = new Float64Array(3 * n);
  const slopes = new Float64Array(3 * n);
  const P = new Float64Array(n);
  // Plain loops over one buffer each: this runs at every move of the slider, 250 times over 800 items.
  for (let step = 0; step < steps; step++) {
    slopes.fill(0);
    for (let i = 0; i < y.length; i++) {
      if (weights[i] === 0) continue;
      const a = X[i][0];
      const b = X[i][1];
      let top = -Infinity;
      for (let k = 0; k < n; k++) {
        P[k] = W[3 * k] * a + W[3 * k + 1] * b + W[3 * k + 2];
        if (P[k] > top) top = P[k];
      }
      let whole = 0;
      for (let k = 0; k < n; k++) whole += P[k] = Math.exp(P[k] - top);
      const p = Math.min(Math.max(P[y[i]] / whole, 1e-12), 1 - 1e-12);
      const slope = gamma === 0 ? -1 : gamma * p * (1 - p) ** (gamma - 1) * Math.log(p) - (1 - p) ** gamma;
      for (let k = 0; k < n; k++) {
        const pull = (weights[i] / sum) * slope * ((k === y[i] ? 1 : 0) - P[k] / whole);
        slopes[3 * k] += pull * a;
        slopes[3 * k + 1] += pull * b;
        slopes[3 * k + 2] += pull;
      }
    }
    for (let j = 0; j < 3 * n; j++) {
      speed[j] = momentum * speed[j] - rate * slopes[j];
      W[j] += speed[j];
    }
  }
  return Array.from({ length: n }, (_, k) => [...W.slice(3 * k, 3 * k + 3)]);
}

/** What a remedy does: the network, its decision for any place, and the figures measured on the new items. */
export function measure(data, { remedy, strength }) {
  const n = data.kinds.length;
  const known = unpack(data.X, data.y);
  const fresh = unpack(data.new, data.truth);
  const weights = rowWeights(known.y, n, remedy, strength);
  const W = train(known, n, weights, remedy === "focal" ? data.focus * strength : 0, data);
  const many = counts(known.y, n);
  // Multiplying a probability is adding to its logit.
  const lift = many.map((v) => (remedy === "moved" ? strength * Math.log(known.y.length / (n * v)) : 0));
  const decide = ([a, b]) => argmax(W.map((w, k) => w[0] * a + w[1] * b + w[2] + lift[k]));
  const table = data.kinds.map(() => data.kinds.map(() => 0));
  fresh.X.forEach((x, i) => (table[fresh.y[i]][decide(x)] += 1));
  const right = table.map((line, k) => line[k]);
  const there = table.map(total);
  const called = table.map((_, k) => total(table.map((line) => line[k])));
  const recall = right.map((v, k) => v / there[k]);
  return {
    decide,
    fresh,
    table,
    there,
    called,
    right,
    recall,
    precision: right.map((v, k) => (called[k] ? v / called[k] : 0)),
    accuracy: total(right) / total(there),
    balanced: mean(recall),
    f1: mean(right.map((v, k) => (2 * v) / (there[k] + called[k]))),
    cost: (1000 * total(right.map((v, k) => (there[k] - v) * data.costs[k]))) / total(there),
    rows: weights.filter((w) => w > 0).length,
  };
}

/** One sentence about what the remedy does, against none. */
export function sentence(data, now, made, plain) {
  const name = data.remedies.find(({ value }) => value === now.remedy).text;
  if (now.strength === 0) {
    return (
      `Without any remedy ${plain.right[3]} of ${plain.there[3]} batteries are found, and ${num(plain.accuracy)} of all items are right. ` +
      `1000 items cost ${num(plain.cost, 0)}.`
    );
  }
  const learned = now.remedy === "under" ? ` It learned from ${made.rows} of ${data.y.length} items.` : "";
  const alarms = made.called[3]
    ? `Of ${made.called[3]} battery alarms ${made.right[3]} are right.`
    : "There is no battery alarm at all.";
  return (
    `${name[0].toUpperCase()}${name.slice(1)} at ${Math.round(100 * now.strength)} %: ${made.right[3]} of ${made.there[3]} batteries found instead of ` +
    `${plain.right[3]}, paper ${num(made.recall[0])} instead of ${num(plain.recall[0])}. ${alarms} ` +
    `1000 items cost ${num(made.cost, 0)} instead of ${num(plain.cost, 0)}.${learned}`
  );
}

/** The decision of each cell of the map, rows from the top. */
export function regions(decide, cells = CELLS) {
  const along = ([low, high], i) => low + ((i + 0.5) / cells) * (high - low);
  return Array.from({ length: cells }, (_, i) =>
    Array.from({ length: cells }, (_, j) => decide([along(ACROSS, j), along(UP, cells - 1 - i)])),
  );
}

/** What share of the map each kind has, in words. */
export function picture(kinds, cells) {
  const flat = cells.flat();
  const shares = kinds.map((kind, k) => `${kind} ${Math.round((100 * flat.filter((v) => v === k).length) / flat.length)} %`);
  return `Map of shine and weight with a region for each kind. Of its area: ${shares.join(", ")}. On it ten new items of each kind.`;
}

/** A place well inside each region, for its name: the mean of its cells, or the cell nearest to that. */
function inside(cells, k) {
  const own = cells.flatMap((line, i) => line.flatMap((v, j) => (v === k ? [[i, j]] : [])));
  if (own.length < 12) return [];
  const middle = [mean(own.map(([i]) => i)), mean(own.map(([, j]) => j))];
  const far = ([i, j]) => (i - middle[0]) ** 2 + (j - middle[1]) ** 2;
  const [i, j] = own.reduce((best, cell) => (far(cell) < far(best) ? cell : best));
  const at = ([low, high], place) => low + ((place + 0.5) / CELLS) * (high - low);
  return [[at(ACROSS, j) - 0.5, at(UP, CELLS - 1 - i)]];
}

export default playground((pg) => {
  const { data } = pg;
  const { kinds } = data;
  const plain = measure(data, { remedy: "weights", strength: 0 });
  const remedy = choice({
    label: "Remedy",
    choices: data.remedies,
    value: pg.value.remedy,
    move: (v) => pg.set({ remedy: v }, "remedy"),
  });
  const percent = (v) => `${Math.round(100 * v)}\u00a0%`;
  const strength = slider({
    label: "Strength",
    stops: STRENGTHS,
    value: pg.value.strength,
    write: percent,
    move: (v) => pg.set({ strength: v }, "strength"),
  });
  const found = kinds.map((_, k) => bar({ colour: look(k).colour }));
  const precise = kinds.map(() => text("", "mlc-number"));
  const figures = ["accuracy", "mean recall", "macro F1", "cost of 1000 items"].map((name) => ({ name, now: text("", "mlc-number") }));
  const keys = ["accuracy", "balanced", "f1", "cost"];
  const written = (made, i) => num(made[keys[i]], i === 3 ? 0 : 2);
  const table = grid({
    caption: "Measured on 1500 new items",
    head: ["kind", "before", "found now", "right alarms"],
    rows: kinds.map((kind, k) => [`${SIGNS[look(k).mark]} ${kind}`, num(plain.recall[k]), found[k], precise[k]]),
    foot: figures.map(({ name, now }, i) => [name, written(plain, i), now, ""]),
  });

  const area = plot({
    x: { label: "shine", min: ACROSS[0], max: ACROSS[1] },
    y: { label: "weight", min: UP[0], max: UP[1] },
    width: 420,
    height: 380,
  });
  // Mixed with the page's own ground, not with transparency: where two cells overlap nothing shows.
  const ground = area.cells([[0]], (k) => `color-mix(in srgb, var(--mlc-${look(k).colour}) 28%, var(--jp-layout-color0, Canvas))`);
  kinds.forEach((_, k) => {
    const own = plain.fresh.X.filter((_, i) => plain.fresh.y[i] === k).slice(0, 10);
    area.marks(own, { mark: look(k).mark, colour: look(k).colour, size: 4 });
  });
  const names = kinds.map((kind, k) => area.marks([], { mark: "circle", size: 0, colour: look(k).colour, label: () => kind }));
  table.root.style.flex = "1 1 24em";
  area.root.style.flex = "1 1 20em";
  strength.root.querySelector(".mlc-value").style.whiteSpace = "nowrap"; // "100 %" stays in one piece
  const side = row(table, area);
  pg.add(row(remedy, strength), side);

  return (now, { by }) => {
    const made = measure(data, now);
    const cells = regions(made.decide);
    remedy.show(now.remedy);
    strength.show(now.strength);
    kinds.forEach((_, k) => {
      const change = Math.round(100 * made.recall[k]) - Math.round(100 * plain.recall[k]);
      found[k].show(made.recall[k], { marked: change > 0 ? "▲ gains" : change < 0 ? "▼ pays" : "", at: plain.recall[k] });
      precise[k].show(num(made.precision[k]));
      names[k].show(inside(cells, k));
    });
    figures.forEach(({ now: place }, i) => place.show(written(made, i)));
    ground.show(cells);
    area.describe(picture(kinds, cells));
    pg.say(sentence(data, now, made, plain), { aloud: by !== null });
  };
});
