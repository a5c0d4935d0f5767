// Timers, the clock, and what reports errors that nobody catches.
const active = new Map();

function start(repeat, callback, delay, parameters) {
  const milliseconds = Math.max(Number(delay) || 0, repeat ? 1 : 0);
  const call = typeof callback === "function" ? callback : () => (0, eval)(String(callback));
  let id;
  const run = () => {
    const entry = active.get(id);
    if (!entry) return;
    if (repeat) entry.timer = native.setTimer(milliseconds, run);
    else active.delete(id);
    call(...parameters);
  };
  const timer = native.setTimer(milliseconds, run);
  id = timer;
  active.set(id, { timer });
  return id;
}

function stop(id) {
  const entry = active.get(id);
  if (!entry) return;
  active.delete(id);
  native.clearTimer(entry.timer);
}

export const setTimeout = (callback, delay, ...parameters) => start(false, callback, delay, parameters);
export const setInterval = (callback, delay, ...parameters) => start(true, callback, delay, parameters);
export const clearTimeout = stop;
export const clearInterval = stop;

export const reportError = (error) => console.error("Uncaught", error);

// Forgets the timers of a request that has ended.
export const forgetTimers = () => active.clear();

let origin;
export const performance = {
  now() {
    origin ??= { wall: native.wall(), monotonic: native.monotonic() };
    return native.monotonic() - origin.monotonic;
  },
  get timeOrigin() {
    this.now();
    return origin.wall;
  },
  toJSON() {
    return { timeOrigin: this.timeOrigin };
  },
};
// What was measured before the snapshot says nothing about an instance.
export const resetClock = () => (origin = undefined);
