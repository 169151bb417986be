// Time for a challenge on the page: a clock that never goes back, and what the browser remembers of it.

/**
 * Return a clock in milliseconds since 1970 that starts at the wall's time or at `floor`, whichever is
 * later. It follows the wall when that runs ahead (the machine slept, the page was away) and goes on by
 * its own ticks when the wall is set back.
 */
export function steadyClock(floor = 0, wall = Date.now, ticks = () => performance.now()) {
  let latest = Math.max(wall(), floor);
  let last = ticks();
  return {
    now() {
      const tick = ticks();
      latest = Math.max(wall(), latest + Math.max(0, tick - last));
      last = tick;
      return Math.round(latest);
    },
    /** Forget what was: for a new run, after the wall had been wrong. */
    restart() {
      latest = wall();
      last = ticks();
    },
  };
}

/** Return what was kept under this name, or null; a browser that keeps nothing is no fault. */
export function kept(name) {
  try {
    return JSON.parse(globalThis.localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Keep a value under this name, if the browser lets us. */
export function keep(name, value) {
  try {
    globalThis.localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page goes on without it.
  }
}
