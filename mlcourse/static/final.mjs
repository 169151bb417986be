// The final test: an exam of mixed questions, marked in the browser once it is handed in. `mount` brings one to
// life anywhere; the default export is what anywidget calls. All that is shown follows from a list of events.

import { decodePayload, guardKeys, modelEvents, node } from "./element.mjs";
import { keep, kept } from "./challenge_clock.mjs";
import { finalStanding } from "./final_rules.mjs";
import { finalAsk, finalQuestions, finalStart } from "./final_view.mjs";
import { finalResult } from "./final_result.mjs";

/**
 * Take in what this browser kept and the kernel never heard of (it had stopped): the kept list goes on where
 * the other ends, or it is another run's.
 */
function catchUp(keptName, events) {
  const log = events.log();
  const mine = kept(keptName);
  if (!log.length || !Array.isArray(mine) || mine.length <= log.length) return;
  if (JSON.stringify(mine.slice(0, log.length)) !== JSON.stringify(log)) return;
  for (const event of mine.slice(log.length)) events.add(event);
}

/**
 * Bring a test to life in `root`. `events` is { log(): array, add(event), onChange(callback) }: where the
 * events are kept is the caller's business. Returns a function that takes it down.
 */
export function mount(root, payload, events) {
  const keptName = `mlcourse.final.${payload.key}`;
  const stage = node("div");
  const frame = node("div", { class: "mlc mlc-element mlc-final", role: "region", "aria-label": payload.title }, stage);
  let asking = false;
  let view = null;

  function add(event) {
    const state = finalStanding(payload, events.log());
    events.add({ ...event, run: state.begun ?? event.at });
    keep(keptName, events.log());
    draw();
  }

  function begin() {
    const ids = payload.questions.map((question) => question.id);
    add({ do: "start", at: Date.now(), n: payload.n, seed: payload.seed, ids });
    view.focus();
  }

  function handIn() {
    asking = false;
    add({ do: "hand-in", at: Date.now() });
    view.focus();
  }

  function ask(now) {
    asking = now;
    draw();
    view.focus();
  }

  function made(wanted, state) {
    if (wanted === "start") return finalStart(payload, begin);
    if (wanted === "result") return finalResult(payload);
    if (wanted === "ask") return finalAsk(payload, state, { handIn, back: () => ask(false) });
    const answer = (id, value, guess) => add({ do: "answer", id, answer: value, guess });
    return finalQuestions(payload, { answer, ask: () => ask(true) });
  }

  function draw() {
    const state = finalStanding(payload, events.log());
    let wanted = asking ? "ask" : "questions";
    if (state.begun === null) wanted = "start";
    if (state.handedIn !== null) wanted = "result";
    if (view?.name !== wanted) {
      view = Object.assign(made(wanted, state), { name: wanted });
      stage.replaceChildren(view.root);
    }
    view.draw(state);
  }

  guardKeys(frame);
  root.append(frame);
  catchUp(keptName, events);
  const stop = events.onChange(draw);
  draw();
  return () => {
    stop();
    frame.remove();
  };
}

export default {
  render({ model, el }) {
    return mount(el, decodePayload(model.get("payload")), modelEvents(model));
  },
};
