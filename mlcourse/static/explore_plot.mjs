// A picture with axes: lines, points and cells in the plot's own coordinates, and handles to drag by hand or by keys.

import { node } from "./element.mjs";
import { ticks } from "./explore_math.mjs";
import { num } from "./explore_words.mjs";

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const MARKS = {
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  square: (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  triangle: (r) => `M0 ${-1.2 * r}L${1.2 * r} ${r}H${-1.2 * r}z`,
  diamond: (r) => `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0z`,
  cross: (r) => `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`,
};
const COLOURS = ["blue", "orange", "green", "purple"];
export const MARK_NAMES = Object.keys(MARKS);

/**
 * A plot. `x` and `y` are { label, min, max, ticks?, digits? }. Returns { root, layers…, describe, handle }.
 *
 * line(points, options)    a line; options { colour, dash } where dash is an SVG dash pattern such as "6 4"
 * marks(points, options)   signs at points; options { mark, colour, size, label } where label is a text beside each
 * rule({ x } or { y }, options)   a line across the plot; options { dash, text }
 * cells(rows, colourOf)    rectangles filling the plot, rows from the top; colourOf(value) is a CSS colour
 * each returns { show(points or rows or place) }, called again to move it.
 * describe(text)           what the picture shows, for who does not see it; call it in every draw
 * handle(options)          a round handle to drag; see there
 */
export function plot({ x, y, width = 440, height = 260 }) {
  const edge = { left: 54, right: 14, top: 12, bottom: 44 };
  const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
  const px = (v) => edge.left + ((v - x.min) / (x.max - x.min)) * inner.width;
  const py = (v) => edge.top + ((y.max - v) / (y.max - y.min)) * inner.height;
  const round = (v) => Math.round(v * 10) / 10;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "" });
  const clipId = `mlc-clip-${width}-${height}-${Math.random().toString(36).slice(2, 8)}`;
  const clip = shape("clipPath", { id: clipId });
  clip.append(shape("rect", { x: edge.left, y: edge.top, width: inner.width, height: inner.height }));
  const below = shape("g", {});
  const axes = shape("g", { class: "mlc-axes" });
  const drawn = shape("g", { "clip-path": `url(#${clipId})` });
  const above = shape("g", {});
  svg.append(clip, below, axes, drawn, above);
  const root = node("div", { class: "mlc-plot", style: `max-width:${width}px` });
  root.append(svg);

  function axis(along, place, horizontal) {
    const at = along.ticks ?? ticks(along.min, along.max, horizontal ? 6 : 5);
    const digits = along.digits ?? Math.max(0, ...at.map((v) => (String(v).split(".")[1] ?? "").length));
    for (const v of at) {
      const p = round(place(v));
      const line = horizontal
        ? { x1: p, x2: p, y1: edge.top, y2: edge.top + inner.height }
        : { x1: edge.left, x2: edge.left + inner.width, y1: p, y2: p };
      axes.append(shape("line", { class: "mlc-gridline", ...line }));
      const where = horizontal
        ? { x: p, y: height - edge.bottom + 16, "text-anchor": "middle" }
        : { x: edge.left - 6, y: p + 4, "text-anchor": "end" };
      axes.append(shape("text", where, num(v, digits)));
    }
    const middle = horizontal ? [edge.left + inner.width / 2, height - 8] : [14, edge.top + inner.height / 2];
    const turn = horizontal ? {} : { transform: `rotate(-90 ${middle[0]} ${middle[1]})` };
    axes.append(shape("text", { x: middle[0], y: middle[1], "text-anchor": "middle", ...turn }, along.label));
  }
  axis(x, px, true);
  axis(y, py, false);
  axes.append(shape("rect", { class: "mlc-frame", x: edge.left, y: edge.top, width: inner.width, height: inner.height }));

  const path = (points) => points.map(([a, b], i) => `${i ? "L" : "M"}${round(px(a))} ${round(py(b))}`).join("");

  return {
    root,
    line(points, { colour = "blue", dash = "" } = {}) {
      const made = shape("path", { class: `mlc-curve mlc-${colour}`, "stroke-dasharray": dash });
      const show = (now) => made.setAttribute("d", path(now));
      drawn.append(made);
      show(points);
      return { show };
    },
    marks(points, { mark = "circle", colour = "blue", size = 5, label } = {}) {
      const group = shape("g", { class: `mlc-points mlc-${colour}` });
      const show = (now) =>
        group.replaceChildren(
          ...now.flatMap(([a, b], i) => {
            const at = `translate(${round(px(a))} ${round(py(b))})`;
            const sign = shape("path", { d: MARKS[mark](size), transform: at });
            return label ? [sign, shape("text", { transform: at, dx: size + 4, dy: 4 }, label(i))] : [sign];
          }),
        );
      above.append(group);
      show(points);
      return { show };
    },
    rule(place, { dash = "6 4", text = "" } = {}) {
      const line = shape("line", { class: "mlc-rule", "stroke-dasharray": dash });
      const words = shape("text", { class: "mlc-rule-text" }, text);
      const show = (now) => {
        const vertical = now.x !== undefined;
        const p = round(vertical ? px(now.x) : py(now.y));
        const ends = vertical
          ? { x1: p, x2: p, y1: edge.top, y2: edge.top + inner.height }
          : { x1: edge.left, x2: edge.left + inner.width, y1: p, y2: p };
        for (const [name, v] of Object.entries(ends)) line.setAttribute(name, v);
        words.setAttribute("x", vertical ? p + 4 : edge.left + 4);
        words.setAttribute("y", vertical ? edge.top + 14 : p - 4);
        if (now.text !== undefined) words.textContent = now.text;
      };
      above.append(line, words);
      show(place);
      return { show };
    },
    cells(rows, colourOf) {
      const group = shape("g", { "shape-rendering": "crispEdges" });
      const show = (now) => {
        const w = inner.width / now[0].length;
        const h = inner.height / now.length;
        const rect = (v, i, j) =>
          shape("rect", { x: round(edge.left + j * w), y: round(edge.top + i * h), width: round(w) + 0.2, height: round(h) + 0.2, fill: colourOf(v) });
        group.replaceChildren(...now.flatMap((line, i) => line.map((v, j) => rect(v, i, j))));
      };
      below.append(group);
      show(rows);
      return { show };
    },
    describe(text) {
      if (svg.getAttribute("aria-label") !== text) svg.setAttribute("aria-label", text);
    },
    /**
     * A handle to drag by pointer, or with the arrow keys (Page Up and Page Down go ten steps, Home and End to the
     * ends). `along` is "x", "y" or "both"; `step` is one arrow key; `say([x, y])` is what a screen reader hears;
     * `move([x, y])` is told where it was moved, within the axes. `sign` is a short text inside the handle.
     */
    handle({ label, at, along = "both", step = (x.max - x.min) / 50, stepY = (y.max - y.min) / 50, say, sign = "", move, colour = "blue" }) {
      const made = node("div", {
        class: `mlc-handle mlc-${colour}`,
        role: "slider",
        tabindex: 0,
        "aria-label": label,
        "aria-orientation": along === "y" ? "vertical" : "horizontal",
        "aria-valuemin": along === "y" ? y.min : x.min,
        "aria-valuemax": along === "y" ? y.max : x.max,
        text: sign,
      });
      let now = at;
      const show = (place) => {
        now = place;
        made.style.left = `${(px(place[0]) / width) * 100}%`;
        made.style.top = `${(py(place[1]) / height) * 100}%`;
        made.setAttribute("aria-valuenow", String(along === "y" ? place[1] : place[0]));
        made.setAttribute("aria-valuetext", say(place));
      };
      const within = (v, { min, max }) => Math.min(Math.max(v, min), max);
      const tidy = (v) => Number(v.toPrecision(10));
      const go = (a, b) => {
        const place = [along === "y" ? now[0] : tidy(within(a, x)), along === "x" ? now[1] : tidy(within(b, y))];
        if (place[0] === now[0] && place[1] === now[1]) return;
        show(place);
        move(place);
      };
      const fromPointer = (event) => {
        const box = svg.getBoundingClientRect();
        const left = ((event.clientX - box.left) / box.width) * width;
        const top = ((event.clientY - box.top) / box.height) * height;
        const snapped = (v, s, low) => low + Math.round((v - low) / s) * s;
        const a = x.min + ((left - edge.left) / inner.width) * (x.max - x.min);
        const b = y.max - ((top - edge.top) / inner.height) * (y.max - y.min);
        go(snapped(a, step, x.min), snapped(b, stepY, y.min));
      };
      made.addEventListener("pointerdown", (event) => {
        made.setPointerCapture(event.pointerId);
        made.focus();
        event.preventDefault();
      });
      made.addEventListener("pointermove", (event) => {
        if (made.hasPointerCapture(event.pointerId)) fromPointer(event);
      });
      made.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const far = 10;
        const moves = {
          ArrowLeft: along === "y" ? [0, -1] : [-1, 0],
          ArrowRight: along === "y" ? [0, 1] : [1, 0],
          ArrowUp: along === "x" ? [1, 0] : [0, 1],
          ArrowDown: along === "x" ? [-1, 0] : [0, -1],
          PageUp: along === "x" ? [far, 0] : [0, far],
          PageDown: along === "x" ? [-far, 0] : [0, -far],
          Home: along === "y" ? [0, -Infinity] : [-Infinity, 0],
          End: along === "y" ? [0, Infinity] : [Infinity, 0],
        };
        const by = moves[event.key];
        if (!by) return;
        event.preventDefault();
        go(now[0] + (by[0] ? by[0] * step : 0), now[1] + (by[1] ? by[1] * stepY : 0));
      });
      root.append(made);
      show(at);
      return { root: made, show };
    },
  };
}

/** What tells series apart beside their colour: the i-th colour, sign and dash. */
export function look(i) {
  const dashes = ["", "8 4", "2 4", "10 4 2 4"];
  return { colour: COLOURS[i % COLOURS.length], mark: MARK_NAMES[i % MARK_NAMES.length], dash: dashes[i % dashes.length] };
}
