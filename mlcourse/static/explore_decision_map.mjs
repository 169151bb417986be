// Lesson 16's playground: five questions about a task, and the path that the course takes for it.
// The rules come with the data, from `explore/_decision_map.py`; here they are only looked up.

import { playground } from "./explore.mjs";
import { choice, grid, row, text } from "./explore_controls.mjs";
import { listed } from "./explore_words.mjs";

const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 560, height: 34, gap: 16 };

/** The path for these choices: { step, use, why, lesson } in the order of the work. */
export function recipe(parts, choices) {
  return parts.map(({ step, needs, texts }) => {
    const [use, why, lesson] = texts[needs.map((name) => choices[name]).join("|")];
    return { step, use, why, lesson };
  });
}

/** What changed on the path, in a sentence. */
export function sentence(parts, after, before) {
  const then = recipe(parts, before);
  const changed = recipe(parts, after).filter((part, i) => part.use !== then[i].use);
  if (!changed.length) return "Nothing changes on the path.";
  const words = changed.map(({ step, use }) => `${step}: ${use}`);
  return `${changed.length} of ${parts.length} steps ${changed.length === 1 ? "changes" : "change"}. ${words.join(". ")}.`;
}

/** What the picture shows, for who does not see it. */
export function picture(path) {
  return `A path of ${path.length} boxes, one below the other: ${listed(path.map(({ step, use }) => `${step}, ${use}`))}.`;
}

function element(name, attributes, content = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = content;
  return made;
}

/** The path as boxes joined by arrows; `show` writes the texts and frames what has changed more strongly. */
function drawing(parts) {
  const { width, height, gap } = BOX;
  const whole = parts.length * (height + gap) - gap;
  const svg = element("svg", { viewBox: `0 0 ${width} ${whole}`, width, role: "img" });
  const boxes = parts.map(({ step }, i) => {
    const y = i * (height + gap);
    const frame = element("rect", { x: 2, y: y + 1, width: width - 4, height: height - 2, rx: 6, fill: "none", stroke: "currentColor" });
    const name = element("text", { x: 14, y: y + 22, fill: "currentColor", "font-size": 13, "font-weight": 600 }, step);
    const use = element("text", { x: 126, y: y + 22, fill: "currentColor", "font-size": 13 });
    svg.append(frame, name, use);
    if (i) svg.append(element("path", { d: `M ${width / 2} ${y - gap + 2} v ${gap - 5} m -5 -5 l 5 5 l 5 -5`, fill: "none", stroke: "currentColor" }));
    return { frame, use };
  });
  return {
    root: svg,
    show(path, changed) {
      path.forEach(({ use }, i) => {
        boxes[i].use.textContent = use;
        boxes[i].frame.setAttribute("stroke-width", changed[i] ? 3 : 1);
      });
      svg.setAttribute("aria-label", picture(path));
    },
  };
}

export default playground((pg) => {
  const { questions, parts } = pg.data;
  const controls = questions.map(({ name, text: label, choices }) =>
    choice({ label, choices, value: pg.value[name], move: (value) => pg.set({ [name]: value }, name) }),
  );
  const uses = parts.map(() => text(""));
  const whys = parts.map(() => text(""));
  const lessons = parts.map(() => text(""));
  const table = grid({
    caption: "The path for this task",
    head: ["Step", "Use", "Why", "Lesson"],
    rows: parts.map(({ step }, i) => [step, uses[i], whys[i], lessons[i]]),
    stacks: true,
  });
  const path = drawing(parts);
  pg.add(row(...controls), path.root, table.root);

  return (now, { before, by }) => {
    const made = recipe(parts, now);
    const then = recipe(parts, before ?? now);
    questions.forEach(({ name }, i) => controls[i].show(now[name]));
    made.forEach(({ use, why, lesson }, i) => {
      uses[i].show(use);
      whys[i].show(why);
      lessons[i].show(lesson);
    });
    path.show(made, made.map(({ use }, i) => use !== then[i].use));
    pg.say(by === null ? "Change an answer: the sentence here says what changes on the path." : sentence(parts, now, before ?? now), { aloud: by !== null });
  };
});
