// Chapter 07's playground: one sample through a small network, layer by layer, and every input can be changed.

import { node } from "./element.mjs";
import { playground } from "./explore.mjs";
import { bar, button, choice, grid, row, slider, text } from "./explore_controls.mjs";
import { argmax, sigmoid, softmax, total } from "./explore_math.mjs";
import { listed, num, signed } from "./explore_words.mjs";

/** One prepared sample through the layers: sums, hidden values, logits and probabilities. */
export function forward(net, x) {
  const sums = net.b1.map((b, h) => total(x.map((v, i) => v * net.W1[i][h])) + b);
  const hidden = sums.map((s) => Math.max(0, s));
  const logits = net.b2.map((b, k) => total(hidden.map((v, h) => v * net.W2[h][k])) + b);
  const p = net.kind === "softmax" ? softmax(logits) : logits.map((z) => sigmoid(z));
  return { sums, hidden, logits, p };
}

/** What each input, and what the biases, add to logit k: the paths through the units that are on. */
export function contributions(net, x, k) {
  const { sums } = forward(net, x);
  const open = sums.map((s, h) => (s > 0 ? net.W2[h][k] : 0));
  return {
    inputs: x.map((v, i) => total(open.map((w, h) => v * net.W1[i][h] * w))),
    biases: total(open.map((w, h) => net.b1[h] * w)) + net.b2[k],
  };
}

/** The places of the labels that are answered: argmax of shares, or all that reach the threshold. */
export function answers(net, p, threshold) {
  if (net.kind === "softmax") return [argmax(p)];
  return p.flatMap((v, k) => (v >= threshold ? [k] : []));
}

/** Everything about the values at hand. */
export function traced(data, { network, counts, threshold, explain }) {
  const net = data.nets[network];
  const x = counts.map((v) => v / data.divideBy);
  const made = forward(net, x);
  return { net, x, ...made, said: answers(net, made.p, threshold), pushed: contributions(net, x, explain) };
}

function called(data, said) {
  return said.length ? listed(said.map((k) => data.labels[k])) : "no label";
}

function truthOf(data, { sample }) {
  return called(data, data.samples[sample].truth.flatMap((y, k) => (y ? [k] : [])));
}

function edited(data, { sample, counts }) {
  return counts.some((v, i) => v !== data.samples[sample].counts[i]);
}

/** What sits nearest to being answered otherwise. */
function nearest(data, now, { threshold }) {
  if (now.net.kind === "softmax") {
    const order = now.p.map((v, k) => k).sort((a, b) => now.p[b] - now.p[a]);
    if (order.length < 2) return "";
    return ` ${data.labels[order[1]]} is next, ${num(now.p[order[0]] - now.p[order[1]])} behind.`;
  }
  const k = argmax(now.p.map((v) => -Math.abs(v - threshold)));
  return ` Nearest to the threshold is ${data.labels[k]}, at ${num(now.p[k])}.`;
}

function standing(data, now, values) {
  const changed = edited(data, values) ? "As you have changed it" : `In “${data.samples[values.sample].name}”`;
  const truth = edited(data, values) ? `; the truth of the unchanged text was: ${truthOf(data, values)}` : `; the truth is: ${truthOf(data, values)}`;
  return `${changed}, the network “${now.net.name}” answers: ${called(data, now.said)}${truth}.${nearest(data, now, values)}`;
}

function aboutCount(data, i, now, was, after, before) {
  const k = after.explain;
  const verb = after.counts[i] > before.counts[i] ? "Raising" : "Lowering";
  const flipped = now.sums.flatMap((s, h) => (s > 0 !== was.sums[h] > 0 ? [`unit ${h + 1} ${s > 0 ? "on" : "off"}`] : []));
  const switched = flipped.length ? `It switched ${listed(flipped)}.` : "No hidden unit switched.";
  const answer = called(data, now.said) === called(data, was.said) ? `The answer stays: ${called(data, now.said)}.` : `The answer changed from ${called(data, was.said)} to ${called(data, now.said)}.`;
  return (
    `${verb} ${data.words[i]} from ${num(before.counts[i], 0)} to ${num(after.counts[i], 0)} moved the logit of ${data.labels[k]} by ` +
    `${signed(now.logits[k] - was.logits[k])}, its probability from ${num(was.p[k])} to ${num(now.p[k])}. ${switched} ${answer}`
  );
}

function aboutThreshold(data, now, was, after) {
  if (now.net.kind === "softmax") return `This network ends in a softmax: the largest share wins, and the threshold is not used. The answer stays: ${called(data, now.said)}.`;
  const same = called(data, now.said) === called(data, was.said);
  return `With the threshold ${num(after.threshold)} the answer ${same ? "is still" : "is now"}: ${called(data, now.said)}. No sum, no logit and no probability moved.`;
}

function aboutLabel(data, now, { explain }) {
  const order = now.pushed.inputs.map((v, i) => i).sort((a, b) => Math.abs(now.pushed.inputs[b]) - Math.abs(now.pushed.inputs[a]));
  const top = order.slice(0, 3).map((i) => `${data.words[i]} ${signed(now.pushed.inputs[i])}`);
  return (
    `The logit of ${data.labels[explain]} is ${num(now.logits[explain])}. What pushed it most: ${listed(top)}. ` +
    `All words add ${signed(total(now.pushed.inputs))}, the biases ${signed(now.pushed.biases)}.`
  );
}

/** One sentence or three about what the student's last gesture did. */
export function sentence(data, after, before, by) {
  const now = traced(data, after);
  const i = /^count (\d+)$/.exec(by ?? "")?.[1];
  if (i !== undefined && after.counts[i] !== before.counts[i]) return aboutCount(data, Number(i), now, traced(data, before), after, before);
  if (by === "threshold" && after.threshold !== before.threshold) return aboutThreshold(data, now, traced(data, before), after);
  if (by === "explain") return aboutLabel(data, now, after);
  return standing(data, now, after);
}

