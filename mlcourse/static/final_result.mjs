// The result of a final test: the score and how exact it is, what is sure and what is weak with the way back
// to the lesson, then every question with its answer and the reason.

import { courseLink } from "./course_links.mjs";
import { node } from "./element.mjs";
import { fieldFor } from "./quiz_inputs.mjs";
import { rightAnswer } from "./quiz_grade.mjs";
import { byChapter, byConcept, gradeGiven, marksOf, STATES, wilson } from "./final_rules.mjs";

const SAID = {
  weak: ["Weak", "✗", "wrong or not answered: look at the section, then come back to it in quiz.review()"],
  shaky: ["Shaky", "~", "partly right, or right by a guess"],
  sure: ["Sure", "✓", "right, and you did not call it a guess"],
};

/** The section that teaches something, as a link after its lesson's title; the lesson alone if no section is known. */
function sectionLink({ notebook, cell, lesson, title }) {
  const link = courseLink(notebook, cell, title || lesson);
  return title ? node("span", { text: `${lesson}: ` }, link) : link;
}

function conceptLists(payload, marks) {
  const grouped = byConcept(marks);
  const section = new Map(payload.questions.map((q) => [`${q.chapter}\n${q.concept}`, q.section]));
  return STATES.filter((state) => grouped[state].length).map((state) => {
    const [name, sign, means] = SAID[state];
    const rows = grouped[state].map(([chapter, concept]) =>
      node("li", {}, `${concept} (`, sectionLink(section.get(`${chapter}\n${concept}`)), ")"),
    );
    const title = node("p", { class: "mlc-title", text: `${sign} ${name} (${rows.length}): ${means}` });
    return node("div", { class: "mlc-section" }, title, node("ul", {}, ...rows));
  });
}

function chapterTable(payload, marks) {
  const head = ["Lesson", "Right"].map((text) => node("th", { scope: "col", text }));
  const rows = byChapter(marks).map(([chapter, right, asked]) =>
    node("tr", {}, node("th", { scope: "row", text: payload.lessons[chapter] ?? chapter }), node("td", { text: `${right} of ${asked}` })),
  );
  return node(
    "div",
    { class: "scroll" },
    node("table", {}, node("caption", { text: "By lesson" }), node("thead", {}, node("tr", {}, ...head)), node("tbody", {}, ...rows)),
  );
}

function codeOf(question) {
  const code = question.code ?? question.pieces?.join("____");
  return code ? node("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, node("code", { text: code })) : null;
}

function titled(title, ...content) {
  return node("div", { class: "mlc-section" }, node("p", { class: "mlc-title", text: title }), ...content);
}

function looked(question, mark, given, number) {
  const result = gradeGiven(question, given);
  const describe = (answer) => fieldFor(question, () => {}).describe(answer);
  const sign = mark.score === 1 ? "✓ right" : mark.score > 0 ? "~ partly right" : mark.answered ? "✗ not right" : "– not answered";
  const guess = mark.guess ? ", a guess" : "";
  const mine = result ? [titled("Your answer", describe(given.answer)), ...result.notes.map((html) => node("div", { html }))] : [];
  const right = result?.correct ? [] : [titled("The answer", describe(rightAnswer(question)))];
  return node(
    "details",
    {},
    node("summary", { text: `Question ${number}: ${sign}${guess} (${question.concept})` }),
    node("div", { class: "mlc-prompt", html: question.prompt }),
    codeOf(question),
    ...mine,
    ...right,
    titled("Why", node("div", { html: question.explanation })),
    node("p", {}, "Taught in ", sectionLink(question.section), "."),
  );
}

/** The whole result. */
export function finalResult(payload) {
  const title = node("p", { class: "mlc-title", tabindex: -1, text: payload.title });
  const body = node("div");
  const root = node("div", {}, title, body);
  let drawn;

  function draw(state) {
    // What was handed in stays, unless the same test on another page had more answers: the kernel tells of them.
    const handedIn = JSON.stringify([...state.given]);
    if (handedIn === drawn) return;
    drawn = handedIn;
    const marks = marksOf(payload, state);
    const n = marks.length;
    const right = marks.filter((mark) => mark.score === 1).length;
    const points = Math.round(10 * marks.reduce((sum, mark) => sum + mark.score, 0)) / 10;
    const [low, high] = wilson(right, n);
    const part = points > right ? ` With partial credit: ${points} points.` : "";
    body.replaceChildren(
      node("p", { class: "mlc-badge", text: `${right} of ${n} right` }),
      node("p", { text: `Another ${n} questions would have come out differently: with ${right} of ${n}, the share you would get right of all such questions is most likely between ${low} % and ${high} % (Wilson's 95 % interval).${part}` }),
      ...conceptLists(payload, marks),
      chapterTable(payload, marks),
      titled("Every question", ...payload.questions.map((q, i) => looked(q, marks[i], state.given.get(q.id), i + 1))),
      node("p", { text: `Run the cell again for a new test. quiz.final(${payload.call}) gives this one again.` }),
    );
  }

  return { root, draw, focus: () => title.focus() };
}
