// The field of each kind of question: shows it, reads it, marks it. Each returns
// { field, read(), write(answer), lock(), mark(grade), describe(answer) }.

import { freshId, node } from "./element.mjs";

const LETTERS = "ABCDEFGH";

function optionRow(type, name, label, html) {
  const input = node("input", { type, name });
  const verdict = node("span", { class: "mlc-verdict" });
  const row = node("label", { class: "mlc-option" }, input, label, node("span", { class: "mlc-text", html }), verdict);
  return { input, row, verdict };
}

/** Say in words and with a sign, never by colour alone, how one part was judged. */
function judge(element, good, words) {
  element.textContent = words ? `${good ? "✓" : "✗"} ${words}` : "";
  element.classList.toggle("good", Boolean(words) && good);
  element.classList.toggle("bad", Boolean(words) && !good);
}

function radios(texts, values) {
  const name = freshId();
  const letter = (i) => (texts.length > 2 ? node("span", { class: "mlc-letter", text: `${LETTERS[i]}.` }) : null);
  const rows = texts.map((html, i) => optionRow("radio", name, letter(i), html));
  const picked = () => rows.findIndex((row) => row.input.checked);
  return {
    field: node("div", { class: "mlc-options" }, ...rows.map((r) => r.row)),
    read: () => (picked() < 0 ? null : values[picked()]),
    write: (answer) => rows.forEach((row, i) => (row.input.checked = values[i] === answer)),
    lock: () => rows.forEach((row) => (row.input.disabled = true)),
    mark: (result) => rows.forEach((row) => judge(row.verdict, result?.correct, row.input.checked && result && (result.correct ? "right" : "not right"))),
    describe: (answer) => node("span", { html: texts[values.indexOf(answer)] }),
  };
}

function single(question) {
  return radios(question.choices.map((c) => c.text), question.choices.map((_, i) => i));
}

function myth() {
  return radios(["True", "False"], [true, false]);
}

function several(question) {
  const rows = question.choices.map((c) => optionRow("checkbox", freshId(), null, c.text));
  const words = (ticked, good) => {
    if (good) return ticked ? "belongs" : "rightly left out";
    return ticked ? "does not belong" : "is missing";
  };
  return {
    field: node("div", { class: "mlc-options" }, ...rows.map((r) => r.row)),
    read: () => rows.flatMap((row, i) => (row.input.checked ? [i] : [])),
    write: (answer) => rows.forEach((row, i) => (row.input.checked = Array.isArray(answer) && answer.includes(i))),
    lock: () => rows.forEach((row) => (row.input.disabled = true)),
    mark: (result) => rows.forEach((row, i) => judge(row.verdict, result?.marks[i], result && words(row.input.checked, result.marks[i]))),
    describe: (answer) => node("ul", {}, ...answer.map((i) => node("li", { html: question.choices[i].text }))),
  };
}

