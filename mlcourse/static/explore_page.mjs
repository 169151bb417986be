// Brings the elements of a page without a kernel to life: each is drawn by the same module as in the notebook.

/** A stand-in for the widget's model: it keeps the values while the page is open and tells of changes. */
export function pageModel(values) {
  const kept = { ...values };
  const heard = new Map();
  return {
    get: (name) => kept[name],
    set(name, value) {
      kept[name] = value;
      for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
    },
    save_changes() {},
    on(event, callback) {
      heard.set(event, (heard.get(event) ?? new Set()).add(callback));
    },
    off(event, callback) {
      heard.get(event)?.delete(callback);
    },
  };
}

/** Mount every playground below `root`; `load(module)` imports a module by its file name, once each. */
export async function mountAll(root = document, load = (module) => import(`./${module}`)) {
  for (const place of root.querySelectorAll("[data-mlc-module][data-mlc]")) {
    const made = (await load(place.dataset.mlcModule)).default;
    const model = pageModel({ payload: place.dataset.mlc, state: {} });
    place.removeAttribute("data-mlc");
    place.replaceChildren();
    // The live form is a region of the same name; two of them would be read twice.
    const outer = place.closest('.mlc[role="region"]');
    outer?.removeAttribute("role");
    outer?.removeAttribute("aria-label");
    made.render({ model, el: place });
  }
}
