// The controls of the playgrounds. Each is { root, show(value) }: `root` is put on the page, `show` brings it to a value
// and never calls back; `move(value)` is called when the student moves it.

import { freshId, node } from "./element.mjs";
import { num } from "./explore_words.mjs";

/**
 * A labelled slider: a native range input, its value beside it as text.
 *
 * Either `min`, `max` and `step`, or `stops`, the values it may take (uneven ones too). `write` turns the value into
 * what is shown, `say` into what a screen reader says. `hideLabel` keeps the label for screen readers alone, where the
 * page already shows the name, as in a table.
 */
export function slider({ label, min, max, step = 0.1, stops, value, write = (v) => num(v), say = write, move, hideLabel = false }) {
  const id = freshId();
  const range = stops ? { min: 0, max: stops.length - 1, step: 1 } : { min, max, step };
  const fromInput = () => (stops ? stops[Number(input.value)] : Number(input.value));
  const nearest = (v) => stops.reduce((best, stop, i) => (Math.abs(stop - v) < Math.abs(stops[best] - v) ? i : best), 0);
  const input = node("input", { type: "range", id, ...range, on: { input: () => moved() } });
  const text = node("span", { class: "mlc-value", "aria-hidden": "true" });
  const root = node(
    "div",
    { class: "mlc-slider" },
    node("label", { for: id, class: hideLabel ? "mlc-unseen" : "mlc-label", text: label }),
    input,
    text,
  );
  function show(v) {
    const place = String(stops ? nearest(v) : v);
    if (input.value !== place) input.value = place;
    text.textContent = write(v);
    input.setAttribute("aria-valuetext", say(v));
  }
  function moved() {
    const v = fromInput();
    show(v);
    move(v);
  }
  show(value);
  return { root, input, show };
}

function options(type, { label, choices, move, read, inline = true }) {
  const name = freshId();
  const inputs = choices.map(({ value }) => node("input", { type, name, value, on: { change: () => move(read(inputs)) } }));
  const rows = choices.map(({ text }, i) => node("label", { class: "mlc-option" }, inputs[i], node("span", { text })));
  const list = node("div", { class: inline ? "mlc-inline" : "mlc-options" }, ...rows);
  // A form keeps the radio buttons of two views of the same playground apart.
  const root = node("form", { on: { submit: (e) => e.preventDefault() } }, node("fieldset", {}, node("legend", { text: label }), list));
  return { root, inputs };
}

/** One of several: radio buttons. `choices` are { value, text }, values are strings. */
export function choice({ value, ...rest }) {
  const made = options("radio", { ...rest, read: (inputs) => inputs.find((i) => i.checked)?.value });
  const show = (v) => made.inputs.forEach((input) => (input.checked = input.value === v));
  show(value);
  return { ...made, show };
}

/** Any of several: checkboxes. The value is the array of the ticked choices' values, in the order offered. */
export function checks({ value, ...rest }) {
  const made = options("checkbox", { ...rest, read: (inputs) => inputs.filter((i) => i.checked).map((i) => i.value) });
  const show = (v) => made.inputs.forEach((input) => (input.checked = v.includes(input.value)));
  show(value);
  return { ...made, show };
}

/** A button; `show({ text, pressed, disabled })` changes it. A `pressed` button is a switch. */
export function button({ text, pressed, press }) {
  const root = node("button", { type: "button", text, on: { click: () => press() } });
  const show = (change) => {
    if (change.text !== undefined && root.textContent !== change.text) root.textContent = change.text;
    if (change.pressed !== undefined) root.setAttribute("aria-pressed", String(change.pressed));
    if (change.disabled !== undefined) root.disabled = change.disabled;
  };
  show({ pressed });
  return { root, show };
}

/** Controls side by side, which wrap on a narrow page. */
export function row(...controls) {
  return node("div", { class: "mlc-row" }, ...controls.map((c) => c.root ?? c));
}

/**
 * A table: `head` texts, then rows of cells, each a text or a control or a node; a row's first cell is its heading.
 * `foot` are rows that sum up; they look it. `numeric` names the columns set flush right.
 */
export function grid({ caption, head, rows, foot = [], numeric = [] }) {
  const place = (cell) => cell?.root ?? cell ?? "";
  const css = (i) => (numeric.includes(i) ? "num" : undefined);
  const line = (cells) =>
    node("tr", {}, ...cells.map((cell, i) => node(i ? "td" : "th", { class: css(i), scope: i ? undefined : "row" }, place(cell))));
  const top = node("tr", {}, ...head.map((text, i) => node("th", { scope: "col", class: css(i), text })));
  const table = node(
    "table",
    {},
    node("caption", { text: caption }),
    node("thead", {}, top),
    node("tbody", {}, ...rows.map(line)),
    foot.length ? node("tfoot", {}, ...foot.map(line)) : null,
  );
  return { root: node("div", { class: "scroll" }, table), table };
}

/** A place for a text that changes. */
export function text(value = "", css) {
  const root = node("span", { class: css, text: value });
  return {
    root,
    show: (now) => {
      if (root.textContent !== now) root.textContent = now;
    },
  };
}

/**
 * A bar with its number and, where wanted, a mark in words and a line at a limit. The number is the text; the bar only
 * draws it. `colour` is one of blue, orange, green, purple.
 */
export function bar({ max = 1, digits = 2, colour = "blue" } = {}) {
  const fill = node("span", { class: `mlc-fill mlc-${colour}` });
  const limit = node("span", { class: "mlc-limit", hidden: true });
  const number = node("span", { class: "mlc-number" });
  const mark = node("span", { class: "mlc-mark" });
  const root = node("div", { class: "mlc-bar" }, node("span", { class: "mlc-track", "aria-hidden": "true" }, fill, limit), number, mark);
  const place = (v) => `${num(Math.min(Math.max(v / max, 0), 1) * 100, 1)}%`;
  return {
    root,
    show(value, { marked = "", at } = {}) {
      fill.style.width = place(value);
      number.textContent = num(value, digits);
      if (mark.textContent !== marked) mark.textContent = marked;
      root.classList.toggle("mlc-marked", marked !== "");
      limit.hidden = at === undefined;
      if (at !== undefined) limit.style.left = place(at);
    },
  };
}
