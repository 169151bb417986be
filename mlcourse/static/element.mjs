// What every interactive element of the course shares: reading its payload, building nodes, keys.

/** Return the payload that Python encoded (base64 of UTF-8 JSON). */
export function decodePayload(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Return a new element. `html` takes only what Python's Markdown renderer made, where text is
 * escaped; everything else goes in as text. Handlers are properties, never inline attributes.
 */
export function node(tag, { html, text, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, handler] of Object.entries(on)) made.addEventListener(event, handler);
  if (html !== undefined) made.innerHTML = html;
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

let lastId = 0;
const pageSalt = Math.random().toString(36).slice(2, 8);

/** Return an id that no other element on the page has. */
export function freshId() {
  lastId += 1;
  return `mlc-${pageSalt}-${lastId}`;
}

/**
 * Keep the notebook's shortcuts from firing while the student types here ("d d" deletes a cell,
 * Shift+Enter runs it). Escape and Ctrl/Cmd shortcuts that no field uses (save, find) go on to the notebook, and
 * Tab is never held back.
 */
export function guardKeys(root) {
  const fieldShortcut = /^(Enter|Arrow\w+|Backspace|Delete|Home|End|[acvxyz])$/i;
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return;
    if ((event.ctrlKey || event.metaKey) && !fieldShortcut.test(event.key)) return;
    event.stopPropagation();
  });
}

/**
 * Keep the log of what the student did in the widget's model: the kernel's, which saves and shares it, or
 * `page.mjs`' stand-in. Returns { log(): array, add(event), onChange(callback) }.
 */
export function modelEvents(model) {
  return {
    log: () => model.get("log"),
    add: (event) => {
      model.set("log", [...model.get("log"), event]);
      model.save_changes();
    },
    onChange: (callback) => {
      model.on("change:log", callback);
      return () => model.off("change:log", callback);
    },
  };
}
