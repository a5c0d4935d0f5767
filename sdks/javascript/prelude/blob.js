// Blob and File.
import { decode, encode, isBufferSource, join, toBytes } from "./bytes.js";
import { ReadableStream } from "./streams.js";

export let bytesOf;

export class Blob {
  #bytes;
  #type;
  static {
    bytesOf = (blob) => blob.#bytes;
  }
  constructor(parts = [], options = {}) {
    const bytes = Array.from(parts, (part) => {
      if (part instanceof Blob) return part.#bytes;
      return isBufferSource(part) ? toBytes(part).slice() : encode(String(part));
    });
    this.#bytes = bytes.length ? join(bytes) : new Uint8Array(0);
    const type = String(options?.type ?? "");
    this.#type = /[^ -~]/.test(type) ? "" : type.toLowerCase();
  }
  get size() {
    return this.#bytes.length;
  }
  get type() {
    return this.#type;
  }
  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }
  async bytes() {
    return this.#bytes.slice();
  }
  async text() {
    return decode(this.#bytes);
  }
  slice(start, end, type = "") {
    return new Blob([this.#bytes.slice(start, end)], { type });
  }
  stream() {
    const bytes = this.#bytes;
    return new ReadableStream({
      type: "bytes",
      start(controller) {
        if (bytes.length) controller.enqueue(bytes.slice());
        controller.close();
      },
    });
  }
}

export class File extends Blob {
  #name;
  #lastModified;
  constructor(parts, name, options = {}) {
    super(parts, options);
    this.#name = String(name);
    this.#lastModified = options.lastModified ?? Date.now();
  }
  get name() {
    return this.#name;
  }
  get lastModified() {
    return this.#lastModified;
  }
}
