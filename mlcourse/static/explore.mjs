// What every playground shares: its frame, its state, the sentence that says what just happened, reset.
// A playground is `export default playground(build)`; anywidget and static pages both call its `render`.

import { decodePayload, guardKeys, node } from "./element.mjs";

const SAVE_AFTER = 150; // ms; the browser answers at once, the kernel hears when the hand rests
const ANNOUNCE_AFTER = 500; // ms; a screen reader is told once, not at every pixel of a drag
const CLEAR_AFTER = 6000; // ms; an old announcement is not to be met again when reading the page
const GESTURE_ENDS_AFTER = 1500; // ms without a change of the same control

/**
 * One drag, one tap or a run of key presses on the same control is one gesture. Return a function that is told of
 * each change and answers with the values as they were before the gesture.
 */
export function gestures(clock = () => performance.now()) {
  let before;
  let control;
  let last = -Infinity;
  return (now, by) => {
    const time = clock();
    if (by !== control || time - last > GESTURE_ENDS_AFTER) before = now;
    control = by;
    last = time;
    return before;
  };
}

/** Return whether the reader has asked the system for less motion. */
export function reducedMotion() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

function liveText() {
  const shown = node("p", { class: "mlc-said" });
  const status = node("div", { role: "status", class: "mlc-unseen" });
  let timer;
  return {
    shown,
    status,
    say(text, { aloud = true } = {}) {
      if (shown.textContent === text) return;
      shown.textContent = text;
      clearTimeout(timer);
      if (!aloud) return;
      timer = setTimeout(() => {
        status.textContent = text;
        timer = setTimeout(() => (status.textContent = ""), CLEAR_AFTER);
      }, ANNOUNCE_AFTER);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Keep the values in the widget's model, which saves and shares them; a change by another view redraws. */
function modelState(model, start, changed) {
  let timer;
  let unsaved;
  const heard = () => {
    // The kernel repeats what it was told, maybe seconds ago; what the hand does now is newer.
    if (timer !== undefined && model.get("state") !== unsaved) model.set("state", unsaved);
    else changed();
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    model.save_changes();
  };
  model.on("change:state", heard);
  return {
    get: () => ({ ...start, ...model.get("state") }),
    set(values) {
      clearTimeout(timer);
      unsaved = values;
      timer = setTimeout(save, SAVE_AFTER);
      model.set("state", values);
    },
    stop() {
      model.off("change:state", heard);
      if (timer !== undefined) save();
    },
  };
}

/**
 * Make a playground of `build(pg)`, which adds its controls and returns `draw(now, { before, by })`.
 *
 * `draw` is called once at first and then at most once a frame after a change; it brings everything to `now`.
 * `before` holds the values before the current gesture and `by` the control that was moved (null at first).
 *
 * pg.data     what Python sent along and nobody changes
 * pg.start    the values at the start
 * pg.value    the values now
 * pg.set(change, by)      change some values; `by` names the control
 * pg.add(...nodes)        put controls and pictures into the playground
 * pg.say(text, options)   show a sentence, and read it aloud when the hand rests ({ aloud: false }: don't)
 * pg.animate(step, done)  call step() every frame until it returns false; returns a function that stops it
 * pg.onStop(callback)     tidy up when the playground is taken down
 * pg.redraw()             draw again although no value changed
 */
export function playground(build) {
  function render({ model, el }) {
    const { title, intro, tries, start, data } = decodePayload(model.get("payload"));
    const stops = [];
    const inGesture = gestures();
    const live = liveText();
    const body = node("div", { class: "mlc-body" });
    const frame = node("div", { class: "mlc mlc-element mlc-explore", role: "region", "aria-label": title });
    let frameAsked = 0;
    let before = null;
    let by = null;
    let mine = false;

    const state = modelState(model, start, () => {
      // Another view or the kernel changed the values: nobody's hand here did.
      if (mine) return;
      before = null;
      by = null;
      redraw();
    });

    function paint() {
      frameAsked = 0;
      const now = state.get();
      draw(now, { before: before ?? now, by });
    }

    function redraw() {
      if (!frameAsked) frameAsked = requestAnimationFrame(paint);
    }

    function write(values) {
      mine = true;
      state.set(values);
      mine = false;
      redraw();
    }

    const pg = {
      data,
      start,
      get value() {
        return state.get();
      },
      set(change, control) {
        const now = state.get();
        before = inGesture(now, control);
        by = control;
        write({ ...now, ...change });
      },
      add: (...nodes) => body.append(...nodes),
      say: live.say,
      redraw,
      onStop: (callback) => stops.push(callback),
      animate(step, done = () => {}) {
        let asked = 0;
        const stop = () => {
          cancelAnimationFrame(asked);
          asked = 0;
        };
        const tick = () => {
          // Less motion: work on within the frame and show fewer pictures on the way.
          const end = performance.now() + (reducedMotion() ? 25 : 0);
          let more = step();
          while (more !== false && performance.now() < end) more = step();
          if (more === false) done();
          else asked = requestAnimationFrame(tick);
        };
        asked = requestAnimationFrame(tick);
        stops.push(stop);
        return stop;
      },
    };

    function reset() {
      before = null;
      by = "reset";
      write({ ...start });
    }

    guardKeys(frame);
    const ideas = (tries ?? []).map((text) => node("li", { text }));
    frame.append(
      node("p", { class: "mlc-title", text: title }),
      intro ? node("p", { class: "mlc-intro", text: intro }) : "",
      body,
      live.shown,
      live.status,
      node("div", { class: "mlc-buttons" }, node("button", { type: "button", text: "Back to the start", on: { click: reset } })),
      ideas.length ? node("details", { class: "mlc-tries" }, node("summary", { text: "Things to try" }), node("ul", {}, ...ideas)) : "",
    );
    const draw = build(pg);
    draw(state.get(), { before: state.get(), by: null });
    el.append(frame);
    return () => {
      cancelAnimationFrame(frameAsked);
      stops.forEach((stop) => stop());
      live.stop();
      state.stop();
      frame.remove();
    };
  }
  return { render };
}
