// What requests and responses have in common: a body that is read once.
import { Blob, bytesOf } from "./blob.js";
import { decode, encode, isBufferSource, join, toBytes } from "./bytes.js";
import { FormData, decodeForm, encodeForm } from "./form.js";
import { ReadableStream } from "./streams.js";
import { URLSearchParams } from "./url.js";
import { bytesInside, isDisturbed, isLocked, markRead, wholeStream } from "./whole.js";

// A source is { bytes }, { stream }, or both: the bytes, and the stream that was made of them.
export function extract(value) {
  if (value == null) return null;
  if (typeof value === "string") return textSource(value);
  if (value instanceof ReadableStream) {
    if (isLocked(value)) throw new TypeError("the stream is already being read");
    return { bytes: bytesInside(value), stream: value };
  }
  if (value instanceof Blob) return { bytes: bytesOf(value), type: value.type };
  if (value instanceof URLSearchParams)
    return { bytes: encode(value.toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  if (value instanceof FormData) return encodeForm(value);
  if (isBufferSource(value)) return { bytes: toBytes(value).slice() };
  if (typeof value === "object" && typeof value[Symbol.asyncIterator] === "function") return { stream: ReadableStream.from(value) };
  return textSource(String(value));
}

const textSource = (text) => ({ bytes: encode(text), type: "text/plain;charset=UTF-8" });

async function collect(stream) {
  const reader = stream.getReader();
  const parts = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.length ? join(parts) : new Uint8Array(0);
    if (!(value instanceof Uint8Array)) throw new TypeError("a body's stream gave something other than a Uint8Array");
    parts.push(value);
  }
}

export let takeSource, sourceOf, setSource;

export class Body {
  // A source; or what has a method that gives it when it is first wanted.
  #source = null;
  #used = false;
  static {
    setSource = (body, source) => (body.#source = source);
    sourceOf = (body) => body.#held();
    // Takes the body for sending: bytes as they are, or the stream. A stream of bytes
    // that nobody has read is not read now either, but counts as read.
    takeSource = (body) => {
      const source = body.#held();
      if (body.bodyUsed || (source?.stream && isLocked(source.stream))) throw new TypeError("the body was used before");
      if (source) body.#used = true;
      if (!source?.bytes || !source.stream) return source;
      markRead(source.stream);
      return { bytes: source.bytes };
    };
  }
  #held() {
    if (typeof this.#source?.source === "function") this.#source = this.#source.source();
    return this.#source;
  }
  get body() {
    const source = this.#held();
    if (!source) return null;
    if (source.open && !source.stream) source.stream = source.open();
    return (source.stream ??= wholeStream(source.bytes));
  }
  get bodyUsed() {
    return this.#used || Boolean(this.#source?.stream && isDisturbed(this.#source.stream));
  }
  async #consume() {
    const source = this.#held();
    if (this.bodyUsed || (source?.stream && isLocked(source.stream))) throw new TypeError("the body was used before");
    if (!source) return new Uint8Array(0);
    this.#used = true;
    if (source.bytes && !source.stream) return source.bytes;
    return source.all && !source.stream ? source.all() : collect(this.body);
  }
  async arrayBuffer() {
    const bytes = await this.#consume();
    return bytes.buffer.byteLength === bytes.length && !this.#source?.bytes ? bytes.buffer : bytes.slice().buffer;
  }
  async bytes() {
    return (await this.#consume()).slice();
  }
  async text() {
    return decode(await this.#consume());
  }
  async json() {
    return JSON.parse(decode(await this.#consume()));
  }
  async blob() {
    return new Blob([await this.#consume()], { type: this.headers.get("content-type") ?? "" });
  }
  async formData() {
    return decodeForm(await this.#consume(), this.headers.get("content-type") ?? "");
  }
  cloneSource() {
    const source = this.#held();
    if (this.bodyUsed || (source?.stream && isLocked(source.stream))) throw new TypeError("the body was used before");
    if (!source) return null;
    if (source.bytes && !source.stream) return { ...source };
    const [first, second] = this.body.tee();
    this.#source = { ...source, open: undefined, all: undefined, stream: first };
    return { stream: second };
  }
}
