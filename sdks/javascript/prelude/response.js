// Response.
import { Body, extract, setSource } from "./body.js";
import { Headers, freeze, headersOf } from "./headers.js";
import { URL } from "./url.js";

const nullBody = [101, 103, 204, 205, 304];

export let incomingResponse, trailersOf;

export class Response extends Body {
  #status;
  #statusText;
  #headers;
  #type = "default";
  #url = "";
  #redirected = false;
  #trailers;
  static {
    incomingResponse = (status, flat, source, url, redirected) => {
      const response = new Response(null, {});
      response.#status = status;
      response.#headers = freeze(headersOf(flat));
      response.#url = url;
      response.#redirected = redirected;
      response.#type = "basic";
      setSource(response, nullBody.includes(status) ? null : source);
      return response;
    };
    trailersOf = (response) => response.#trailers;
  }
  // `trailers` is Isospin's own: headers, or a function or promise of them, sent after the body.
  constructor(body, init = {}) {
    super();
    init ??= {};
    const status = init.status === undefined ? 200 : Math.trunc(Number(init.status));
    if (!(status >= 200 && status <= 599)) throw new RangeError(`${init.status} is not a status from 200 to 599`);
    this.#status = status;
    this.#statusText = String(init.statusText ?? "");
    if (this.#statusText && /[^\t -~\x80-\xff]/.test(this.#statusText)) throw new TypeError("the status text holds a character that is not allowed");
    this.#headers = new Headers(init.headers);
    this.#trailers = init.trailers;
    const source = extract(body);
    if (source && nullBody.includes(status)) throw new TypeError(`a response with status ${status} cannot have a body`);
    setSource(this, source);
    if (source?.type && !this.#headers.has("content-type")) this.#headers.set("content-type", source.type);
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("the value cannot be written as JSON");
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new Response(text, { ...init, headers });
  }
  static redirect(url, status = 302) {
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`${status} is not the status of a redirect`);
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }
  static error() {
    const response = new Response(null);
    response.#type = "error";
    response.#status = 0;
    freeze(response.#headers);
    return response;
  }
  get status() {
    return this.#status;
  }
  get ok() {
    return this.#status >= 200 && this.#status <= 299;
  }
  get statusText() {
    return this.#statusText;
  }
  get headers() {
    return this.#headers;
  }
  get type() {
    return this.#type;
  }
  get url() {
    return this.#url;
  }
  get redirected() {
    return this.#redirected;
  }
  clone() {
    const source = this.cloneSource();
    const copy = new Response(null, { status: this.#status || 200, statusText: this.#statusText, headers: this.#headers });
    copy.#status = this.#status;
    copy.#url = this.#url;
    copy.#redirected = this.#redirected;
    copy.#type = this.#type;
    setSource(copy, source);
    return copy;
  }
}
