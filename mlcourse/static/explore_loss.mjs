// Chapter 05's playground: move one prediction, see each label's cost, the sum and the mean.

import { playground } from "./explore.mjs";
import { bar, button, grid, slider, text } from "./explore_controls.mjs";
import { argmax, binaryCrossEntropy, total } from "./explore_math.mjs";
import { look, plot } from "./explore_plot.mjs";
import { listed, num, signed } from "./explore_words.mjs";

const SIGNS = { circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✕" };
const HIGHEST = 7; // just above −log(0.001), the highest cost that the sliders reach

/** Each label's cost and pull, their sum and mean, and how many answers are right at 0.5. */
export function costs({ probabilities, truth }) {
  const each = probabilities.map((p, i) => binaryCrossEntropy(truth[i], p));
  const sum = total(each);
  return {
    each,
    pulls: probabilities.map((p, i) => p - truth[i]),
    sum,
    mean: sum / each.length,
    dearest: argmax(each),
    right: probabilities.filter((p, i) => p >= 0.5 === (truth[i] === 1)).length,
  };
}

/** A probability with as many digits as it needs. */
export function share(p) {
  return num(p, p < 0.01 || p > 0.99 ? 3 : 2);
}

function standing(names, now, { probabilities, truth }) {
  const i = now.dearest;
  const gave = truth[i] ? probabilities[i] : 1 - probabilities[i];
  return (
    `${names[i]} costs most, ${num(now.each[i])}: it gave the truth only ${share(gave)}. ` +
    `The sum is ${num(now.sum)}, the mean ${num(now.mean)}; ${now.right} of ${names.length} answers are right at 0.5.`
  );
}

function aboutPrediction(names, i, now, was, before, after) {
  const verb = after.probabilities[i] > before.probabilities[i] ? "Raising" : "Lowering";
  const others = names.length > 1 ? "No other label's cost moved; the mean" : "The mean";
  const crossed = now.right === was.right ? "" : ` At the threshold 0.5, ${now.right} of ${names.length} answers are right now.`;
  return (
    `${verb} ${names[i]} from ${share(before.probabilities[i])} to ${share(after.probabilities[i])} changed its cost from ` +
    `${num(was.each[i])} to ${num(now.each[i])}. ${others} went from ${num(was.mean)} to ${num(now.mean)}.${crossed}`
  );
}

function aboutTruth(names, i, now, was, after) {
  const p = after.probabilities[i];
  const gave = after.truth[i] ? share(p) : share(1 - p);
  return (
    `Now the truth about ${names[i]} is ${after.truth[i] ? "yes" : "no"}. The prediction stays at ${share(p)}, so it gives the truth ${gave} ` +
    `and costs ${num(now.each[i])} instead of ${num(was.each[i])}.`
  );
}

/** One sentence about what the student's last gesture did. */
export function sentence(names, after, before, by) {
  const now = costs(after);
  const was = costs(before);
  const [, what, place] = /^(prediction|truth) (\d+)$/.exec(by ?? "") ?? [];
  const i = Number(place);
  if (what === "prediction" && after.probabilities[i] !== before.probabilities[i]) return aboutPrediction(names, i, now, was, before, after);
  if (what === "truth" && after.truth[i] !== before.truth[i]) return aboutTruth(names, i, now, was, after);
  return standing(names, now, after);
}

/** What the picture shows, for who does not see it. */
export function picture(names, { probabilities, truth }) {
  const now = costs({ probabilities, truth });
  const points = names.map((name, i) => `${name}, truth ${truth[i] ? "yes" : "no"}, prediction ${share(probabilities[i])}, cost ${num(now.each[i])}`);
  return `Two curves of the cost by the prediction: for a yes it falls from 7 near 0 to 0 at 1, for a no it rises from 0 to 7. On them: ${listed(points)}.`;
}

export default playground((pg) => {
  const { names, stops } = pg.data;
  const truths = names.map((name, i) => button({ text: "", press: () => flip(i) }));
  const sliders = names.map((name, i) =>
    slider({
      label: `Prediction for ${name}`,
      hideLabel: true,
      stops,
      value: pg.value.probabilities[i],
      write: share,
      move: (p) => pg.set({ probabilities: pg.value.probabilities.with(i, p) }, `prediction ${i}`),
    }),
  );
  const bars = names.map(() => bar({ colour: "orange", max: HIGHEST }));
  const pulls = names.map(() => text("", "mlc-number"));
  const sum = text("", "mlc-sum");
  const mean = text("", "mlc-sum");

  function flip(i) {
    const truth = pg.value.truth;
    pg.set({ truth: truth.with(i, 1 - truth[i]) }, `truth ${i}`);
  }

  const table = grid({
    caption: "One row, label by label",
    head: ["label", "truth", "prediction p", "cost", "pull p − y"],
    rows: names.map((name, i) => [`${SIGNS[look(i).mark]} ${name}`, truths[i], sliders[i], bars[i], pulls[i]]),
    foot: [
      ["sum", "", "", sum, ""],
      ["mean", "", "", mean, ""],
    ],
    stacks: true,
  });

  const curve = plot({ x: { label: "prediction p", min: 0, max: 1 }, y: { label: "cost", min: 0, max: HIGHEST }, height: 280 });
  const along = stops.filter((p) => p < 0.02 || p > 0.98 || Math.round(p * 100) % 2 === 0);
  curve.line(along.map((p) => [p, binaryCrossEntropy(1, p)]), { colour: "blue" });
  curve.line(along.map((p) => [p, binaryCrossEntropy(0, p)]), { colour: "purple", dash: "6 4" });
  curve.marks([[0.05, 5.4]], { mark: "circle", size: 0, colour: "blue", label: () => "truth yes: −log p" });
  curve.marks([[0.6, 5.4]], { mark: "circle", size: 0, colour: "purple", label: () => "truth no: −log(1 − p)" });
  // Only one point bears its name, or the names would hide each other near 0; the table shows every label's sign.
  const named = names.map(() => "");
  const points = names.map((_, i) => curve.marks([[0, 0]], { ...look(i), label: () => named[i] }));
  pg.add(table.root, curve.root);

  return (now, { before, by }) => {
    const made = costs(now);
    const moved = / (\d+)$/.exec(by ?? "")?.[1];
    const told = moved === undefined ? made.dearest : Number(moved);
    names.forEach((name, i) => {
      named[i] = i === told ? name : "";
      const yes = now.truth[i] ? "yes" : "no";
      truths[i].show({ text: yes });
      truths[i].root.setAttribute("aria-label", `${yes}: the truth about ${name}, press to change`);
      sliders[i].show(now.probabilities[i]);
      bars[i].show(made.each[i], { marked: i === made.dearest ? "◀ most" : "" });
      pulls[i].show(signed(made.pulls[i]));
      points[i].show([[now.probabilities[i], made.each[i]]]);
    });
    sum.show(num(made.sum));
    mean.show(`${num(made.mean)}, Keras' loss of this row`);
    curve.describe(picture(names, now));
    pg.say(sentence(names, now, before, by), { aloud: by !== null });
  };
});
