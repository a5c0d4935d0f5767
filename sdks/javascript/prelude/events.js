// Events and aborting, as the DOM standard has them, without a tree to bubble through.
const listenersOf = Symbol("listeners");
const stopped = Symbol("stopped");
const passive = Symbol("passive");

export class Event {
  constructor(type, init = {}) {
    this.type = String(type);
    this.bubbles = Boolean(init.bubbles);
    this.cancelable = Boolean(init.cancelable);
    this.composed = Boolean(init.composed);
    this.defaultPrevented = false;
    this.isTrusted = false;
    this.target = null;
    this.currentTarget = null;
    this.timeStamp = performance.now();
    this[stopped] = false;
  }
  preventDefault() {
    if (this.cancelable && !this[passive]) this.defaultPrevented = true;
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    this[stopped] = true;
  }
}

export class CustomEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.detail = init.detail ?? null;
  }
}

export class EventTarget {
  constructor() {
    Object.defineProperty(this, listenersOf, { value: [], enumerable: false });
  }
  addEventListener(type, callback, options) {
    if (callback == null) return;
    const { once = false, passive: isPassive = false, signal } = typeof options === "object" && options ? options : {};
    if (signal?.aborted) return;
    if (this[listenersOf].some((entry) => entry.type === type && entry.callback === callback)) return;
    this[listenersOf].push({ type, callback, once, isPassive });
    signal?.addEventListener("abort", () => this.removeEventListener(type, callback), { once: true });
  }
  removeEventListener(type, callback) {
    const list = this[listenersOf];
    const index = list.findIndex((entry) => entry.type === type && entry.callback === callback);
    if (index >= 0) list.splice(index, 1);
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    const attribute = this["on" + event.type];
    if (typeof attribute === "function") call(attribute, this, event);
    for (const entry of [...this[listenersOf]]) {
      if (entry.type !== event.type || !this[listenersOf].includes(entry)) continue;
      if (entry.once) this.removeEventListener(entry.type, entry.callback);
      event[passive] = entry.isPassive;
      if (typeof entry.callback === "function") call(entry.callback, this, event);
      else call(entry.callback.handleEvent, entry.callback, event);
      if (event[stopped]) break;
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }
}

// A listener that throws does not keep the others from being called.
function call(callback, receiver, event) {
  try {
    callback.call(receiver, event);
  } catch (error) {
    reportError(error);
  }
}

const secret = Symbol("abort");
const stateOf = Symbol("state");

export class AbortSignal extends EventTarget {
  constructor(key) {
    if (key !== secret) throw new TypeError("Illegal constructor");
    super();
    Object.defineProperty(this, stateOf, { value: { aborted: false, reason: undefined, dependents: [] } });
    this.onabort = null;
  }
  get aborted() {
    return this[stateOf].aborted;
  }
  get reason() {
    return this[stateOf].reason;
  }
  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }
  static abort(reason) {
    const signal = new AbortSignal(secret);
    abort(signal, reason);
    return signal;
  }
  static timeout(milliseconds) {
    const signal = new AbortSignal(secret);
    setTimeout(() => abort(signal, new DOMException("The operation timed out.", "TimeoutError")), milliseconds);
    return signal;
  }
  static any(signals) {
    const result = new AbortSignal(secret);
    const list = [...signals];
    const first = list.find((signal) => signal.aborted);
    if (first) abort(result, first.reason);
    else for (const signal of list) signal[stateOf].dependents.push(result);
    return result;
  }
}

// All that depend on a signal are aborted before any listener is called.
function abort(signal, reason = new DOMException("This operation was aborted", "AbortError")) {
  const aborted = [];
  const mark = (signal) => {
    const state = signal[stateOf];
    if (state.aborted) return;
    Object.assign(state, { aborted: true, reason });
    aborted.push(signal);
    state.dependents.splice(0).forEach(mark);
  };
  mark(signal);
  for (const signal of aborted) {
    const event = new Event("abort");
    event.isTrusted = true;
    signal.dispatchEvent(event);
  }
}

export class AbortController {
  #signal = new AbortSignal(secret);
  get signal() {
    return this.#signal;
  }
  abort(reason) {
    abort(this.#signal, reason);
  }
}
