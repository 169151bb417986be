// The quiz elements: quiz, predict, reveal and myth. `mount` brings one to life anywhere; the default
// export is what anywidget calls. The click is answered here, the kernel hears of it afterwards.

import { decodePayload, freshId, guardKeys, modelEvents, node } from "./element.mjs";
import { fieldFor } from "./quiz_inputs.mjs";
import { grade, rightAnswer, standing } from "./quiz_grade.mjs";

// Predictions made on this page, for the reveals further down. Every widget loads its own copy of this
// module, so the meeting point has to be the page.
const PREDICTIONS = Symbol.for("mlcourse.predictions");
const PREDICTED = "mlcourse-predicted";

function predictions() {
  globalThis[PREDICTIONS] ??= new Map();
  return globalThis[PREDICTIONS];
}

// The scores of first answers, for what builds on them elsewhere on the page: the path after the entry test.
const SCORES = Symbol.for("mlcourse.scores");
const SCORED = "mlcourse-scored";

function announceScores(questions, standings) {
  globalThis[SCORES] ??= new Map();
  const news = questions.flatMap(({ id }, i) => (standings[i].first && !globalThis[SCORES].has(id) ? [[id, standings[i].first.score]] : []));
  for (const [id, score] of news) globalThis[SCORES].set(id, score);
  if (news.length) document.dispatchEvent(new CustomEvent(SCORED));
}

function announcePrediction(id, answer) {
  predictions().set(id, answer);
  document.dispatchEvent(new CustomEvent(PREDICTED, { detail: { id } }));
}

function verdict(result) {
  if (result.correct) return node("p", { class: "mlc-result good", text: "✓ Correct." });
  const part = result.score > 0 ? ` ${result.marks.filter(Boolean).length} of ${result.marks.length} right.` : "";
  return node("p", { class: "mlc-result bad", text: `✗ Not quite.${part}` });
}

function section(title, ...content) {
  return node("div", { class: "mlc-section" }, node("p", { class: "mlc-title", text: title }), ...content);
}

function notes(result) {
  return result.notes.map((html) => node("div", { html }));
}

const RULES = {
  quiz: { retry: true, tell: true, verb: "Check" },
  myth: { retry: false, tell: true, verb: "Check", told: "The reality" },
  predict: { retry: false, tell: false, verb: "Commit to this answer" },
};

/** One question with its field, button and feedback. `events` reads and extends the log. */
function questionView(question, heading, rules, events) {
  const promptId = freshId();
  const status = node("div", { role: "status", class: "mlc-feedback" });
  const moved = node("div", { role: "status", class: "mlc-unseen" });
  const field = fieldFor(question, (text) => (moved.textContent = text));
  const legend = node("legend", { tabindex: -1, text: heading });
  const press = node("button", { type: "button", class: "mlc-main", text: rules.verb, on: { click: check } });
  const show = node("button", { type: "button", text: "Show the answer", hidden: true, on: { click: lookUp } });
  const fields = node(
    "fieldset",
    { class: "mlc-question", "aria-describedby": promptId },
    legend,
    node("div", { id: promptId, class: "mlc-prompt", html: question.prompt }),
    field.field,
    node("div", { class: "mlc-buttons" }, press, show),
    status,
    moved,
  );
  // A form keeps the radio buttons of two views of the same question apart.
  const form = node("form", { on: { submit: (event) => event.preventDefault(), keydown: enter, input: changed } }, fields);
  let drawn;

  function enter(event) {
    const entry = event.target.tagName;
    if (event.key !== "Enter" || entry === "BUTTON" || entry === "A") return;
    if (entry === "TEXTAREA" && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!press.hidden) check();
  }

  function changed() {
    // What is judged is the answer that was checked, not the one being made now.
    field.mark(null);
  }

  function check() {
    const answer = field.read();
    const result = answer === null ? { answered: false } : grade(question, answer);
    if (!result.answered) {
      const ask = result.notes ? notes(result) : [node("p", { text: "Choose an answer first." })];
      status.replaceChildren(...ask);
      return;
    }
    events.add({ id: question.id, answer });
  }

  function lookUp() {
    events.add({ id: question.id, shown: true });
    legend.focus();
  }

  function draw() {
    const now = standing(question, events.log());
    const key = JSON.stringify([now.attempts, now.answer, now.shown]);
    if (key === drawn) return;
    if (drawn === undefined || !now.attempts) field.write(now.answer);
    else if (JSON.stringify(field.read()) !== JSON.stringify(now.answer)) field.write(now.answer);
    drawn = key;
    const over = now.grade && (now.grade.correct || !rules.retry);
    const done = over || now.shown;
    press.hidden = Boolean(done);
    show.hidden = !now.grade || Boolean(done);
    if (done) field.lock();
    if (!rules.tell) {
      status.replaceChildren(
        ...(now.grade ? [node("p", { class: "mlc-result", text: "🔒 Locked in. Run on: the answer comes after the cell that shows it." })] : []),
      );
      return;
    }
    field.mark(now.grade);
    const told = now.grade ? [verdict(now.grade), ...notes(now.grade)] : [];
    if (now.shown && !now.grade?.correct) told.push(section("The answer", field.describe(rightAnswer(question))));
    if (done) told.push(section(rules.told ?? "Why", node("div", { html: question.explanation })));
    status.replaceChildren(...told);
  }

  return { root: form, draw, focus: () => legend.focus(), question };
}

