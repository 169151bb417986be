// The static site's own script: brings the elements to life, keeps the answers, and serves menu and search.

import { decodePayload, node } from "./element.mjs";
import { mountAll } from "./page.mjs";
import { answersOf, browserRecord, exported } from "./site_record.mjs";
import { search, words } from "./site_search.mjs";

const FILE = "my-answers.json";

function browserStore() {
  try {
    localStorage.setItem("mlcourse:try", "1");
    localStorage.removeItem("mlcourse:try");
    return localStorage;
  } catch {
    return null;
  }
}

function download(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = node("a", { href: address, download: FILE });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The panel at the foot of each page: how many answers there are, take them along, forget them. */
function answersPanel(place, record) {
  const told = node("p", { role: "status" });
  const take = node("button", { type: "button", text: "Export my answers", on: { click: () => record.all().length && download(exported(record.all())) } });
  const clear = node("button", { type: "button", text: "Clear my answers", on: { click: () => ask(true) } });
  const yes = node("button", { type: "button", text: "Clear them", on: { click: forget } });
  const no = node("button", { type: "button", text: "Keep them", on: { click: () => ask(false) } });
  const sure = node("div", { role: "group", "aria-label": "Clear my answers?", class: "site-sure", hidden: true }, node("p", { text: "This forgets every answer and every playground's state in this browser, on all pages of the course. An exported file stays." }), node("p", { class: "site-buttons" }, yes, no));
  place.append(told, node("p", { class: "site-buttons" }, take, clear), sure);

  function ask(open) {
    sure.hidden = !open;
    (open ? no : clear).focus();
  }

  function forget() {
    record.clear();
    location.reload();
  }

  function draw() {
    const count = record.all().length;
    const many = count === 1 ? "1 answer" : `${count} answers`;
    const where = record.safe() ? "kept in this browser, and nowhere else" : "known to this page only: the browser keeps nothing for it, so export them before you leave";
    told.textContent = count ? `${many}, ${where}.` : "No answers yet. Answer a question, and it is kept in this browser, and nowhere else.";
    for (const button of [take, clear]) button.disabled = count === 0;
  }

  draw();
  addEventListener("storage", draw);
  return draw;
}

function menu() {
  const button = document.querySelector("#site-menu");
  const nav = document.querySelector("#site-nav");
  const here = nav.querySelector("[aria-current]");
  if (here) nav.scrollTop = here.offsetTop - nav.clientHeight / 3; // a late lesson of a long list
  const open = (yes) => {
    nav.classList.toggle("open", yes);
    button.setAttribute("aria-expanded", String(yes));
  };
  button.addEventListener("click", () => open(!nav.classList.contains("open")));
  nav.addEventListener("click", (event) => event.target.closest("a") && open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("open")) return;
    open(false);
    button.focus();
  });
}

/** What scrolls sideways must scroll by keyboard, too. (Playgrounds see to their own tables.) */
function scrollers() {
  const able = (box) => {
    const wide = box.scrollWidth > box.clientWidth + 1;
    if (wide === (box.dataset.scrolls === "yes")) return;
    box.dataset.scrolls = wide ? "yes" : "no";
    if (!wide) return box.removeAttribute("tabindex");
    box.tabIndex = 0;
    if (!box.hasAttribute("role")) {
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", "Scrolls sideways");
    }
  };
  const seen = new ResizeObserver((entries) => entries.forEach((entry) => able(entry.target)));
  const own = [...document.querySelectorAll("main pre:not([tabindex]), main .scroll, main .math.block")];
  for (const box of own) if (!box.matches(".mlc-element .scroll")) seen.observe(box);
  // A formula in a sentence cannot break: one that is wider than the page gets a line of its own, which scrolls.
  const lines = [...document.querySelectorAll("main .math.inline")];
  const fit = () => {
    const wide = lines.map((line) => line.firstElementChild.getBoundingClientRect().width > line.closest("p, li, td, th, div").clientWidth);
    lines.forEach((line, i) => line.classList.toggle("wide", wide[i]));
    for (const line of document.querySelectorAll("main .math.wide")) seen.observe(line);
  };
  fit();
  addEventListener("resize", fit);
}

function searchPage(place) {
  const field = document.querySelector("#site-query");
  const told = node("p", { role: "status" });
  const list = node("ol", { class: "site-results" });
  place.replaceChildren(told, list);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  let waiting;

  function draw() {
    const found = search(globalThis.mlcourseSearch, field.value);
    document.title = field.value.trim() ? `${field.value.trim()} · Search` : "Search";
    const items = found.map(({ section, pieces }) =>
      node("li", {}, node("a", { href: section.url, text: section.title }), node("span", { class: "soft", text: ` in ${section.page}` }), node("p", {}, ...pieces.map(({ text, hit }) => (hit ? node("mark", { text }) : text)))),
    );
    list.replaceChildren(...items);
    const many = found.length === 1 ? "1 section" : `${found.length} sections`;
    if (!words(field.value).length) told.textContent = "Type a word, for example “softmax” or “threshold”.";
    else told.textContent = found.length ? `${many} with “${field.value.trim()}”, the best first.` : `Nothing has every word of “${field.value.trim()}”. Try fewer or shorter words.`;
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(null, "", field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname);
      draw();
    }, 200);
  });
  draw();
}

async function start() {
  const record = browserRecord(browserStore());
  menu();
  const results = document.querySelector("#site-results");
  if (results) searchPage(results);
  const panel = document.querySelector("#site-answers");
  const drawPanel = answersPanel(panel, record);
  const modes = JSON.parse(document.querySelector("#site-modes")?.textContent ?? "{}");
  const modules = globalThis.mlcourseModules ?? {};
  await mountAll(
    document,
    async (module) => modules[module],
    ({ place, payload, before, event }) => {
      const kind = place.dataset.mlcKind ?? null;
      const rows = answersOf(place.dataset.mlcModule, decodePayload(payload), event, { kind, modes, log: before });
      if (rows.length) record.add(rows);
      drawPanel();
    },
  );
  scrollers();
  // Elements that came to life changed the heights above the place that the address names.
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  performance.mark("mlcourse-alive");
  document.body.dataset.mounted = "yes";
}

start();
