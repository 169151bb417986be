// What a challenge shows: its start, one problem, its result. Each view is told the standing and asks
// `act` to make events; no view keeps time or points itself.

import { freshId, node } from "./element.mjs";
import { fieldFor } from "./quiz_inputs.mjs";
import { grade, rightAnswer } from "./quiz_grade.mjs";

/** Write a time as a clock does: 2:05. */
export function clockTime(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function counted(n, word) {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

/** Write a time as one says it: 2 minutes 5 seconds. */
export function spokenTime(seconds) {
  const parts = [];
  if (seconds >= 60) parts.push(counted(Math.floor(seconds / 60), "minute"));
  if (seconds % 60 || seconds === 0) parts.push(counted(seconds % 60, "second"));
  return parts.join(" ");
}

function titled(title, ...content) {
  return node("div", { class: "mlc-section" }, node("p", { class: "mlc-title", text: title }), ...content);
}

function problemTable(caption, head, rows) {
  return node(
    "div",
    { class: "scroll" },
    node(
      "table",
      {},
      node("caption", { text: caption }),
      node("thead", {}, node("tr", {}, ...head.map((text) => node("th", { scope: "col", text })))),
      node(
        "tbody",
        {},
        ...rows.map(([first, ...rest]) => node("tr", {}, node("th", { scope: "row", text: first }), ...rest.map((text) => node("td", { text })))),
      ),
    ),
  );
}

/** What is said before a run: the rules, the two ways to start. */
export function startView(payload, start) {
  const { rules, problems } = payload;
  const most = rules.full * problems.length;
  const levels = rules.badges.map((b) => `${b.sign} ${b.name} from ${Math.ceil(b.share * most - 1e-9)}`).join(", ");
  const rows = problems.map((p, i) => [`${i + 1}`, p.concept, clockTime(p.seconds), `${p.attempts}`]);
  const title = node("p", { class: "mlc-title", tabindex: -1, text: payload.title });
  const root = node(
    "div",
    {},
    title,
    node("p", { text: `${counted(problems.length, "problem")}, one after the other, ${rules.full} points each. Nothing runs before you start.` }),
    node(
      "ul",
      {},
      node("li", { text: "Each problem has its own time. It begins when you open the problem, and it goes on while the page is closed or loads anew. Between two problems no time runs." }),
      node("li", { text: `Attempts are limited; each one after the first costs ${rules.again} points. A hint costs ${rules.hint}.` }),
      node("li", { text: `Badge, of ${most} points: ${levels}.` }),
      node("li", { text: "Nobody has to race: start without the clock, or switch it off at any time. Problems, points and badges stay the same; the badge then says “without clock”." }),
    ),
    problemTable("The problems", ["Problem", "Topic", "Time", "Attempts"], rows),
    node(
      "div",
      { class: "mlc-buttons" },
      node("button", { type: "button", class: "mlc-main", text: "Start with the clock", on: { click: () => start(true) } }),
      node("button", { type: "button", text: "Start without the clock", on: { click: () => start(false) } }),
    ),
  );
  return { root, draw() {}, focus: () => title.focus() };
}

const ENDED = {
  solved: "",
  attempts: "That was the last attempt.",
  time: "Time is over for this problem.",
  skipped: "You gave this problem up.",
};

function judged(result) {
  if (result.correct) return node("p", { class: "mlc-result good", text: "✓ Correct." });
  const part = result.score > 0 ? ` ${result.marks.filter(Boolean).length} of ${result.marks.length} right.` : "";
  return node("p", { class: "mlc-result bad", text: `✗ Not quite.${part}` });
}

function told(result) {
  return result.notes.map((html) => node("div", { html }));
}

/** Return the answer and the reason, for a problem that is over. */
function solution(problem, place) {
  const answer = titled("The answer", fieldFor(problem.question, () => {}).describe(rightAnswer(problem.question)));
  const why = titled("Why", node("div", { html: problem.question.explanation }));
  return place.closed === "solved" ? [why] : [answer, why];
}

/** One problem. `act` has answer(value), hint(), skip() and next(). */
export function problemView(payload, number, act) {
  const { rules } = payload;
  const problem = payload.problems[number];
  const { question } = problem;
  const promptId = freshId();
  const status = node("div", { role: "status", class: "mlc-feedback", tabindex: -1 });
  const hinted = node("div", { role: "status", class: "mlc-feedback", tabindex: -1 });
  const moved = node("div", { role: "status", class: "mlc-unseen" });
  const facts = node("p", { class: "mlc-facts soft" });
  const field = fieldFor(question, (text) => (moved.textContent = text));
  const heading = `Problem ${number + 1} of ${payload.problems.length}: ${problem.concept}`;
  const legend = node("legend", { tabindex: -1, text: heading });
  const button = (text, click, main = false) =>
    node("button", { type: "button", class: main ? "mlc-main" : false, text, on: { click } });
  const check = button("Check", submit, true);
  const hint = button(`Hint (costs ${rules.hint} points)`, act.hint);
  const skip = button("Give up this problem", act.skip);
  const next = button("", act.next, true);
  const fields = node(
    "fieldset",
    { class: "mlc-question", "aria-describedby": promptId },
    legend,
    facts,
    node("div", { id: promptId, class: "mlc-prompt", html: question.prompt }),
    field.field,
    node("div", { class: "mlc-buttons" }, check, hint, skip),
    hinted,
    status,
    moved,
    node("div", { class: "mlc-buttons" }, next),
  );
  const root = node(
    "form",
    { on: { submit: (event) => event.preventDefault(), keydown: enter, input: () => field.mark(null) } },
    fields,
  );
  let drawn = null;

  function enter(event) {
    const entry = event.target.tagName;
    if (event.key !== "Enter" || entry === "BUTTON" || entry === "A" || entry === "SUMMARY") return;
    if (entry === "TEXTAREA" && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!check.hidden) submit();
  }

  function submit() {
    const answer = field.read();
    const result = answer === null ? { answered: false } : grade(question, answer);
    if (result.answered) {
      act.answer(answer);
    } else {
      status.replaceChildren(...(result.notes ? told(result) : [node("p", { text: "Choose an answer first." })]));
    }
  }

  function factsOf(place) {
    if (place.closed) return `${place.points} of ${rules.full} points.`;
    const made = place.answers.length;
    const stake = Math.max(0, rules.full - rules.again * made - (place.hint ? rules.hint : 0));
    return `Attempt ${made + 1} of ${problem.attempts}. ${stake} points to win.`;
  }

  function draw(state) {
    const place = state.places[number];
    const key = JSON.stringify([place, state.finished]);
    if (key === drawn) return;
    const first = drawn === null;
    drawn = key;
    const held = root.contains(document.activeElement) ? document.activeElement : null;
    facts.textContent = factsOf(place);
    const newest = place.answers.at(-1);
    const result = newest === undefined ? null : grade(question, newest);
    if (result && (first || place.closed)) field.write(newest);
    if (place.closed) field.lock();
    field.mark(result);
    for (const press of [check, hint, skip]) press.hidden = Boolean(place.closed);
    hint.hidden ||= place.hint;
    if (place.hint && !hinted.hasChildNodes()) {
      hinted.append(node("p", { class: "mlc-title", text: "Hint" }), node("div", { html: problem.hint }));
    }
    const left = problem.attempts - place.answers.length;
    const parts = result ? [judged(result), ...told(result)] : [];
    if (result && !place.closed) parts.push(node("p", { text: `${counted(left, "attempt")} left.` }));
    if (ENDED[place.closed]) parts.push(node("p", { class: "mlc-result", text: ENDED[place.closed] }));
    if (place.closed) parts.push(...solution(problem, place));
    status.replaceChildren(...parts);
    next.hidden = !place.closed;
    const following = payload.problems[number + 1];
    const time = following && state.clock ? ` (time: ${clockTime(following.seconds)})` : "";
    next.textContent = following ? `Open problem ${number + 2}${time}` : "See the result";
    // The control that the student was on is gone: go on at what it brought, not at the page's top. (Not at the
    // next button: whoever holds Enter a moment too long would begin the next problem's time.)
    if (held && (held.hidden || held.disabled)) (place.closed ? status : hinted).focus();
  }

  return { root, draw, focus: () => legend.focus() };
}

/** Name a result in words and a sign. */
export function badgeWords(state, title) {
  const how = state.clock ? "" : ", without clock";
  const which = state.run > 1 ? `, run ${state.run}` : "";
  if (!state.badge) return `No badge this time${how}${which}. Each run is a new chance.`;
  const name = state.badge.name[0].toUpperCase() + state.badge.name.slice(1);
  return `${state.badge.sign} ${name} badge: ${title}${how}${which}`;
}

/** The result of a run: badge, points, every problem with its answer, and a way to begin anew. */
export function resultView(payload, act) {
  const title = node("p", { class: "mlc-title", tabindex: -1, text: payload.title });
  const body = node("div");
  const again = node("button", { type: "button", text: "Start again", on: { click: act.again } });
  const root = node("div", {}, title, body, node("div", { class: "mlc-buttons" }, again));
  const words = { solved: "✓ solved", attempts: "✗ not solved", time: "✗ time over", skipped: "– given up" };
  let drawn = null;

  function draw(state) {
    const key = `${state.run} ${state.points}`;
    if (key === drawn) return;
    drawn = key;
    const rows = state.places.map((place, i) => [
      `${i + 1}`,
      payload.problems[i].concept,
      words[place.closed],
      `${place.answers.length} of ${payload.problems[i].attempts}`,
      place.hint ? "yes" : "no",
      `${place.points} of ${payload.rules.full}`,
    ]);
    const looks = state.places.map((place, i) => {
      const problem = payload.problems[i];
      return node(
        "details",
        {},
        node("summary", { text: `Problem ${i + 1}: ${problem.concept}` }),
        node("div", { class: "mlc-prompt", html: problem.question.prompt }),
        ...(problem.question.code ? [node("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, node("code", { text: problem.question.code }))] : []),
        ...solution(problem, { closed: "seen" }),
      );
    });
    body.replaceChildren(
      node("p", { class: "mlc-badge", text: badgeWords(state, payload.name) }),
      node("p", { text: `${state.points} of ${state.most} points.` }),
      problemTable("Your run", ["Problem", "Topic", "Result", "Attempts", "Hint", "Points"], rows),
      titled("Look again", ...looks),
    );
  }

  return { root, draw, focus: () => title.focus() };
}
