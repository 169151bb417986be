// Chapter 02's playground: one box of fruit, three questions, three label tables that change as fruit comes and goes.

import { playground } from "./explore.mjs";
import { button, grid, row, text } from "./explore_controls.mjs";
import { argmax, total } from "./explore_math.mjs";
import { counted, listed } from "./explore_words.mjs";
import { node } from "./element.mjs";

const SVG = "http://www.w3.org/2000/svg";
const CELL = 46; // one piece of fruit in the picture, in its own units
const BANANA = 1; // the packer's fruit
// How each fruit is drawn around (0, 0); the tables and the picture's text say the same in words.
const SHAPES = [
  [["circle", { r: 16, cx: 0, cy: 2, fill: "#d1495b" }], ["path", { d: "M0 -13q1 -6 6 -7", fill: "none" }]],
  [["path", { d: "M-17 -8Q-8 16 18 6Q19 3 16 2Q0 6 -11 -12Q-16 -13 -17 -8z", fill: "#f2d024" }]],
  [["ellipse", { rx: 14, ry: 10, cx: 0, cy: 1, fill: "#f2d024" }], ["path", { d: "M14 1l5 0M-14 1l-5 0", fill: "none" }]],
  [
    ...[[-10, -8], [0, -8], [10, -8], [-5, 1], [5, 1], [0, 10]].map(([cx, cy]) => ["circle", { r: 6, cx, cy, fill: "#7b4fa3" }]),
    ["path", { d: "M0 -14v-6", fill: "none" }],
  ],
];

/** The three labels of a box: yes or no, one class (null for an empty box), a row of tags. */
export function labels(pieces, grams) {
  const weights = pieces.map((n, i) => n * grams[i]);
  const heaviest = Math.max(...weights);
  const empty = heaviest === 0;
  return {
    weights,
    packer: pieces[BANANA] > 0 ? 1 : 0,
    boss: empty ? null : argmax(weights),
    tied: empty ? [] : weights.flatMap((w, i) => (w === heaviest ? [i] : [])),
    shop: pieces.map((n) => (n > 0 ? 1 : 0)),
  };
}

/** Which labels the student has met, the ones of this box included. */
export function meet(met, { packer, boss, shop }) {
  const add = (list, label) => (list.includes(label) ? list : [...list, label]);
  return {
    packer: add(met.packer, packer),
    boss: boss === null ? met.boss : add(met.boss, boss),
    shop: add(met.shop, shop.join("")),
  };
}

/** What lies in the box: 2 bananas and 1 bunch of grapes. */
export function contents({ one, many }, pieces) {
  const there = pieces.flatMap((n, i) => (n ? [counted(n, one[i], many[i])] : []));
  return there.length ? listed(there) : "nothing";
}

function standing({ names }, now) {
  const tags = now.shop.flatMap((on, i) => (on ? [names[i]] : []));
  const boss =
    now.boss === null
      ? "The boss gets no answer: nothing is heaviest in an empty box. For such boxes a class of its own is missing"
      : now.tied.length > 1
        ? `${listed(now.tied.map((i) => names[i]))} weigh the same, and argmax takes the first, ${names[now.boss]}`
        : `The boss's one answer is ${names[now.boss]}, number ${now.boss}`;
  return `The packer's answer is ${now.packer ? "yes" : "no"}. ${boss}. The shop has ${tags.length ? `${counted(tags.length, "tag")}: ${listed(tags)}` : "no tag, and a row of zeros is an allowed answer"}.`;
}

function change(names, now, was) {
  const said = [];
  if (now.packer !== was.packer) said.push(`the packer's answer is ${now.packer ? "yes" : "no"} now`);
  if (now.boss !== was.boss) said.push(now.boss === null ? "the boss gets no answer any more" : `the boss's answer is ${names[now.boss]} now`);
  now.shop.forEach((on, i) => {
    if (on !== was.shop[i]) said.push(`the shop's tag ${names[i]} goes ${on ? "on" : "off"}`);
  });
  return said;
}

/** One sentence about what the student's last gesture did. */
export function sentence(data, after, before, by) {
  const now = labels(after.pieces, data.grams);
  const was = labels(before.pieces, data.grams);
  const i = Number(/^fruit (\d+)$/.exec(by ?? "")?.[1] ?? -1);
  const step = i < 0 ? 0 : after.pieces[i] - before.pieces[i];
  if (step === 0) return standing(data, now);
  const what = `${step > 0 ? "Adding" : "Taking out"} ${counted(Math.abs(step), data.one[i], data.many[i])}:`;
  const said = change(data.names, now, was);
  const same = ["packer", "boss", "shop"].filter((who) => String(now[who]) === String(was[who]));
  if (!said.length) return `${what} no label changes. The box is another one, and all three answers are the same.`;
  const rest = same.length ? ` The ${listed(same)} ${same.length > 1 ? "tables stay" : "table stays"} as before.` : " All three tables have changed.";
  return `${what} ${listed(said)}.${rest}${now.boss === null ? " An empty box has no heaviest fruit." : ""}`;
}

