// What the final test shows: its start, the questions, the moment before it is handed in. No view keeps
// answers or marks them itself: each asks `act` to make events.

import { freshId, node } from "./element.mjs";
import { fieldFor } from "./quiz_inputs.mjs";
import { gradeGiven } from "./final_rules.mjs";

export function plainButton(text, click, main = false) {
  return node("button", { type: "button", class: main ? "mlc-main" : false, text, on: { click } });
}

/** What is said before a test begins. */
export function finalStart(payload, begin) {
  const title = node("p", { class: "mlc-title", tabindex: -1, text: payload.title });
  const n = payload.questions.length;
  const root = node(
    "div",
    {},
    title,
    node("p", { text: `${n} question${n === 1 ? "" : "s"} from all over the course, mixed. No clock runs.` }),
    node(
      "ul",
      {},
      node("li", { text: "This is an exam: you hear nothing about your answers before you hand in. Then you see every question with its answer and the reason. (To practise with an answer after each question, use quiz.review().)" }),
      node("li", { text: "You can go back and change an answer until you hand in. You can stop at any time: run the cell again, and the test goes on where it was." }),
      node("li", { text: "Tick “Just a guess” when you guessed. A guess that was right does not count as something you are sure of; the score is the same." }),
      node("li", { text: `This is the test with the seed ${payload.seed}.${payload.before ? ` ${payload.before}` : ""}` }),
    ),
    node("div", { class: "mlc-buttons" }, plainButton("Begin the test", begin, true)),
  );
  return { root, draw() {}, focus: () => title.focus() };
}

/** One question of a running test. `act.answer(id, answer, guess)` keeps it; `act.next()` goes on. */
function card(payload, number, act) {
  const question = payload.questions[number];
  const promptId = freshId();
  const moved = node("div", { role: "status", class: "mlc-unseen" });
  const field = fieldFor(question, (text) => (moved.textContent = text));
  const legend = node("legend", { tabindex: -1, text: `Question ${number + 1} of ${payload.questions.length}` });
  const guess = node("input", { type: "checkbox" });
  const note = node("p", { class: "mlc-note soft" });
  const fields = node(
    "fieldset",
    { class: "mlc-question", "aria-describedby": promptId },
    legend,
    node("div", { id: promptId, class: "mlc-prompt", html: question.prompt }),
    field.field,
    node("label", { class: "mlc-option mlc-guess" }, guess, node("span", { text: "Just a guess" })),
    note,
    moved,
  );
  const root = node("form", { on: { submit: (event) => event.preventDefault(), change: save, click: save, keydown: enter } }, fields);
  field.write(undefined);
  let last = written(); // what is kept, or the untouched field: neither is an answer to keep
  let kept = null;

  function written() {
    return JSON.stringify([field.read(), guess.checked]);
  }

  function save() {
    const now = written();
    const answer = field.read();
    if (now === last || answer === null) return;
    // A guess that is ticked beside a field still untouched is no answer yet.
    if (!kept && JSON.stringify(answer) === JSON.stringify(JSON.parse(last)[0])) return;
    last = now;
    kept = { answer, guess: guess.checked };
    act.answer(question.id, answer, guess.checked);
  }

  function enter(event) {
    const entry = event.target.tagName;
    if (event.key !== "Enter" || entry === "BUTTON" || entry === "A") return;
    if (entry === "TEXTAREA" && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    act.next();
  }

  function draw(given) {
    if (given && JSON.stringify([given.answer, given.guess]) !== last) {
      field.write(given.answer);
      guess.checked = given.guess;
      last = written();
    }
    kept = given ?? kept;
    const text = gradeGiven(question, given) ? "Kept. You can change it until you hand in." : given ? "Kept, but not finished." : "Not answered yet.";
    if (note.textContent !== text) note.textContent = text;
  }

  return { root, draw, save, focus: () => legend.focus() };
}

/** The running test: one question at a time, a list to jump by, and the way to hand in. */
export function finalQuestions(payload, act) {
  const n = payload.questions.length;
  let place = 0;
  let current = null;
  let state = null;
  const stage = node("div");
  const jumps = payload.questions.map((_, i) => node("button", { type: "button", class: "mlc-small", on: { click: () => go(i) } }));
  const nav = node("nav", { class: "mlc-jumps", "aria-label": "Questions of the test" }, ...jumps);
  const back = plainButton("Back", () => go(place - 1));
  const next = plainButton("Next question", () => forward(), true);
  const count = node("p", { class: "mlc-score" });
  const hand = plainButton("Hand in …", () => {
    current.save();
    act.ask();
  });
  const root = node("div", {}, stage, node("div", { class: "mlc-buttons" }, back, next), node("div", { class: "mlc-foot" }, count, hand), nav);

  function forward() {
    if (place < n - 1) go(place + 1);
    else {
      current.save();
      act.ask();
    }
  }

  function open(i) {
    place = i;
    current = card(payload, i, { answer: act.answer, next: forward });
    stage.replaceChildren(current.root);
  }

  function go(i) {
    current.save();
    open(i);
    draw(state);
    current.focus();
  }

  function draw(now) {
    const first = state === null;
    state = now;
    // Begun before: go on at the first question without an answer.
    if (first) open(Math.max(0, payload.questions.findIndex((q) => !gradeGiven(q, now.given.get(q.id)))));
    current.draw(now.given.get(payload.questions[place].id));
    let answered = 0;
    for (const [i, question] of payload.questions.entries()) {
      const given = now.given.get(question.id);
      const done = gradeGiven(question, given) !== null;
      answered += Number(done);
      const words = !done ? "not answered" : given.guess ? "answered, a guess" : "answered";
      jumps[i].textContent = `${i + 1}${!done ? "" : given.guess ? " ?" : " ✓"}`;
      jumps[i].setAttribute("aria-label", `Question ${i + 1}, ${words}`);
      if (i === place) jumps[i].setAttribute("aria-current", "step");
      else jumps[i].removeAttribute("aria-current");
    }
    count.textContent = `${answered} of ${n} answered`;
    back.disabled = place === 0;
    next.textContent = place < n - 1 ? "Next question" : "Hand in …";
    hand.hidden = place === n - 1;
  }

  return { root, draw, focus: () => current.focus() };
}

/** The moment before handing in: what is still open, and the last way back. */
export function finalAsk(payload, state, act) {
  const open = payload.questions.flatMap((q, i) => (gradeGiven(q, state.given.get(q.id)) ? [] : [i + 1]));
  const title = node("p", { class: "mlc-title", tabindex: -1, text: "Hand in?" });
  const words = open.length
    ? `${open.length} of ${payload.questions.length} ${open.length === 1 ? "is" : "are"} not answered: ${open.join(", ")}. What is not answered counts as not known.`
    : `All ${payload.questions.length} are answered.`;
  const root = node(
    "div",
    {},
    title,
    node("p", { text: `${words} After this nothing can be changed.` }),
    node("div", { class: "mlc-buttons" }, plainButton("Hand in now", act.handIn, true), plainButton("Back to the questions", act.back)),
  );
  return { root, draw() {}, focus: () => title.focus() };
}
