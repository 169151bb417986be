// The path after the entry test: it grows while the test on the same page is answered, with or without a kernel.

import { decodePayload, guardKeys, node } from "./element.mjs";
import { grid } from "./explore_controls.mjs";
import { courseLink } from "./course_links.mjs";
import { hours } from "./course_words.mjs";
import { counted } from "./explore_words.mjs";

// Where the page's quizzes tell the score of each first answer (quiz.mjs); every widget has its own copy of the modules.
const SCORES = Symbol.for("mlcourse.scores");
const SCORED = "mlcourse-scored";
const ORDER = ["learn", "main", "check"];
const ADVICE = {
  learn: "learn it whole, from",
  main: "the main path",
  check: "known; see whether it goes well",
};

/**
 * Return the path that scores advise, as `mlcourse.course.suggest` does: { steps: [{ lesson, advice, cells, minutes }],
 * begin, answered, minutes }. `lessons` carry what each advice means for them; `cells` are those to link to.
 */
export function suggest({ lessons, asked, sure }, scores) {
  const answered = asked.filter(({ id }) => id in scores);
  if (!answered.length || !lessons.length) return { steps: [], begin: null, answered: 0, minutes: 0 };
  const steps = lessons.map((lesson) => {
    const here = answered.filter((question) => question.lesson === lesson.number).map(({ id }) => scores[id]);
    const mean = here.reduce((sum, score) => sum + score, 0) / here.length;
    const advice = here.length === 0 ? "main" : mean >= sure ? "check" : "learn";
    return { lesson: lesson.name, advice, ...lesson.advice[advice] };
  });
  const best = Math.min(...steps.map((step) => ORDER.indexOf(step.advice)));
  const first = ORDER[best] === "check" ? steps.at(-1) : steps.find((step) => step.advice === ORDER[best]);
  return { steps, begin: first.lesson, answered: answered.length, minutes: steps.reduce((sum, s) => sum + s.minutes, 0) };
}

function mount(root, payload) {
  const status = node("p", { role: "status", class: "mlc-said" });
  const place = node("div", { class: "mlc-course" });
  const frame = node(
    "div",
    { class: "mlc mlc-element mlc-explore", role: "region", "aria-label": payload.title },
    node("p", { class: "mlc-title", text: payload.title }),
    status,
    place,
  );
  guardKeys(frame);
  root.append(frame);
  const names = Object.fromEntries(payload.lessons.map((lesson) => [lesson.name, lesson]));
  const titled = ({ number, title }) => `${number} · ${title}`;

  function draw() {
    // What the record had when this cell ran came first.
    const scores = { ...Object.fromEntries(globalThis[SCORES] ?? []), ...payload.scores };
    const path = suggest(payload, scores);
    if (!path.steps.length) {
      status.textContent = payload.before;
      return place.replaceChildren();
    }
    const begin = names[path.begin];
    status.textContent = `${path.answered} of ${counted(payload.asked.length, "question")} answered. Begin with ${titled(begin)}. About ${hours(path.minutes)} in all.`;
    const rows = path.steps.map(({ lesson, advice, cells, minutes }) => [
      node("span", {}, courseLink(lesson, undefined, titled(names[lesson])), lesson === path.begin ? " (begin here)" : ""),
      node("span", {}, `${ADVICE[advice]}: `, ...cells.flatMap((cell, i) => [i ? " · " : "", courseLink(lesson, cell, names[lesson].titles[cell])])),
      String(minutes),
    ]);
    const table = grid({ caption: "Lesson by lesson", head: ["lesson", "what to take", "minutes"], rows, numeric: [2], stacks: true });
    place.replaceChildren(table.root);
  }

  document.addEventListener(SCORED, draw);
  draw();
  return () => {
    document.removeEventListener(SCORED, draw);
    frame.remove();
  };
}

export default {
  render({ model, el }) {
    return mount(el, decodePayload(model.get("payload")));
  },
};
