// Numbers and lists as words, the way mlcourse/_text.py writes them.

/** Write a number with `digits` decimals; a minus sign never stands before zero. */
export function num(value, digits = 2) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = value.toFixed(digits);
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}

/** Write a change with its sign: +0.21, −0.05, 0.00. */
export function signed(value, digits = 2) {
  const text = num(value, digits);
  if (!/[1-9]/.test(text)) return text;
  return text.startsWith("-") ? `−${text.slice(1)}` : `+${text}`;
}

/** Join words as a sentence does: a, b and c. */
export function listed(words, last = "and") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** Write a number of things: 1 label, 2 labels. */
export function counted(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}
