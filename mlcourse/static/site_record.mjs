// The student's record on the static site: what an event means as an answer, where the browser keeps it, and
// the file that `progress.load` takes. `quiz/_show.py`, `practice/_element.py` and `practice/_challenge.py` say
// the same in Python, and a test plays the same events through both.

import { situation } from "./challenge_rules.mjs";
import { grade } from "./quiz_grade.mjs";

const RECORD = "mlcourse:record";
const OURS = /^mlcourse[:.]/;

const QUIZ_KINDS = { quiz: "question", predict: "prediction", myth: "myth" };

function row(item_id, kind, mode, score, answer, misconception = null) {
  return { item_id, kind, chapter: item_id.split("-")[0], mode, score, answer, misconception };
}

function marked(question, answer, kind, mode) {
  const result = grade(question, answer);
  return row(question.id, kind, mode, result.score, answer, result.misconception);
}

function quizRows(payload, event, { kind, modes }) {
  const asked = payload.questions.find((question) => question.id === event.id);
  const recorded = kind ?? QUIZ_KINDS[payload.kind];
  if (!asked || !recorded || !("answer" in event)) return [];
  return [marked(asked, event.answer, recorded, modes[asked.id] ?? "recall")];
}

function taskRows(payload, event) {
  if (event.id !== payload.id) return [];
  const mode = payload.kind === "experiment" ? "experiment" : "practice";
  const known = Number.isInteger(event.hint) && event.hint >= 1 && event.hint <= payload.hints.length;
  if (known) return [row(payload.id, "hint", mode, 0, { hint: event.hint })];
  return event.shown ? [row(payload.id, "solution", mode, 0, null)] : [];
}

function challengeRows(payload, event, { log }) {
  const before = situation(payload, log);
  const after = situation(payload, [...log, event]);
  const name = `${payload.key}-challenge`;
  const rows = [row(name, "challenge-event", "challenge", 0, event)];
  for (const [i, problem] of payload.problems.entries()) {
    const [old, now] = [before.places[i], after.places[i]];
    if (problem.question.id !== event.id) continue;
    if (now.answers.length > old.answers.length) rows.push(marked(problem.question, now.answers.at(-1), "challenge", "challenge"));
    if (now.hint && !old.hint) rows.push(row(problem.question.id, "hint", "challenge", 0, null));
  }
  if (after.finished && !before.finished && after.badge) {
    const won = { points: after.points, of: after.most, run: after.run, clock: after.clock };
    const badge = `${name}-${after.badge.name}${after.clock ? "" : "-without-clock"}`;
    rows.push(row(badge, "badge", "challenge", after.points / after.most, won));
  }
  return rows;
}

const MEANINGS = { "quiz.mjs": quizRows, "practice.mjs": taskRows, "challenge.mjs": challengeRows };

/**
 * Return the answers that one event of an element (of this module) makes, without `id` and `when`. `about` tells what the payload
 * does not: { kind (of a quiz that is a review or an entry test), modes (by question), log (the events before) }.
 */
export function answersOf(module, payload, event, about) {
  return MEANINGS[module]?.(payload, event, about) ?? [];
}

function uuid() {
  // Not randomUUID, which browsers keep from pages that are served without https.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Return the text of a file that `progress.load` takes. */
export function exported(answers) {
  const body = answers.map((answer) => JSON.stringify(answer)).join(",\n");
  return `{"format": "mlcourse-record", "version": 1, "answers": [\n${body}\n]}\n`;
}

/** The answers kept by this browser; `store` is its localStorage, or null where it keeps nothing. */
export function browserRecord(store) {
  let unkept = []; // answers of this page that the store would not take
  const kept = () => {
    try {
      const found = JSON.parse(store?.getItem(RECORD) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return []; // somebody else's, or cut short: begin anew
    }
  };
  return {
    all: () => [...kept(), ...unkept],
    /** Whether everything is in the store. */
    safe: () => store !== null && unkept.length === 0,
    add(rows, now = new Date()) {
      const when = now.toISOString().replace("Z", "+00:00");
      const added = rows.map((made) => ({ id: uuid(), ...made, when }));
      try {
        if (!store) throw new Error("no store");
        // Read anew: another tab may have answered since.
        store.setItem(RECORD, JSON.stringify([...kept(), ...unkept, ...added]));
        unkept = [];
      } catch {
        unkept = [...unkept, ...added];
      }
    },
    /** Forget every answer and everything the elements keep. */
    clear() {
      unkept = [];
      for (const key of Object.keys(store ?? {})) if (OURS.test(key)) store.removeItem(key);
    },
  };
}
