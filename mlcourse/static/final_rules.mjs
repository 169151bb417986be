// The rules of the final test: what a list of events means, and what a test handed in shows.
// `quiz/_final_rules.py` says the same in Python (and lists the events), and a test plays the same tests
// through both. Nothing here touches the page.

import { grade } from "./quiz_grade.mjs";

export const STATES = ["weak", "shaky", "sure"];
const HALF = 0.5;
const Z = 1.959964;

/** Return whether a value can be a time; 8.64e15 is the last millisecond that dates know. */
function isMoment(value) {
  return Number.isFinite(value) && Math.abs(value) < 8.64e15;
}

/** Return how a test stands after these events: { begun, handedIn, given: Map of id to { answer, guess } }. */
export function finalStanding(payload, log) {
  const known = new Set(payload.questions.map((question) => question.id));
  const state = { begun: null, handedIn: null, given: new Map() };
  for (const event of log) {
    if (event.do === "start" && state.begun === null && isMoment(event.at)) state.begun = event.at;
    if (state.begun === null || state.handedIn !== null) continue;
    if (event.do === "answer" && known.has(event.id) && event.answer !== undefined) {
      state.given.set(event.id, { answer: event.answer, guess: event.guess === true });
    } else if (event.do === "hand-in" && isMoment(event.at)) {
      state.handedIn = event.at;
    }
  }
  return state;
}

/** Return the grade of what was given; null for nothing, or an answer that was left unfinished. */
export function gradeGiven(question, given) {
  if (!given) return null;
  let result;
  try {
    result = grade(question, given.answer);
  } catch {
    return null; // not an answer that the element could have sent
  }
  return result.answered ? result : null;
}

function stateOf(score, guess) {
  if (score === 1) return guess ? "shaky" : "sure";
  return score >= HALF ? "shaky" : "weak";
}

/** Return what each answer is worth, in the test's order. */
export function marksOf(payload, state) {
  return payload.questions.map((question) => {
    const given = state.given.get(question.id);
    const result = gradeGiven(question, given);
    const guess = Boolean(result && given.guess);
    const score = result ? result.score : 0;
    const { id, chapter, concept } = question;
    return { id, chapter, concept, score, answered: Boolean(result), guess, state: stateOf(score, guess) };
  });
}

function sorted(entries) {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

/** Return [chapter, concept] under the worst that its answers show: { weak, shaky, sure }. */
export function byConcept(marks) {
  const worst = new Map();
  for (const mark of marks) {
    const key = `${mark.chapter}\n${mark.concept}`;
    const place = Math.min(STATES.indexOf(worst.get(key) ?? "sure"), STATES.indexOf(mark.state));
    worst.set(key, STATES[place]);
  }
  const grouped = { weak: [], shaky: [], sure: [] };
  for (const [key, state] of sorted(worst)) grouped[state].push(key.split("\n"));
  return grouped;
}

/** Return [chapter, right, asked] for each chapter, in order. */
export function byChapter(marks) {
  const counts = new Map();
  for (const mark of marks) {
    const [right, asked] = counts.get(mark.chapter) ?? [0, 0];
    counts.set(mark.chapter, [right + Number(mark.score === 1), asked + 1]);
  }
  return sorted(counts).map(([chapter, [right, asked]]) => [chapter, right, asked]);
}

/** Return Wilson's 95 % interval for the share right, in whole per cent. */
export function wilson(right, asked) {
  const share = right / asked;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * asked)) / (1 + z2 / asked);
  const half = (Z * Math.sqrt((share * (1 - share)) / asked + z2 / (4 * asked * asked))) / (1 + z2 / asked);
  const whole = (value) => Math.floor(100 * value + 0.5);
  return [whole(Math.max(0, middle - half)), whole(Math.min(1, middle + half))];
}
