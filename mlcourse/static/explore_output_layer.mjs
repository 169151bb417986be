// Chapter 04's playground: the same logits through softmax and through one sigmoid each, side by side.

import { playground } from "./explore.mjs";
import { bar, grid, row, slider, text } from "./explore_controls.mjs";
import { argmax, sigmoid, softmax, total } from "./explore_math.mjs";
import { counted, listed, num } from "./explore_words.mjs";

/** What both output layers answer to the logits. */
export function answers({ logits, temperature, threshold }) {
  const shares = softmax(logits, temperature);
  const yes = logits.map((z) => sigmoid(z));
  const top = Math.max(...logits);
  return {
    shares,
    yes,
    winner: argmax(logits),
    tied: logits.flatMap((z, i) => (z === top ? [i] : [])),
    on: yes.flatMap((p, i) => (p >= threshold ? [i] : [])),
  };
}

function standing(names, now, threshold) {
  const { winner, tied, on } = now;
  const won = tied.length > 1 ? `${listed(tied.map((i) => names[i]))} tie, and argmax takes the first, ${names[winner]}` : `Softmax and argmax answer ${names[winner]}`;
  const yes = on.length ? `the sigmoids say yes to ${listed(on.map((i) => names[i]))}` : "no sigmoid says yes";
  return `${won}; with the threshold ${num(threshold)} ${yes}.`;
}

function aboutLogit(names, i, now, was, before, after) {
  const up = after.logits[i] > before.logits[i];
  const verb = up ? "Raising" : "Lowering";
  const by = num(Math.abs(after.logits[i] - before.logits[i]), 1);
  if (names.length === 1) return `${verb} ${names[i]} by ${by} moved its sigmoid to ${num(now.yes[i])}. Softmax of a single unit is 1, whatever the logit.`;
  const moved = Math.abs(now.shares[i] - was.shares[i]);
  const [rest, sigmoids] = names.length > 2 ? ["the others'", "the sigmoids of the others did not move"] : ["the other's", "the sigmoid of the other did not move"];
  const what = up ? `took ${num(moved)} from ${rest} softmax` : `gave ${num(moved)} to ${rest} softmax`;
  const win = now.winner === was.winner ? "" : ` Argmax changed from ${names[was.winner]} to ${names[now.winner]}.`;
  const says = now.on.includes(i);
  const turned = says === was.on.includes(i) ? "" : ` The sigmoid of ${names[i]} now says ${says ? "yes" : "no"}.`;
  return `${verb} ${names[i]} by ${by} ${what}; ${sigmoids}.${win}${turned}`;
}

function aboutTemperature(names, now, was, before, after) {
  const hotter = after.temperature > before.temperature;
  const w = now.winner;
  return (
    `${hotter ? "A higher" : "A lower"} temperature ${hotter ? "evens the shares out" : "sharpens the shares"}: softmax of ${names[w]} went from ` +
    `${num(was.shares[w])} to ${num(now.shares[w])}. The order stays, so argmax stays; the sigmoids know no temperature.`
  );
}

function aboutThreshold(names, now, was, after) {
  const gone = was.on.filter((i) => !now.on.includes(i));
  const come = now.on.filter((i) => !was.on.includes(i));
  const change = come.length ? `${listed(come.map((i) => names[i]))} now count${come.length > 1 ? "" : "s"} as yes` : gone.length ? `${listed(gone.map((i) => names[i]))} no longer count${gone.length > 1 ? "" : "s"} as yes` : "no answer changed";
  return `With the threshold ${num(after.threshold)} ${change}: ${counted(now.on.length, "label")} of ${names.length}. The sigmoids did not move, and argmax needs no threshold.`;
}

/** One sentence about what the student's last gesture did. */
export function sentence(names, after, before, by) {
  const now = answers(after);
  const was = answers(before);
  const i = /^logit (\d+)$/.exec(by ?? "")?.[1];
  if (i !== undefined && after.logits[i] !== before.logits[i]) return aboutLogit(names, Number(i), now, was, before, after);
  if (by === "temperature" && after.temperature !== before.temperature) return aboutTemperature(names, now, was, before, after);
  if (by === "threshold" && after.threshold !== before.threshold) return aboutThreshold(names, now, was, after);
  return standing(names, now, after.threshold);
}

export default playground((pg) => {
  const { names, low, high, temperatures } = pg.data;
  const sliders = names.map((name, i) =>
    slider({
      label: `Logit of ${name}`,
      hideLabel: true,
      min: low,
      max: high,
      value: pg.value.logits[i],
      write: (z) => num(z, 1),
      move: (z) => pg.set({ logits: pg.value.logits.with(i, z) }, `logit ${i}`),
    }),
  );
  const shares = names.map(() => bar({ colour: "blue" }));
  const yes = names.map(() => bar({ colour: "orange" }));
  const sums = [text("", "mlc-sum"), text("", "mlc-sum")];
  const table = grid({
    caption: "The same logits, two output layers",
    head: ["class", "logit", "softmax", "sigmoid"],
    rows: names.map((name, i) => [name, sliders[i], shares[i], yes[i]]),
    foot: [["sum", "", ...sums]],
    stacks: true,
  });
  const temperature = slider({
    label: "Softmax temperature",
    stops: temperatures,
    value: pg.value.temperature,
    move: (v) => pg.set({ temperature: v }, "temperature"),
  });
  const threshold = slider({
    label: "Sigmoid threshold",
    min: 0,
    max: 1,
    step: 0.01,
    value: pg.value.threshold,
    move: (v) => pg.set({ threshold: v }, "threshold"),
  });
  pg.add(table.root, row(temperature, threshold));

  return (now, { before, by }) => {
    const both = answers(now);
    names.forEach((_, i) => {
      sliders[i].show(now.logits[i]);
      shares[i].show(both.shares[i], { marked: i === both.winner ? "◀ argmax" : "" });
      yes[i].show(both.yes[i], { marked: both.yes[i] >= now.threshold ? "✓ yes" : "– no", at: now.threshold });
    });
    sums[0].show(`${num(total(both.shares))}, always`);
    sums[1].show(`${num(total(both.yes))}, can be anything from 0 to ${names.length}`);
    temperature.show(now.temperature);
    threshold.show(now.threshold);
    pg.say(sentence(names, now, before, by), { aloud: by !== null });
  };
});
