// The buttons of a playground that trains step by step: a few steps, run and pause, from step 0.

import { button } from "./explore_controls.mjs";
import { counted } from "./explore_words.mjs";

/**
 * Buttons that move `pg.value.steps` between 0 and `most`.
 *
 * `jumps` are the numbers of steps that a press makes, one button each; `stride` is what running adds at a time.
 * Returns `buttons` (in the order to show them: jumps, run, again), `halt()`, `running()` and `show(steps)`.
 */
export function stepButtons(pg, { most, jumps, stride }) {
  let stop = null;
  const move = (by) => pg.set({ steps: Math.min(Math.max(pg.value.steps + by, 0), most) }, "steps");
  const halt = () => {
    stop?.();
    stop = null;
    run.show({ text: "Run", pressed: false });
  };
  const leaps = jumps.map((by) => button({ text: counted(by, "step"), press: () => move(by) }));
  const run = button({
    text: "Run",
    pressed: false,
    press: () => {
      if (stop) return halt();
      if (pg.value.steps >= most) pg.set({ steps: 0 }, "steps");
      run.show({ text: "Pause", pressed: true });
      stop = pg.animate(() => {
        move(stride);
        return pg.value.steps < most;
      }, halt);
    },
  });
  const again = button({ text: "From step 0", press: () => (halt(), pg.set({ steps: 0 }, "steps")) });
  const show = (steps) => leaps.forEach((leap) => leap.show({ disabled: steps >= most }));
  return { buttons: [...leaps, run, again], halt, running: () => stop !== null, show };
}
