// The challenge: problems against the clock, or without it. `mount` brings one to life anywhere; the default
// export is what anywidget calls. What happened is a list of events; all that is shown follows from it.

import { decodePayload, guardKeys, modelEvents, node } from "./element.mjs";
import { situation } from "./challenge_rules.mjs";
import { keep, kept, steadyClock } from "./challenge_clock.mjs";
import { clockTime, problemView, resultView, spokenTime, startView } from "./challenge_view.mjs";

const TELL_AT = [300, 120, 60, 30, 10]; // seconds left at which a screen reader is told

/**
 * Bring a challenge to life in `root`. `events` is { log(): array, add(event), onChange(callback) }: where
 * the events are kept is the caller's business. Returns a function that takes it down.
 */
export function mount(root, payload, events) {
  const seenName = `mlcourse.challenge.${payload.key}.seen`;
  const timer = node("p", { role: "timer", class: "mlc-timer" });
  const off = node("button", { type: "button", text: "Switch the clock off", on: { click: () => add({ do: "clock-off" }) } });
  const bar = node("div", { class: "mlc-clock", hidden: true }, timer, off);
  const spoken = node("p", { role: "status", class: "mlc-unseen" });
  const stage = node("div");
  const frame = node("div", { class: "mlc mlc-element mlc-challenge", role: "region", "aria-label": payload.title }, bar, spoken, stage);
  const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
  const clock = steadyClock(floor());
  let view = null;
  let resting = null; // the closed problem that this page still shows, until the student goes on
  let told = null; // the last time left that was announced, with its problem
  let beat = null;

  /** Return the latest moment that this run is known to have reached. */
  function floor() {
    const state = situation(payload, events.log());
    const seen = kept(seenName);
    const same = seen && seen.start === events.log()[state.begun]?.at;
    return Math.max(state.now, same && Number.isFinite(seen.seen) ? seen.seen : 0);
  }

  function add(event) {
    events.add({ ...event, at: clock.now() });
    draw();
  }

  function begin(withClock) {
    clock.restart();
    const { run } = situation(payload, events.log());
    // (Where a run is going on already, the rules let this event do nothing.)
    events.add({ do: "start", run: run + 1, clock: withClock, at: clock.now() });
    goOn();
  }

  function goOn() {
    const state = situation(payload, events.log(), clock.now());
    const place = state.places.find((p) => !p.closed);
    resting = null;
    if (place) events.add({ do: "open", id: place.id, at: clock.now() });
    draw();
    view.focus();
  }

  function again() {
    resting = "start";
    draw();
    view.focus();
  }

  /** Return the view that belongs to a standing, the present one if it still does. */
  function viewFor(state) {
    const open = state.places.findIndex((p) => p.opened !== null && !p.closed);
    if (open >= 0) resting = open;
    const between = state.run && !state.finished ? state.places.findLastIndex((p) => p.closed) : -1;
    const number = typeof resting === "number" ? resting : between;
    let wanted = number >= 0 ? `problem ${number}` : "result";
    // (A run whose first problem was never opened is still at its start.)
    if (resting === "start" || state.run === 0 || (number < 0 && !state.finished)) wanted = "start";
    const key = `${state.run} ${wanted}`;
    if (view?.place === key) return view;
    let made;
    if (wanted === "start") made = startView(payload, begin);
    else if (wanted === "result") made = resultView(payload, { again });
    else {
      const id = payload.problems[number].question.id;
      made = problemView(payload, number, {
        answer: (answer) => add({ do: "answer", id, answer }),
        hint: () => add({ do: "hint", id }),
        skip: () => add({ do: "skip", id }),
        next: goOn,
      });
    }
    stage.replaceChildren(made.root);
    return Object.assign(made, { place: key });
  }

  function draw() {
    const now = clock.now();
    const state = situation(payload, events.log(), now);
    view = viewFor(state);
    view.draw(state);
    drawClock(state, now);
  }

  function drawClock(state, now) {
    const number = state.places.findIndex((p) => p.opened !== null && !p.closed);
    const going = state.run > 0 && !state.finished;
    bar.hidden = !going;
    off.hidden = !state.clock;
    const ticking = state.clock && number >= 0;
    if (!ticking) {
      timer.textContent = state.clock ? "The clock stands still." : "The clock is off: take your time. The badge will say “without clock”.";
      if (beat) clearInterval(beat);
      beat = null;
      told = null;
      return;
    }
    const left = Math.ceil((state.places[number].opened + 1000 * payload.problems[number].seconds - now) / 1000);
    // Who asked for less motion gets a clock that moves every ten seconds, and every second at the very end.
    const shown = calm && left > 10 ? Math.ceil(left / 10) * 10 : left;
    const text = `Time left: ${clockTime(shown)}`;
    if (timer.textContent !== text) timer.textContent = text;
    announce(number, left);
    if (!beat) beat = setInterval(tick, 250);
  }

  function announce(number, left) {
    const mark = told?.number === number ? TELL_AT.filter((m) => m >= left && m < told.left).at(-1) : undefined;
    if (told?.number !== number) spoken.textContent = `${spokenTime(left)} for this problem.`;
    else if (mark !== undefined) spoken.textContent = `${spokenTime(mark)} left.${mark === 30 ? " You can switch the clock off." : ""}`;
    if (told?.number !== number || mark !== undefined) told = { number, left };
  }

  function tick() {
    const now = clock.now();
    const log = events.log();
    const before = situation(payload, log);
    const state = situation(payload, log, now);
    keep(seenName, { start: log[state.begun]?.at, seen: now });
    const over = state.places.find((p, i) => p.closed === "time" && !before.places[i].closed);
    // An event says so, that whoever keeps the record hears of the end without a click.
    if (over) add({ do: "over", id: over.id });
    else drawClock(state, now);
  }

  guardKeys(frame);
  root.append(frame);
  const stop = events.onChange(draw);
  draw();
  if (situation(payload, events.log(), clock.now()).run) tick();
  return () => {
    stop();
    if (beat) clearInterval(beat);
    frame.remove();
  };
}

export default {
  render({ model, el }) {
    return mount(el, decodePayload(model.get("payload")), modelEvents(model));
  },
};
