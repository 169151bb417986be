// The rules of a challenge: what a list of events means. `practice/_challenge_rules.py` says the same in
// Python (and lists the events), and a test plays the same runs through both. Nothing here touches the page.

import { grade } from "./quiz_grade.mjs";

/** Return what an attempt brings, after so many earlier ones. */
export function pointsFor(rules, score, earlier, hint) {
  return Math.max(0, Math.floor(rules.full * score + 1e-9) - rules.again * earlier - (hint ? rules.hint : 0));
}

function fresh(payload) {
  const places = payload.problems.map((problem) => ({
    id: problem.question.id,
    opened: null,
    closed: null,
    answers: [],
    scores: [],
    hint: false,
    points: 0,
  }));
  return { run: 0, clock: true, places, now: 0, begun: null };
}

function isFinished(state) {
  return state.run > 0 && state.places.every((place) => place.closed);
}

function passTime(state, payload, at) {
  state.now = Math.max(state.now, at);
  if (!state.clock) return;
  state.places.forEach((place, i) => {
    const over = place.opened !== null && state.now >= place.opened + 1000 * payload.problems[i].seconds;
    if (over && !place.closed) place.closed = "time";
  });
}

function attempt(place, problem, rules, answer) {
  let result;
  try {
    result = grade(problem.question, answer);
  } catch {
    return; // not an answer that the element could have sent
  }
  if (!result.answered) return;
  place.points = Math.max(place.points, pointsFor(rules, result.score, place.answers.length, place.hint));
  place.answers.push(answer);
  place.scores.push(result.score);
  if (result.correct) place.closed = "solved";
  else if (place.answers.length >= problem.attempts) place.closed = "attempts";
}

function happen(state, payload, event) {
  if (event.do === "clock-off") {
    state.clock = false;
    return;
  }
  const i = state.places.findIndex((place) => !place.closed);
  const place = state.places[i];
  if (!place || place.id !== event.id) return;
  if (event.do === "open") place.opened ??= state.now;
  else if (place.opened === null) return;
  else if (event.do === "hint") place.hint = true;
  else if (event.do === "skip") place.closed = "skipped";
  else if (event.do === "answer") attempt(place, payload.problems[i], payload.rules, event.answer);
}

/**
 * Return how a challenge stands after these events at the moment `now` (ms):
 * { run, clock, places, now, begun, finished, points, most, badge }.
 */
export function situation(payload, log, now = 0) {
  let state = fresh(payload);
  log.forEach((event, i) => {
    if (!Number.isFinite(event?.at)) return;
    passTime(state, payload, event.at);
    if (event.do === "start") {
      if (state.run > 0 && !isFinished(state)) return;
      const run = Number.isInteger(event.run) && event.run > state.run ? event.run : state.run + 1;
      state = { ...fresh(payload), run, clock: event.clock !== false, now: event.at, begun: i };
    } else if (state.run > 0) {
      happen(state, payload, event);
    }
  });
  passTime(state, payload, now);
  const points = state.places.reduce((sum, place) => sum + place.points, 0);
  const most = payload.rules.full * state.places.length;
  const finished = isFinished(state);
  const badge = finished ? (payload.rules.badges.find((b) => points >= b.share * most) ?? null) : null;
  return { ...state, finished, points, most, badge };
}
