// Where the course's links lead: to a cell of a lesson, in JupyterLab, in Notebook 7, and on a page of a site.

/** The form of a link between notebooks, and between a site's pages. */
export const NOTEBOOK_LINK = "{lesson}.ipynb#cell-id={cell}";
export const PAGE_LINK = "{lesson}.html#{cell}";

/** Return a link's address: the form with the lesson's and the cell's name filled in. */
export function address(form, lesson, cell = "") {
  return form.replace("{lesson}", lesson).replace("{cell}", cell).replace(/#(cell-id=)?$/, "");
}

/**
 * Return the folder, as Jupyter's server knows it, of the notebook that a page of Jupyter shows, and which of the two
 * programs it is: { folder: "notebooks/", lab: true }. null where the address does not tell.
 */
export function jupyterFolder(pathname, baseUrl = "/") {
  const place = pathname.startsWith(baseUrl) ? pathname.slice(baseUrl.length - 1) : pathname;
  const found = /^\/(?:((?:lab|doc)(?:\/workspaces\/[^/]+)?\/tree)|notebooks)\/(.+)$/.exec(place);
  if (!found) return null;
  const shown = decodeURIComponent(found[2]);
  // After a reload JupyterLab's address names the folder that its file browser shows, and no notebook.
  const folder = /\.ipynb$/.test(shown) ? shown.replace(/[^/]*$/, "") : shown.replace(/\/?$/, "/");
  return { folder, lab: Boolean(found[1]), baseUrl };
}

/** Return { folder, lab, baseUrl } if this page is JupyterLab's or Notebook's, or null. */
export function jupyter() {
  const config = document.getElementById("jupyter-config-data");
  if (!config) return null;
  try {
    return jupyterFolder(location.pathname, JSON.parse(config.textContent).baseUrl);
  } catch {
    return null;
  }
}

/** Return the form of this page's links: what <html data-mlc-link="…"> says, or what suits the page's own address. */
function pagesForm() {
  const said = document.documentElement.dataset.mlcLink;
  return said ?? (/(\.html?|\/)$/.test(location.pathname) ? PAGE_LINK : NOTEBOOK_LINK);
}

/** Return the attributes of an <a> that leads to a cell of a lesson; without a cell to its beginning. */
export function linkTo(lesson, cell, where = jupyter(), form = where ? NOTEBOOK_LINK : pagesForm()) {
  if (!where) return { href: address(form, lesson, cell) };
  const [name, fragment] = address(NOTEBOOK_LINK, lesson, cell).split("#");
  const path = where.folder + name;
  const id = fragment ? `#${fragment}` : "";
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (!where.lab) return { href: `${where.baseUrl}notebooks/${encoded}${id}`, target: "_blank" };
  return {
    href: `${where.baseUrl}lab/tree/${encoded}${id}`,
    // JupyterLab listens for clicks on what names a command: so a link of ours opens a tab as one in a text does.
    "data-commandlinker-command": "rendermime:handle-local-link",
    "data-commandlinker-args": JSON.stringify({ path, id }),
  };
}

const LOOK_EVERY = 300; // ms
const RESTED = 30; // looks without a change: then the lesson has all its heights
const GIVE_UP = 60_000; // ms; a lesson on a slow machine
const HANDS = ["pointerdown", "wheel", "keydown", "touchstart"];

/**
 * Bring a lesson's heading into view until it stays there. JupyterLab jumps once, while the lesson's cells still get
 * their heights, which push the place away again; Notebook 7 opens another tab and does not jump. It ends when the
 * heading rests, or as soon as a hand moves something.
 *
 * `page` is the window that shows the lesson: this one, or the other tab, which is of the same server. `not` is the
 * notebook where the link stands.
 */
export function keepInView(page, title, not = null) {
  const begun = Date.now();
  let last = null;
  let same = 0;
  const timer = setInterval(look, LOOK_EVERY);
  const place = (heading) => Math.round(heading.getBoundingClientRect().top);

  function look() {
    if (page.closed || Date.now() - begun > GIVE_UP) return stop();
    HANDS.forEach((hand) => page.document.addEventListener(hand, stop, true));
    const all = [...page.document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-MarkdownCell :is(h1, h2, h3)")];
    const heading = all.find((one) => one.textContent.replace(/¶$/, "").trim() === title && !not?.contains(one));
    if (!heading) return;
    same = place(heading) === last ? same + 1 : 0;
    if (!same) heading.scrollIntoView();
    last = place(heading);
    if (same > RESTED) stop();
  }

  function stop() {
    clearInterval(timer);
    if (!page.closed) HANDS.forEach((hand) => page.document.removeEventListener(hand, stop, true));
  }
}

/** Return an <a> that leads to a cell of a lesson and reads `text`, which is the cell's heading. */
export function courseLink(lesson, cell, text) {
  const attributes = linkTo(lesson, cell);
  const made = document.createElement("a");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  if (!cell) return made;
  if ("data-commandlinker-command" in attributes) {
    made.addEventListener("click", () => keepInView(window, text, made.closest(".jp-NotebookPanel")));
  } else if (attributes.target) {
    made.addEventListener("click", (event) => {
      const opened = window.open(made.href, "_blank");
      if (!opened) return; // forbidden: the browser follows the link itself
      event.preventDefault();
      keepInView(opened, text);
    });
  }
  return made;
}
