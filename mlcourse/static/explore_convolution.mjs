// Chapter 09's playground: slide a kernel over a digit, edit it, and see the feature map.

import { node } from "./element.mjs";
import { playground } from "./explore.mjs";
import { button, checks, choice, row, slider } from "./explore_controls.mjs";
import { total } from "./explore_math.mjs";

const K = 3;

/** The nine products of window and kernel, row by row. */
export function products(picture, kernel, r, c) {
  return kernel.map((w, i) => w * picture[r + Math.floor(i / K)][c + (i % K)]);
}

/** The feature map: the sum of the products at every place where the kernel fits; with ReLU, no negative numbers. */
export function featureMap(picture, kernel, relu = false) {
  const rows = picture.length - K + 1;
  const columns = picture[0].length - K + 1;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => {
      const sum = total(products(picture, kernel, r, c));
      return relu ? Math.max(0, sum) : sum;
    }),
  );
}

/** The largest number of a map and its place; of equal ones the first. */
export function largest(map) {
  const best = { value: -Infinity, row: 0, column: 0 };
  map.forEach((line, r) =>
    line.forEach((value, c) => {
      if (value > best.value) Object.assign(best, { value, row: r, column: c });
    }),
  );
  return best;
}

/** A number as short as it is: 3, 0.5, −12. */
export function short(value) {
  return String(value === 0 ? 0 : value).replace("-", "−");
}

function nameOf(presets, kernel) {
  return presets.find(({ weights }) => weights.every((w, i) => w === kernel[i]))?.name ?? "";
}

function standing(map, { relu }) {
  const top = largest(map);
  const zeros = map.flat().filter((v) => v === 0).length;
  return `The largest of the ${map.flat().length} numbers is ${short(top.value)}, at row ${top.row}, column ${top.column}; that is all that global max pooling keeps. ${zeros} are 0${relu.length ? ", those that ReLU has cut off among them" : ""}.`;
}

function aboutPlace(picture, { kernel, row: r, column: c, relu }) {
  const sum = total(products(picture, kernel, r, c));
  const cut = relu.length && sum < 0 ? " ReLU makes 0 of it." : "";
  const parts = products(picture, kernel, r, c).filter((p) => p !== 0);
  const how = parts.length ? parts.map((p, i) => (i ? (p < 0 ? ` − ${short(-p)}` : ` + ${short(p)}`) : short(p))).join("") : "nine zeros";
  return `With the window at row ${r}, column ${c}: ${how}${parts.length > 1 ? ` = ${short(sum)}` : ""}.${cut}`;
}

/** One sentence about what the student's last gesture did. */
export function sentence(data, after, before, by) {
  const picture = data.pictures[Number(after.digit)];
  const map = featureMap(picture, after.kernel, after.relu.length > 0);
  if (by === "row" || by === "column") return aboutPlace(picture, after);
  const weight = /^weight (\d)$/.exec(by ?? "")?.[1];
  if (weight !== undefined) {
    const i = Number(weight);
    const was = featureMap(data.pictures[Number(before.digit)], before.kernel, before.relu.length > 0).flat();
    const changed = map.flat().filter((v, k) => v !== was[k]).length;
    const sum = total(after.kernel);
    return `The weight in row ${Math.floor(i / K)}, column ${i % K} of the kernel went from ${short(before.kernel[i])} to ${short(after.kernel[i])}: ${changed} of ${was.length} numbers of the map changed. All nine weights add up to ${short(sum)}${sum === 0 ? ", so where nothing changes the answer is 0" : ""}.`;
  }
  if (by === "preset") return `The kernel for ${nameOf(data.presets, after.kernel)}. ${standing(map, after)}`;
  if (by === "digit") return `The same kernel on a ${after.digit}. ${standing(map, after)}`;
  return standing(map, after);
}

