// Brings the elements of a page without a kernel to life: a static site, an exported notebook.
// Each is drawn by the same module as in the notebook; what the student did is kept by the browser.

const KEPT = "mlcourse:";

/** Return the browser's own store, or null where the student or the page's address forbids one. */
function browserStore() {
  try {
    localStorage.setItem(`${KEPT}try`, "1");
    localStorage.removeItem(`${KEPT}try`);
    return localStorage;
  } catch {
    return null;
  }
}

function read(store, key) {
  try {
    const found = JSON.parse(store?.getItem(KEPT + key) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {}; // somebody else's, or cut short: begin anew
  }
}

/** A stand-in for the widget's model. `values` are what it begins with; what is set later is kept under `key`. */
export function pageModel(values, key = null, store = browserStore()) {
  const later = key === null ? {} : read(store, key);
  const known = { ...values, ...later };
  const heard = new Map();
  return {
    get: (name) => known[name],
    set(name, value) {
      known[name] = value;
      later[name] = value;
      for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
    },
    save_changes() {
      if (key === null) return;
      try {
        store?.setItem(KEPT + key, JSON.stringify(later));
      } catch {
        // A full or forbidden store: the answers live as long as the page.
      }
    },
    send() {},
    on(event, callback) {
      heard.set(event, (heard.get(event) ?? new Set()).add(callback));
    },
    off(event, callback) {
      heard.get(event)?.delete(callback);
    },
  };
}

function hear(model, callback) {
  let known = model.get("log").length;
  model.on("change:log", () => {
    const log = model.get("log");
    const first = known;
    known = log.length; // before anybody is told: what they do may change the log again
    for (let i = first; i < log.length; i += 1) callback(log.slice(0, i), log[i]);
  });
}

/**
 * Mount every element below `root`. `load(module)` imports a module by its file name; the elements' HTML
 * names it in `data-mlc-module` and carries its payload in `data-mlc`. What the student did is kept under
 * `data-mlc-key`; an element without one is known by its place on its page. `told` hears of each new event
 * as { place, payload (encoded), before (the log until then), event }, for a page that keeps a record.
 */
export async function mountAll(root = document, load = (module) => import(`./${module}`), told = null) {
  const places = [...root.querySelectorAll("[data-mlc-module][data-mlc]")];
  for (const [i, place] of places.entries()) {
    const made = (await load(place.dataset.mlcModule)).default;
    const payload = place.dataset.mlc;
    const begin = { payload, log: [], state: {} };
    const model = pageModel(begin, place.dataset.mlcKey ?? `${location.pathname}#${i}`);
    if (told) hear(model, (before, event) => told({ place, payload, before, event }));
    place.removeAttribute("data-mlc");
    place.replaceChildren();
    // The live form is a region of the same name; two of them would be read twice.
    const outer = place.closest('.mlc[role="region"]');
    outer?.removeAttribute("role");
    outer?.removeAttribute("aria-label");
    made.render({ model, el: place });
  }
}