function quiz(root, payload, events, rules) {
  const many = payload.questions.length > 1;
  const heading = (i) => (many ? `Question ${i + 1} of ${payload.questions.length}` : payload.heading);
  let views = [];
  let place = 0;
  const paged = many && payload.paged;
  const box = node("div");
  const score = node("p", { class: "mlc-score", role: "status" });
  const again = node("button", { type: "button", text: "Start again", on: { click: restart } });
  const back = node("button", { type: "button", text: "Back", on: { click: () => turn(-1) } });
  const next = node("button", { type: "button", text: "Next question", on: { click: () => turn(1) } });
  const foot = node("div", { class: "mlc-foot" }, paged ? back : null, paged ? next : null, score, again);

  function build() {
    views = payload.questions.map((question, i) => questionView(question, heading(i), rules, events));
    box.replaceChildren(...views.map((view) => view.root));
  }

  function turn(step) {
    place += step;
    draw();
    views[place].focus();
  }

  function restart() {
    events.add({ reset: true });
    place = 0;
    build();
    draw();
    views[0].focus();
  }

  function draw() {
    for (const [i, view] of views.entries()) {
      view.draw();
      view.root.hidden = paged && i !== place;
    }
    back.disabled = place === 0;
    next.disabled = place === views.length - 1;
    const standings = payload.questions.map((question) => standing(question, events.log()));
    announceScores(payload.questions, standings);
    // First answers count: a choice found by trying all of them tells nobody what was known.
    const points = (key) => Math.round(standings.reduce((sum, s) => sum + (s[key]?.score ?? 0), 0) * 10) / 10;
    const [first, now] = [points("first"), points("grade")];
    const later = now > first ? `, ${now} after more tries` : "";
    const some = standings.some((s) => s.grade);
    score.textContent = some ? `First answers: ${first} of ${standings.length} right${later}` : "";
    again.hidden = !standings.some((s) => s.attempts || s.shown);
    foot.hidden = !paged && again.hidden;
  }

  build();
  root.append(box);
  if (rules.retry && (many || payload.kind === "quiz")) root.append(foot);
  return draw;
}

function predict(root, payload, events) {
  const draw = quiz(root, payload, events, RULES.predict);
  const [question] = payload.questions;
  return () => {
    draw();
    const { grade: made, answer } = standing(question, events.log());
    if (made) announcePrediction(question.id, answer);
  };
}

function reveal(root, payload, events) {
  const [question] = payload.questions;
  const status = node("div", { role: "status", class: "mlc-feedback" });
  const title = node("p", { class: "mlc-title", text: payload.heading });
  root.append(title, node("div", { class: "mlc-prompt", html: question.prompt }), status);

  function truth() {
    return section("The answer", fieldFor(question, () => {}).describe(rightAnswer(question)));
  }

  function draw() {
    const known = standing(question, events.log());
    const answer = known.grade ? known.answer : predictions().get(question.id);
    const why = () => section("Why", node("div", { html: question.explanation }));
    if (answer !== undefined) {
      const result = grade(question, answer);
      const mine = section("You predicted", fieldFor(question, () => {}).describe(answer));
      status.replaceChildren(mine, verdict(result), ...notes(result), ...(result.correct ? [] : [truth()]), why());
    } else if (known.shown) {
      status.replaceChildren(truth(), why());
    } else {
      status.replaceChildren(
        node("p", { text: "You ran on without a prediction. You can still go back and make one: it takes a moment, and what one has guessed first is remembered longer." }),
        node("button", { type: "button", text: "Show the answer", on: { click: () => events.add({ id: question.id, shown: true }) } }),
      );
    }
  }

  document.addEventListener(PREDICTED, draw);
  return Object.assign(draw, { stop: () => document.removeEventListener(PREDICTED, draw) });
}

/**
 * Bring an element to life in `root`. `events` is { log(): array, add(event), onChange(callback) }:
 * where the answers are kept is the caller's business. Returns a function that takes it down.
 */
export function mount(root, payload, events) {
  const frame = node("div", { class: "mlc mlc-element", role: "region", "aria-label": payload.title });
  guardKeys(frame);
  root.append(frame);
  const makers = { predict, reveal };
  const draw = (makers[payload.kind] ?? quiz)(frame, payload, events, RULES[payload.kind]);
  const stop = events.onChange(draw);
  draw();
  return () => {
    stop();
    draw.stop?.();
    frame.remove();
  };
}

export default {
  render({ model, el }) {
    return mount(el, decodePayload(model.get("payload")), modelEvents(model));
  },
};