/** A table of pixels whose cells are told their number, shade and frame. */
function pixels(caption, rows, columns) {
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => node("td", { class: "num" })));
  const head = node("tr", {}, node("td", {}), ...cells[0].map((_, c) => node("th", { scope: "col", text: c })));
  const body = cells.map((line, r) => node("tr", {}, node("th", { scope: "row", text: r }), ...line));
  const table = node("table", { class: "mlc-pixels" }, node("caption", { text: caption }), node("thead", {}, head), node("tbody", {}, ...body));
  return {
    root: node("div", { class: "scroll" }, table),
    show(values, { scale, framed }) {
      cells.forEach((line, r) =>
        line.forEach((cell, c) => {
          const value = values[r][c];
          const text = short(value);
          if (cell.textContent !== text) cell.textContent = text;
          const share = Math.round((Math.min(1, Math.abs(value) / scale) || 0) * 40);
          const colour = value < 0 ? "var(--mlc-blue)" : "var(--mlc-orange)";
          cell.style.background = `color-mix(in srgb, ${colour} ${share}%, transparent)`;
          cell.classList.toggle("mlc-framed", framed(r, c));
        }),
      );
    },
  };
}

export default playground((pg) => {
  const { pictures, presets, least, largest: most, step } = pg.data;
  const side = pictures[0].length;
  const last = side - K;
  const digit = choice({
    label: "Digit",
    choices: pictures.map((_, i) => ({ value: String(i), text: String(i) })),
    value: pg.value.digit,
    move: (v) => pg.set({ digit: v }, "digit"),
  });
  const ready = presets.map(({ name, weights }) => button({ text: name, pressed: false, press: () => pg.set({ kernel: [...weights] }, "preset") }));
  const relu = checks({ label: "After the sum", choices: [{ value: "relu", text: "ReLU: negative numbers become 0" }], value: pg.value.relu, move: (v) => pg.set({ relu: v }, "relu") });
  const place = (what, label) => slider({ label, min: 0, max: last, step: 1, value: pg.value[what], write: short, move: (v) => pg.set({ [what]: v }, what) });
  const down = place("row", "Window: row");
  const across = place("column", "Window: column");
  const weights = pg.value.kernel.map((w, i) =>
    slider({
      label: `Weight in row ${Math.floor(i / K)}, column ${i % K} of the kernel`,
      hideLabel: true,
      min: least,
      max: most,
      step,
      value: w,
      write: short,
      move: (v) => pg.set({ kernel: pg.value.kernel.with(i, v) }, `weight ${i}`),
    }),
  );
  const lines = [0, 1, 2].map((r) => node("tr", {}, ...weights.slice(r * K, r * K + K).map((w) => node("td", {}, w.root))));
  const kernel = node("div", { class: "scroll" }, node("table", { class: "mlc-kernel" }, node("caption", { text: "The kernel: nine weights" }), node("tbody", {}, ...lines)));
  const seen = pixels("The digit, and the window on it", side, side);
  const made = pixels("Its feature map", last + 1, last + 1);
  pg.add(
    digit.root,
    node("div", { class: "mlc-row", role: "group", "aria-label": "Kernels that are ready" }, ...ready.map((b) => b.root)),
    kernel,
    node("div", { class: "mlc-window" }, row(down, across)),
    node("div", { class: "mlc-sheets" }, seen.root, made.root),
    relu.root,
  );

  return (now, { before, by }) => {
    const picture = pictures[Number(now.digit)];
    const map = featureMap(picture, now.kernel, now.relu.length > 0);
    digit.show(now.digit);
    relu.show(now.relu);
    down.show(now.row);
    across.show(now.column);
    weights.forEach((w, i) => w.show(now.kernel[i]));
    const name = nameOf(presets, now.kernel);
    ready.forEach((b, i) => b.show({ pressed: presets[i].name === name }));
    seen.show(picture, { scale: 16, framed: (r, c) => r >= now.row && r < now.row + K && c >= now.column && c < now.column + K });
    made.show(map, { scale: Math.max(...map.flat().map(Math.abs)), framed: (r, c) => r === now.row && c === now.column });
    const first = by === null || by === "reset";
    pg.say(first ? aboutPlace(picture, now) : sentence(pg.data, now, before, by), { aloud: by !== null });
  };
});