function numeric(question) {
  const input = node("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 12, class: "mlc-entry" });
  const verdict = node("span", { class: "mlc-verdict" });
  const unit = question.unit ? node("span", { text: ` ${question.unit}` }) : null;
  return {
    field: node("div", { class: "mlc-line" }, node("label", {}, "Your number ", input, unit), verdict),
    read: () => input.value,
    write: (answer) => (input.value = answer ?? ""),
    lock: () => (input.readOnly = true),
    mark: (result) => judge(verdict, result?.correct, result && (result.correct ? "right" : "not right")),
    describe: (answer) => node("span", { text: `${answer} ${question.unit}`.trim() }),
  };
}

function output(question) {
  const rows = Math.max(1, question.answer.split("\n").length);
  const area = node("textarea", { rows: Math.min(rows + 1, 8), cols: 40, spellcheck: "false", autocomplete: "off", class: "mlc-entry mlc-code" });
  const verdict = node("span", { class: "mlc-verdict" });
  return {
    field: node("div", {}, codeBlock(question.code), node("label", { class: "mlc-stack" }, "It prints", area), verdict),
    read: () => area.value,
    write: (answer) => (area.value = answer ?? ""),
    lock: () => (area.readOnly = true),
    mark: (result) => judge(verdict, result?.correct, result && (result.correct ? "right" : "not right")),
    describe: (answer) => codeBlock(answer),
  };
}

function codeBlock(code) {
  // Focusable, so that a line wider than the page can be scrolled by keyboard.
  return node("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, node("code", { text: code }));
}

function blanks(question) {
  const gaps = question.blanks.map((blank, i) => {
    const width = Math.max(...blank.accept.map((text) => text.length), 6) + 4;
    const input = node("input", { type: "text", size: width, spellcheck: "false", autocomplete: "off", autocapitalize: "off", class: "mlc-entry mlc-code", "aria-label": `Blank ${i + 1}` });
    return { input, verdict: node("span", { class: "mlc-verdict" }) };
  });
  const code = node("code", {}, question.pieces[0]);
  gaps.forEach((gap, i) => code.append(gap.input, gap.verdict, question.pieces[i + 1]));
  const filled = (answer) => question.pieces[0] + answer.map((text, i) => text + question.pieces[i + 1]).join("");
  return {
    field: node("pre", { class: "mlc-blanks" }, code),
    read: () => gaps.map((gap) => gap.input.value),
    write: (answer) => gaps.forEach((gap, i) => (gap.input.value = answer?.[i] ?? "")),
    lock: () => gaps.forEach((gap) => (gap.input.readOnly = true)),
    mark: (result) => gaps.forEach((gap, i) => judge(gap.verdict, result?.marks[i], result && (result.marks[i] ? "right" : "not right"))),
    describe: (answer) => codeBlock(filled(answer)),
  };
}

/** Whether an answer holds just these steps: what was kept may be of a question that has been changed since. */
function isOrder(answer, steps) {
  return Array.isArray(answer) && answer.length === steps.length && steps.every((step) => answer.includes(step));
}

function order(question, announce) {
  let current = [...question.shown];
  let locked = false;
  let result = null;
  const list = node("ol", { class: "mlc-order" });
  const move = (from, to) => {
    const [step] = current.splice(from, 1);
    current.splice(to, 0, step);
    result = null;
    draw();
    const buttons = list.children[to].querySelectorAll("button");
    const wanted = buttons[to < from ? 0 : 1];
    (wanted.disabled ? buttons[to < from ? 1 : 0] : wanted).focus();
    announce(`Moved to place ${to + 1} of ${current.length}.`);
  };
  const button = (sign, label, from, to) =>
    node("button", { type: "button", class: "mlc-small", "aria-label": label, disabled: locked || to < 0 || to >= current.length, on: { click: () => move(from, to) }, text: sign });
  const draw = () => {
    const rows = current.map((step, i) => {
      const text = node("span", { class: "mlc-text", html: question.slots[step] });
      const verdict = node("span", { class: "mlc-verdict" });
      const plain = text.textContent;
      judge(verdict, result?.marks[i], result && (result.marks[i] ? "right place" : "wrong place"));
      return node("li", {}, button("↑", `Move up: ${plain}`, i, i - 1), button("↓", `Move down: ${plain}`, i, i + 1), text, verdict);
    });
    list.replaceChildren(...rows);
  };
  draw();
  return {
    field: list,
    read: () => [...current],
    write: (answer) => {
      current = isOrder(answer, question.shown) ? [...answer] : [...question.shown];
      draw();
    },
    lock: () => {
      locked = true;
      draw();
    },
    mark: (judged) => {
      result = judged ?? null;
      draw();
    },
    describe: (answer) => node("ol", {}, ...answer.map((i) => node("li", { html: question.slots[i] }))),
  };
}

function pairsList(question, answer) {
  const pair = (slot, i) => node("li", {}, node("span", { html: slot }), " → ", node("span", { html: question.offered[answer[i]] }));
  return node("ul", {}, ...question.slots.map(pair));
}

function match(question) {
  const plain = question.offered.map((html) => node("span", { html }).textContent);
  const rows = question.slots.map((html) => {
    const options = plain.map((text, i) => node("option", { value: i, text }));
    const select = node("select", { class: "mlc-entry" }, node("option", { value: "", text: "choose …" }), ...options);
    const verdict = node("span", { class: "mlc-verdict" });
    const row = node("div", { class: "mlc-pair" }, node("label", {}, node("span", { class: "mlc-text", html }), select), verdict);
    return { select, verdict, row };
  });
  return {
    field: node("div", { class: "mlc-options" }, ...rows.map((r) => r.row)),
    read: () => rows.map((row) => (row.select.value === "" ? null : Number(row.select.value))),
    write: (answer) => rows.forEach((row, i) => (row.select.value = String(answer?.[i] ?? ""))),
    lock: () => rows.forEach((row) => (row.select.disabled = true)),
    mark: (result) => rows.forEach((row, i) => judge(row.verdict, result?.marks[i], result && (result.marks[i] ? "right" : "not right"))),
    describe: (answer) => pairsList(question, answer),
  };
}

function sort(question) {
  const rows = question.slots.map((html) => {
    const name = freshId();
    const options = question.offered.map((text) => optionRow("radio", name, null, text));
    const verdict = node("span", { class: "mlc-verdict" });
    const row = node("fieldset", { class: "mlc-scenario" }, node("legend", { html }), node("div", { class: "mlc-inline" }, ...options.map((o) => o.row), verdict));
    return { options, verdict, row };
  });
  const picked = (row) => row.options.findIndex((option) => option.input.checked);
  return {
    field: node("div", {}, ...rows.map((r) => r.row)),
    read: () => rows.map((row) => (picked(row) < 0 ? null : picked(row))),
    write: (answer) => rows.forEach((row, i) => row.options.forEach((option, j) => (option.input.checked = answer?.[i] === j))),
    lock: () => rows.forEach((row) => row.options.forEach((option) => (option.input.disabled = true))),
    mark: (result) => rows.forEach((row, i) => judge(row.verdict, result?.marks[i], result && (result.marks[i] ? "right" : "not right"))),
    describe: (answer) => pairsList(question, answer),
  };
}

const kinds = { single, several, myth, numeric, output, blanks, order, match, sort };

/** Return the field for a question; `announce` tells a screen reader what moved. */
export function fieldFor(question, announce) {
  return kinds[question.type](question, announce);
}
