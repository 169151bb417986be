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
 * Keep a box that scrolls sideways within reach of the keyboard: while its table is wider than the page, Tab stops at it,
 * the arrow keys scroll it, and a screen reader says so. A table that `stacks` is set one cell under the other instead.
 */
function fitted(box, table, caption, stacks) {
  if (!globalThis.ResizeObserver || box.hasAttribute("tabindex")) return;
  let needed = 0; // the width that the table asked for when it last stood side by side
  const fit = () => {
    const width = box.clientWidth;
    if (!width) return; // not on the page
    if (stacks && needed && width >= needed) box.classList.remove("mlc-stacked");
    const stacked = box.classList.contains("mlc-stacked");
    const wide = box.scrollWidth > width + 1;
    if (stacks && wide && !stacked) {
      needed = box.scrollWidth;
      box.classList.add("mlc-stacked");
      return fit();
    }
    const scrolled = { tabindex: "0", role: "group", "aria-label": `${caption}, scrolls sideways` };
    for (const [name, value] of Object.entries(scrolled)) wide ? box.setAttribute(name, value) : box.removeAttribute(name);
  };
  const watch = new ResizeObserver(fit);
  [box, table].forEach((one) => watch.observe(one));
}

/**
 * A table: `head` texts, then rows of cells, each a text or a control or a node; a row's first cell is its heading.
 * `foot` are rows that sum up; they look it. `numeric` names the columns set flush right. A table that `stacks` puts a
 * row's cells under each other where the page is too narrow, each with its column's name; others scroll sideways.
 */
export function grid({ caption, head, rows, foot = [], numeric = [], stacks = false }) {
  const place = (cell) => cell?.root ?? cell ?? "";
  // A stacked table is no table to the style sheet; the roles keep it one for screen readers.
  const role = (name) => (stacks ? name : undefined);
  const css = (i) => (numeric.includes(i) ? "num" : undefined);
  const th = (cell, i) => node("th", { class: css(i), scope: "row", role: role("rowheader") }, place(cell));
  const td = (cell, i) => node("td", { class: css(i), role: role("cell"), "data-head": role(head[i]) }, place(cell));
  const line = (cells) => node("tr", { role: role("row") }, ...cells.map((cell, i) => (i ? td : th)(cell, i)));
  const columns = head.map((text, i) => node("th", { scope: "col", role: role("columnheader"), class: css(i), text }));
  const part = (tag, lines) => node(tag, { role: role("rowgroup") }, ...lines);
  const table = node(
    "table",
    { role: role("table") },
    node("caption", { text: caption }),
    part("thead", [node("tr", { role: role("row") }, ...columns)]),
    part("tbody", rows.map(line)),
    foot.length ? part("tfoot", foot.map(line)) : null,
  );
  const root = node("div", { class: "scroll" }, table);
  // The caller may make the box focusable itself; look once it is done.
  queueMicrotask(() => fitted(root, table, caption, stacks));
  return { root, table };
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
