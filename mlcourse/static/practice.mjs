// An exercise or experiment: its prompt, hints one by one, and a solution that asks first.
// The check itself runs in the student's kernel; everything here works without one.

import { decodePayload, freshId, guardKeys, modelEvents, node } from "./element.mjs";

/** Return how far the log says the student has looked: hints seen, solution shown. */
export function looked(payload, log) {
  const mine = log.filter((event) => event.id === payload.id);
  const seen = mine.reduce((most, event) => Math.max(most, event.hint ?? 0), 0);
  return { hints: Math.min(seen, payload.hints.length), shown: mine.some((event) => event.shown) };
}

function disclosure(summary, html) {
  return node("details", { class: "mlc-more" }, node("summary", { text: summary }), node("div", { html }));
}

/** Bring a task to life in `root`; `events` is { log(), add(event), onChange(callback) }. */
export function mount(root, payload, events) {
  const titleId = freshId();
  const frame = node("div", { class: "mlc mlc-element mlc-task", role: "region", "aria-label": payload.title });
  guardKeys(frame);
  const hint = node("button", { type: "button", on: { click: nextHint } });
  const ask = node("button", { type: "button", text: "Show a solution", on: { click: () => sure(true) } });
  const question = node("p", {});
  const yes = node("button", { type: "button", text: "Show it", on: { click: show } });
  const no = node("button", { type: "button", text: "Not yet", on: { click: () => sure(false) } });
  const dialog = node("div", { hidden: true, role: "group", "aria-label": "Show a solution?", class: "mlc-sure" }, question, node("div", { class: "mlc-buttons" }, yes, no));
  const hints = node("ol", { class: "mlc-hints" });
  const hintBox = node("div", { role: "status", class: "mlc-feedback" });
  const solution = node("div", { role: "status", class: "mlc-feedback", tabindex: -1 });
  frame.append(
    node("p", { class: "mlc-title", id: titleId, text: payload.title }),
    node("p", { class: "soft mlc-facts", text: payload.facts }),
    node("div", { class: "mlc-prompt", html: payload.prompt }),
    disclosure("The code to begin with", payload.starter),
    hintBox,
    node("div", { class: "mlc-buttons" }, hint, ask),
    dialog,
    solution,
  );
  root.append(frame);

  function nextHint() {
    const { hints: seen } = looked(payload, events.log());
    if (seen < payload.hints.length) events.add({ id: payload.id, hint: seen + 1 });
  }

  function sure(open) {
    const left = payload.hints.length - looked(payload, events.log()).hints;
    const first = left ? `There ${left === 1 ? "is still one hint" : `are still ${left} hints`} that may be all you need. ` : "";
    question.textContent = `${first}What you find yourself stays longer. Show a solution all the same?`;
    dialog.hidden = !open;
    (open ? no : ask).focus();
  }

  function show() {
    dialog.hidden = true;
    events.add({ id: payload.id, shown: true });
    solution.focus();
  }

  let drawn = "";
  function draw() {
    const { hints: seen, shown } = looked(payload, events.log());
    const key = `${seen} ${shown}`;
    if (key === drawn) return;
    drawn = key;
    const all = payload.hints.length;
    hint.textContent = seen < all ? `Hint ${seen + 1} of ${all}` : "No more hints";
    hint.setAttribute("aria-disabled", String(seen >= all));
    // New hints are added behind those that stand, so that a screen reader speaks the new one alone.
    for (let i = hints.children.length; i < seen; i += 1) hints.append(node("li", { html: payload.hints[i] }));
    if (seen && !hintBox.hasChildNodes()) hintBox.append(node("p", { class: "mlc-title", text: "Hints" }), hints);
    ask.hidden = shown;
    if (shown && !solution.hasChildNodes()) {
      solution.append(node("p", { class: "mlc-title", text: "One solution" }), node("div", { html: payload.solution }), node("div", { html: payload.explanation }));
    }
  }

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