const MOST = 8; // the longest bar of a push; more is rare and is told by its number

/** A bar of a push: as long as it is large; its colour and its words say in which direction. */
function pushBar() {
  const made = bar({ max: MOST });
  const fill = made.root.querySelector(".mlc-fill");
  made.root.style.whiteSpace = "nowrap"; // a number is not to be broken where the page is narrow
  return {
    root: made.root,
    show(v) {
      fill.className = `mlc-fill mlc-${v < 0 ? "orange" : "green"}`;
      made.show(Math.abs(v), { marked: num(v) === "0.00" ? "" : v > 0 ? "▲ for" : "▼ against" });
    },
  };
}

/** Parts side by side where the page is wide enough. */
function beside(...parts) {
  return node("div", { class: "mlc-row", style: "align-items:flex-start;gap:0 1.5em" }, ...parts.map(([width, ...nodes]) => node("div", { style: `flex:1 1 ${width}` }, ...nodes)));
}

export default playground((pg) => {
  const { words, labels, samples, nets, most, divideBy } = pg.data;
  const numbered = (names) => names.map((name, i) => ({ value: String(i), text: name }));
  const network = choice({ label: "Network", choices: numbered(nets.map((n) => n.name)), value: "0", move: (v) => pg.set({ network: Number(v) }, "network") });
  const sample = choice({
    label: "Text",
    choices: numbered(samples.map((s) => s.name)),
    value: "0",
    move: (v) => pg.set({ sample: Number(v), counts: samples[Number(v)].counts }, "sample"),
  });
  const explain = choice({ label: "Explain the logit of", choices: numbered(labels), value: "0", move: (v) => pg.set({ explain: Number(v) }, "explain") });
  const undo = button({ text: "The text as it was", press: () => pg.set({ counts: samples[pg.value.sample].counts }, "undo") });
  const threshold = slider({ label: "Threshold", min: 0, max: 1, step: 0.01, value: pg.value.threshold, move: (v) => pg.set({ threshold: v }, "threshold") });
  const counts = words.map((word, i) =>
    slider({
      label: `Mentions of ${word}`,
      hideLabel: true,
      min: 0,
      max: most,
      step: 1,
      value: pg.value.counts[i],
      write: (v) => num(v, 0),
      move: (v) => pg.set({ counts: pg.value.counts.with(i, v) }, `count ${i}`),
    }),
  );
  const wordPushes = words.map(() => pushBar());
  const biases = text("", "mlc-sum");
  const logit = text("", "mlc-sum");
  const head = [text("pushes"), text("pushes")];
  const inputs = grid({
    caption: divideBy === 1 ? "Input: move a word" : `Input: move a word (x = mentions ÷ ${divideBy})`,
    head: ["word", "mentions", ""],
    rows: words.map((word, i) => [word, counts[i], wordPushes[i]]),
    foot: [
      ["bias", "", biases],
      ["logit", "", logit],
    ],
  });

  const sums = Array.from({ length: Math.max(...nets.map((n) => n.b1.length)) }, () => text("", "mlc-number"));
  const handed = sums.map(() => text("", "mlc-number"));
  const unitPushes = sums.map(() => pushBar());
  const hidden = grid({
    caption: "Hidden layer: weights × x + bias, then ReLU",
    head: ["unit", "sum", "hands on", ""],
    rows: sums.map((s, h) => [`unit ${h + 1}`, s, handed[h], unitPushes[h]]),
  });

  const logits = labels.map(() => text("", "mlc-number"));
  const shares = labels.map(() => bar({ colour: "blue" }));
  const truths = labels.map(() => text(""));
  const output = grid({
    caption: "Output",
    head: ["label", "logit", "probability", "truth"],
    rows: labels.map((label, k) => [label, logits[k], shares[k], truths[k]]),
  });
  inputs.table.querySelector("thead th:last-child").append(head[0].root);
  hidden.table.querySelector("thead th:last-child").append(head[1].root);
  pg.add(row(network, sample), row(explain, threshold, undo), beside(["28em", inputs.root], ["22em", hidden.root, output.root]));

  return (now, { before, by }) => {
    const made = traced(pg.data, now);
    const soft = made.net.kind === "softmax";
    network.show(String(now.network));
    sample.show(String(now.sample));
    explain.show(String(now.explain));
    threshold.show(now.threshold);
    undo.show({ disabled: !edited(pg.data, now) });
    head.forEach((h) => h.show(`pushes ${labels[now.explain]}`));
    words.forEach((_, i) => {
      counts[i].show(now.counts[i]);
      wordPushes[i].show(made.pushed.inputs[i]);
    });
    biases.show(signed(made.pushed.biases));
    logit.show(`${signed(made.logits[now.explain])}, all of it added up`);
    sums.forEach((s, h) => {
      const here = h < made.sums.length;
            s.show(here ? num(made.sums[h]) : "–");
      handed[h].show(!here ? "–" : made.sums[h] > 0 ? num(made.hidden[h]) : "0, off");
      unitPushes[h].show(here ? made.hidden[h] * made.net.W2[h][now.explain] : 0);
    });
    labels.forEach((_, k) => {
      const yes = made.said.includes(k);
      const mark = soft ? (yes ? "◀ argmax" : "") : yes ? "✓ yes" : "– no";
      logits[k].show(num(made.logits[k]));
      shares[k].show(made.p[k], { marked: mark, at: soft ? undefined : now.threshold });
      truths[k].show(samples[now.sample].truth[k] ? "yes" : "no");
    });
    pg.say(sentence(pg.data, now, before, by), { aloud: by !== null });
  };
});
