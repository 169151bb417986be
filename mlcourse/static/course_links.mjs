// Where the course's links lead: to a cell of a lesson, in JupyterLab, in Notebook 7, and on a page of a site.

/** The form of a link between notebooks. A page with other names says its own on <html data-mlc-link="…">. */
export const NOTEBOOK_LINK = "{lesson}.ipynb#cell-id={cell}";

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
  return { folder: decodeURIComponent(found[2]).replace(/[^/]*$/, ""), lab: Boolean(found[1]), baseUrl };
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

/** Return the attributes of an <a> that leads to a cell of a lesson; without a cell to its beginning. */
export function linkTo(lesson, cell, where = jupyter(), form = document.documentElement.dataset.mlcLink) {
  if (!where) return { href: address(form ?? NOTEBOOK_LINK, lesson, cell) };
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
const RESTED = 2; // looks without a change
const GIVE_UP = 30_000; // ms; a lesson on a slow machine
const HANDS = ["pointerdown", "wheel", "keydown", "touchstart"];

/**
 * Go to a link's place again until it stays there. JupyterLab jumps once, while the lesson's cells still get their
 * heights, and then they push the place away. It ends when nothing moves any more, or a hand moves something.
 */
export function stay(attributes, body = document.body) {
  const again = document.createElement("a");
  for (const [name, value] of Object.entries(attributes)) again.setAttribute(name, value);
  again.hidden = true;
  body.append(again);
  const heights = () => [...document.querySelectorAll(".jp-WindowedPanel-outer")].map((p) => (p.offsetParent ? p.scrollHeight : 0)).join();
  const begun = Date.now();
  let last = heights();
  let moved = false;
  let same = 0;
  const timer = setInterval(() => {
    const now = heights();
    same = now === last ? same + 1 : 0;
    moved ||= now !== last;
    last = now;
    if (moved && same === RESTED) {
      moved = false;
      again.click();
    }
    if (same > 10 * RESTED || Date.now() - begun > GIVE_UP) stop();
  }, LOOK_EVERY);
  function stop() {
    clearInterval(timer);
    again.remove();
    for (const hand of HANDS) document.removeEventListener(hand, stop, true);
  }
  for (const hand of HANDS) document.addEventListener(hand, stop, true);
  return stop;
}

/** Return an <a> that leads to a cell of a lesson and reads `text`. */
export function courseLink(lesson, cell, text) {
  const attributes = linkTo(lesson, cell);
  const made = document.createElement("a");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  // After the click itself, which is a hand's too.
  if (cell && "data-commandlinker-command" in attributes) made.addEventListener("click", () => setTimeout(() => stay(attributes)));
  return made;
}