/** Why a piece cannot be added or taken out; an empty text if it can. */
export function refusal({ one, many, most }, pieces, i, by) {
  if (pieces[i] + by < 0) return `There is no ${one[i]} in the box to take out.`;
  if (pieces[i] + by > most) return `No more than ${most} ${many[i]} fit in.`;
  return "";
}

function drawn(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function scene(most) {
  const width = 2 * most * CELL + 30;
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${2 * CELL + 20}`, role: "img", "aria-label": "" });
  svg.append(drawn("rect", { x: 2, y: 2, width: width - 4, height: 2 * CELL + 16, rx: 6, fill: "#e8d5b5", stroke: "#8a6d3b", "stroke-width": 3 }));
  const fruit = drawn("g", { stroke: "#3a2c12", "stroke-width": 1.5 });
  svg.append(fruit);
  const root = node("div", { class: "mlc-plot", style: `max-width:${width}px` });
  root.append(svg);
  function show(pieces, words) {
    fruit.replaceChildren();
    pieces.forEach((n, kind) => {
      for (let k = 0; k < n; k += 1) {
        const x = ((kind % 2) * most + k + 0.5) * CELL + 10 + (kind % 2) * 10;
        const y = (Math.floor(kind / 2) + 0.5) * CELL + 10;
        const place = drawn("g", { transform: `translate(${x} ${y})` });
        place.append(...SHAPES[kind].map(([tag, attributes]) => drawn(tag, attributes)));
        fruit.append(place);
      }
    });
    svg.setAttribute("aria-label", `A box seen from above. In it: ${words}.`);
  }
  return { root, show };
}

export default playground((pg) => {
  const { names, grams, most } = pg.data;
  const picture = scene(most);
  const pieces = names.map(() => text("", "mlc-number"));
  const weights = names.map(() => text("", "mlc-number"));

  function move(i, by) {
    // A button that goes dead under the finger would lose the keyboard's place; so it stays and says why not.
    const refused = refusal(pg.data, pg.value.pieces, i, by);
    if (refused) return pg.say(refused);
    const next = pg.value.pieces.with(i, pg.value.pieces[i] + by);
    return pg.set({ pieces: next, met: meet(pg.value.met, labels(next, grams)) }, `fruit ${i}`);
  }

  const fewer = names.map((name, i) => button({ text: "−", press: () => move(i, -1) }));
  const more = names.map((name, i) => button({ text: "+", press: () => move(i, 1) }));
  fewer.forEach(({ root }, i) => root.setAttribute("aria-label", `take out ${pg.data.one[i]}`));
  more.forEach(({ root }, i) => root.setAttribute("aria-label", `add ${pg.data.one[i]}`));
  const content = grid({
    caption: "In the box",
    head: ["fruit", "pieces", "grams", "change"],
    rows: names.map((name, i) => [name, pieces[i], weights[i], row(fewer[i], more[i])]),
    numeric: [1, 2],
  });

  const packer = text("", "mlc-number");
  const packerSum = text("", "mlc-sum");
  const boss = names.map(() => text("", "mlc-number"));
  const bossNumber = text("", "mlc-sum");
  const shop = names.map(() => text("", "mlc-number"));
  const shopSum = text("", "mlc-sum");
  const met = [text(), text(), text()];
  const answers = grid({
    caption: "Three questions, three labels",
    head: ["", "packer: a banana?", "boss: the heaviest?", "shop: which are inside?"],
    rows: names.map((name, i) => [name, i === BANANA ? packer : "", boss[i], shop[i]]),
    foot: [
      ["label", packerSum, bossNumber, shopSum],
      ["met so far", ...met],
    ],
  });
  pg.add(picture.root, content.root, answers.root);

  return (now, { before, by }) => {
    const made = labels(now.pieces, grams);
    picture.show(now.pieces, contents(pg.data, now.pieces));
    names.forEach((_, i) => {
      pieces[i].show(String(now.pieces[i]));
      weights[i].show(String(made.weights[i]));
      fewer[i].root.setAttribute("aria-disabled", String(now.pieces[i] === 0));
      more[i].root.setAttribute("aria-disabled", String(now.pieces[i] === most));
      boss[i].show(made.boss === i ? "1" : "0");
      shop[i].show(String(made.shop[i]));
    });
    packer.show(String(made.packer));
    packerSum.show(`${made.packer} (${made.packer ? "yes" : "no"})`);
    bossNumber.show(made.boss === null ? "no answer" : `${made.boss} (${names[made.boss]})`);
    shopSum.show(`[${made.shop.join(", ")}], ${counted(total(made.shop), "tag")}`);
    met[0].show(`${now.met.packer.length} of 2`);
    met[1].show(`${now.met.boss.length} of ${names.length}`);
    met[2].show(`${now.met.shop.length} of ${2 ** names.length}`);
    pg.say(sentence(pg.data, now, before, by), { aloud: by !== null });
  };
});
