// MessageChannel: two ports that give each other copies of values. React's server
// takes one to go on later.
import { structuredClone } from "./clone.js";
import { Event, EventTarget } from "./events.js";

const secret = Symbol("port");
let entangle;

export class MessageEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.data = init.data ?? null;
    this.origin = init.origin ?? "";
    this.lastEventId = init.lastEventId ?? "";
    this.source = init.source ?? null;
    this.ports = Object.freeze([...(init.ports ?? [])]);
  }
}

export class MessagePort extends EventTarget {
  #other = null;
  #waiting = [];
  #started = false;
  #handler = null;
  constructor(key) {
    if (key !== secret) throw new TypeError("Illegal constructor");
    super();
  }
  static {
    entangle = (one, other) => {
      one.#other = other;
      other.#other = one;
    };
  }
  get onmessage() {
    return this.#handler;
  }
  // Who waits for messages in this way need not start the port.
  set onmessage(handler) {
    this.#handler = typeof handler === "function" ? handler : null;
    this.start();
  }
  postMessage(message, options) {
    const transfer = Array.isArray(options) ? options : options?.transfer;
    const data = structuredClone(message, { transfer });
    const port = this.#other;
    if (!port) return;
    port.#waiting.push(data);
    port.#deliverLater();
  }
  start() {
    if (this.#started) return;
    this.#started = true;
    for (const _ of this.#waiting) this.#deliverLater();
  }
  close() {
    const port = this.#other;
    this.#other = null;
    if (port) port.#other = null;
  }
  // Each message is a task of its own.
  #deliverLater() {
    if (this.#started) setTimeout(() => this.#deliver(), 0);
  }
  #deliver() {
    if (this.#waiting.length === 0) return;
    this.dispatchEvent(new MessageEvent("message", { data: this.#waiting.shift() }));
  }
}

export class MessageChannel {
  #ports = [new MessagePort(secret), new MessagePort(secret)];
  constructor() {
    entangle(...this.#ports);
  }
  get port1() {
    return this.#ports[0];
  }
  get port2() {
    return this.#ports[1];
  }
}
