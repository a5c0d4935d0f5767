// Request.
import { Body, extract, setSource, sourceOf, takeSource } from "./body.js";
import { Headers, headersOf } from "./headers.js";
import { AbortController, AbortSignal } from "./events.js";
import { Incoming } from "./incoming.js";
import { URL } from "./url.js";

const known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

function checkMethod(method) {
  method = String(method);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method) || /^(connect|trace|track)$/i.test(method))
    throw new TypeError(`\`${method}\` is not a method that can be sent`);
  const upper = method.toUpperCase();
  return known.includes(upper) ? upper : method;
}

export class Request extends Body {
  #method;
  #url;
  #headers;
  #signal;
  #redirect = "follow";
  // For a request of the host's: what gives its parts when they are first wanted.
  #incoming;
  constructor(input, init = {}) {
    super();
    if (input instanceof Incoming) {
      this.#incoming = input;
      setSource(this, input);
      return;
    }
    const from = input instanceof Request ? input : null;
    if (from) this.#url = from.url;
    else {
      const url = new URL(input);
      if (url.username || url.password) throw new TypeError("a URL with credentials cannot be fetched");
      this.#url = url.href;
    }
    init ??= {};
    this.#method = init.method !== undefined ? checkMethod(init.method) : (from?.method ?? "GET");
    this.#headers = new Headers(init.headers ?? from?.headers);
    this.#redirect = init.redirect ?? from?.#redirect ?? "follow";
    if (!["follow", "error", "manual"].includes(this.#redirect)) throw new TypeError(`\`${this.#redirect}\` is no way to treat a redirect`);
    this.#signal = init.signal !== undefined ? init.signal : from?.signal;
    this.#takeBody(init, from);
  }
  #takeBody(init, from) {
    const without = this.#method === "GET" || this.#method === "HEAD";
    if (init.body != null && without) throw new TypeError(`a ${this.#method} request cannot have a body`);
    const source = init.body != null ? extract(init.body) : from && sourceOf(from) && !without ? takeSource(from) : null;
    setSource(this, source);
    if (init.body != null && source.type && !this.#headers.has("content-type")) this.#headers.set("content-type", source.type);
  }
  get method() {
    return (this.#method ??= this.#incoming.method());
  }
  get url() {
    return (this.#url ??= this.#incoming.url());
  }
  get headers() {
    return (this.#headers ??= headersOf(() => this.#incoming.fields()));
  }
  get signal() {
    return (this.#signal ??= this.#incoming?.signal() ?? new AbortController().signal);
  }
  get redirect() {
    return this.#redirect;
  }
  get cache() {
    return "default";
  }
  get credentials() {
    return "same-origin";
  }
  get destination() {
    return "";
  }
  get integrity() {
    return "";
  }
  get keepalive() {
    return false;
  }
  get mode() {
    return "cors";
  }
  get referrer() {
    return "about:client";
  }
  get referrerPolicy() {
    return "";
  }
  get duplex() {
    return "half";
  }
  clone() {
    const source = this.cloneSource();
    const copy = new Request(this.url, { method: "GET", headers: this.headers, redirect: this.#redirect, signal: AbortSignal.any([this.signal]) });
    copy.#method = this.method;
    setSource(copy, source);
    return copy;
  }
}
