// The course map: choose by way of learning, by lesson, by minutes, or by what is due; every section is a link.

import { playground } from "./explore.mjs";
import { choice, grid } from "./explore_controls.mjs";
import { freshId, node } from "./element.mjs";
import { courseLink } from "./course_links.mjs";
import { hours } from "./course_words.mjs";
import { counted } from "./explore_words.mjs";

const WAYS = [
  { value: "mode", text: "by the way of learning" },
  { value: "lesson", text: "by topic" },
  { value: "minutes", text: "by the minutes you have" },
  { value: "due", text: "by what is due" },
];

const EXTENTS = {
  whole: "The whole lesson, from ",
  core: "The core path (cells tagged core), from ",
  sections: "",
  "too short": "Nothing fits. The shortest section: ",
};

/** A labelled drop-down list; `options` are { value, text }. */
function select({ label, options, move }) {
  const id = freshId();
  const list = node("select", { id, class: "mlc-entry", on: { change: () => move(list.value) } }, ...options.map(({ value, text }) => node("option", { value, text })));
  const root = node("div", { class: "mlc-inline" }, node("label", { for: id, class: "mlc-label", text: label }), list);
  return { root, show: (value) => (list.value = value) };
}

/** Return the choices that this course has: what a page kept may be of another version of it. */
export function legal({ lessons, modes, times }, now) {
  const one = (value, known) => (known.includes(value) ? value : known[0]);
  return {
    by: one(now.by, WAYS.map(({ value }) => value)),
    mode: one(now.mode, modes.map(([name]) => name)),
    lesson: one(now.lesson, lessons.map(({ number }) => number)),
    minutes: one(now.minutes, times),
  };
}

/** Return what the choice finds: a caption, a table's head and rows, and a sentence. Rows hold texts and links. */
export function found(data, now) {
  return { mode: byMode, lesson: byLesson, minutes: byMinutes, due: byDue }[now.by](data, now);
}

function titled({ number, title }) {
  return `${number} · ${title}`;
}

function total(sections) {
  return sections.reduce((sum, section) => sum + section.minutes, 0);
}

function link(lesson, section) {
  return { text: section?.title ?? titled(lesson), lesson: lesson.name, cell: section?.cell };
}

function byMode({ lessons, modes }, { mode }) {
  const [, title, does] = modes.find(([name]) => name === mode);
  const some = lessons
    .map((lesson) => ({ lesson, sections: lesson.sections.filter((section) => section.mode === mode) }))
    .filter(({ sections }) => sections.length);
  const all = some.flatMap(({ sections }) => sections);
  return {
    caption: `${title}: ${does}`,
    head: ["lesson", "sections", "minutes"],
    rows: some.map(({ lesson, sections }) => [[link(lesson)], sections.map((s) => link(lesson, s)), String(total(sections))]),
    numeric: [2],
    said: all.length
      ? `${counted(all.length, "section")} in ${counted(some.length, "lesson")}, about ${hours(total(all))} together.`
      : "No lesson has a section of this kind.",
  };
}

function byLesson({ lessons, modes }, { lesson: number }) {
  const lesson = lessons.find((one) => one.number === number) ?? lessons[0];
  const names = Object.fromEntries(modes);
  const core = lesson.core ? ` Its core path, the cells tagged core, takes about ${hours(lesson.core)}.` : "";
  return {
    caption: titled(lesson),
    head: ["section", "way", "minutes", "core path"],
    rows: lesson.sections.map((s) => [[link(lesson, s)], names[s.mode], String(s.minutes), s.core ? String(s.core) : "–"]),
    numeric: [2, 3],
    said: `${counted(lesson.sections.length, "section")}, about ${hours(lesson.minutes)}.${core}`,
  };
}

function byMinutes({ lessons, times, plans }, { minutes }) {
  const mine = plans[times.indexOf(minutes)];
  const some = mine.filter(({ extent }) => extent !== "too short").length;
  const cell = (lesson, { extent, sections }) => {
    const shown = extent === "whole" || extent === "core" ? sections.slice(0, 1) : sections;
    return [EXTENTS[extent], ...shown.map((i) => link(lesson, lesson.sections[i]))];
  };
  return {
    caption: `What fits into ${hours(minutes)}`,
    head: ["lesson", "what to take", "minutes"],
    rows: lessons.map((lesson, i) => [[link(lesson)], cell(lesson, mine[i]), String(mine[i].minutes)]),
    numeric: [2],
    said: `In ${hours(minutes)} there is something to do in ${some} of ${counted(lessons.length, "lesson")}. Choose one of them.`,
  };
}

function byDue({ lessons, due, later }) {
  const waiting = due.reduce((sum, [, , n]) => sum + n, 0);
  const rows = due.map(([i, j, n]) => [[link(lessons[i])], [link(lessons[i], lessons[i].sections[j])], String(n)]);
  return {
    caption: "Due for review",
    head: ["lesson", "where it was asked", "questions"],
    rows,
    numeric: [2],
    said: waiting
      ? `${counted(waiting, "question")} ${waiting === 1 ? "is" : "are"} due. quiz.review() asks them again, and only them.`
      : later,
  };
}

function content(cell) {
  if (typeof cell === "string") return cell;
  const links = cell.filter((part) => typeof part !== "string");
  const lead = cell.filter((part) => typeof part === "string").join("");
  const made = links.map(({ text, lesson, cell: id }) => courseLink(lesson, id, text));
  if (made.length === 1) return node("span", {}, lead, made[0]);
  return node("ul", { class: "mlc-sections" }, ...made.map((a) => node("li", {}, a)));
}

export default playground((pg) => {
  const { lessons, modes, times } = pg.data;
  const by = choice({ label: "Show me what to learn", choices: WAYS, value: legal(pg.data, pg.value).by, move: (value) => pg.set({ by: value }, "by") });
  const pickers = {
    mode: select({ label: "Way", options: modes.map(([value, text]) => ({ value, text })), move: (mode) => pg.set({ mode }, "mode") }),
    lesson: select({ label: "Lesson", options: lessons.map((one) => ({ value: one.number, text: titled(one) })), move: (lesson) => pg.set({ lesson }, "lesson") }),
    minutes: select({ label: "Minutes", options: times.map((n) => ({ value: String(n), text: hours(n) })), move: (n) => pg.set({ minutes: Number(n) }, "minutes") }),
  };
  const result = node("div", { class: "mlc-course" });
  const rule = node("details", { class: "mlc-tries" }, node("summary", { text: "How the minutes are estimated" }), node("p", { text: pg.data.rule }));
  const unread = (pg.data.unread ?? []).map((told) => node("p", { text: told }));
  pg.add(...unread, by.root, ...Object.values(pickers).map((picker) => picker.root), result, rule);
  let drawn;

  return (kept, { by: moved }) => {
    const now = legal(pg.data, kept);
    by.show(now.by);
    for (const [name, picker] of Object.entries(pickers)) {
      picker.root.hidden = name !== now.by;
      picker.show(String(now[name]));
    }
    const { caption, head, rows, numeric, said } = found(pg.data, now);
    const key = JSON.stringify(now);
    if (key !== drawn) {
      drawn = key;
      const table = rows.length ? grid({ caption, head, rows: rows.map((row) => row.map(content)), numeric, stacks: true }).root : "";
      result.replaceChildren(table);
    }
    pg.say(said, { aloud: moved !== null });
  };
});
