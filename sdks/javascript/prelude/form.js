// FormData, and its two encodings.
import { Blob, File, bytesOf } from "./blob.js";
import { decode, encode, join } from "./bytes.js";
import { URLSearchParams } from "./url.js";

const asValue = (value, filename) => {
  if (!(value instanceof Blob)) return String(value).toWellFormed();
  if (value instanceof File && filename === undefined) return value;
  return new File([value], filename ?? "blob", { type: value.type });
};

export class FormData {
  #entries = [];
  append(name, value, filename) {
    this.#entries.push([String(name).toWellFormed(), asValue(value, filename)]);
  }
  delete(name) {
    this.#entries = this.#entries.filter(([key]) => key !== String(name));
  }
  get(name) {
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name) {
    return this.#entries.some(([key]) => key === String(name));
  }
  set(name, value, filename) {
    const at = this.#entries.findIndex(([key]) => key === String(name));
    if (at < 0) return this.append(name, value, filename);
    this.#entries[at] = [String(name).toWellFormed(), asValue(value, filename)];
    this.#entries = this.#entries.filter(([key], index) => key !== String(name) || index === at);
  }
  forEach(callback, receiver) {
    for (const [name, value] of this) callback.call(receiver, value, name, this);
  }
  *entries() {
    for (const entry of this.#entries) yield [...entry];
  }
  *keys() {
    for (const [name] of this.#entries) yield name;
  }
  *values() {
    for (const [, value] of this.#entries) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}

const escapeName = (text) => text.replace(/\r\n?|\n/g, "%0D%0A").replace(/"/g, "%22");

export function encodeForm(form) {
  const boundary = "----isospin" + Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join("");
  const parts = [];
  for (const [name, value] of form) {
    let head = `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"`;
    if (typeof value === "string") {
      parts.push(encode(`${head}\r\n\r\n${value.replace(/\r\n?|\n/g, "\r\n")}\r\n`));
    } else {
      head += `; filename="${escapeName(value.name)}"\r\ncontent-type: ${value.type || "application/octet-stream"}`;
      parts.push(encode(`${head}\r\n\r\n`), bytesOf(value), encode("\r\n"));
    }
  }
  parts.push(encode(`--${boundary}--\r\n`));
  return { bytes: join(parts), type: `multipart/form-data; boundary=${boundary}` };
}

export function decodeForm(bytes, type) {
  const kind = type.split(";")[0].trim().toLowerCase();
  const form = new FormData();
  if (kind === "application/x-www-form-urlencoded") {
    for (const [name, value] of new URLSearchParams(decode(bytes))) form.append(name, value);
    return form;
  }
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  if (kind !== "multipart/form-data" || !boundary) throw new TypeError("the body is not a form");
  decodeParts(form, bytes, `--${boundary[1] ?? boundary[2]}`);
  return form;
}

// Bytes are searched as a string of the same length, one character each.
function decodeParts(form, bytes, delimiter) {
  const text = native.latin1(bytes);
  let at = text.indexOf(delimiter);
  while (at >= 0 && !text.startsWith("--", at + delimiter.length)) {
    const start = at + delimiter.length + 2;
    const body = text.indexOf("\r\n\r\n", start) + 4;
    at = text.indexOf(`\r\n${delimiter}`, body - 2);
    if (body < 4 || at < 0) throw new TypeError("the form in the body is not complete");
    const head = decode(bytes.subarray(start, body - 4));
    const field = (pattern) => pattern.exec(head)?.[1].replace(/%22/g, '"').replace(/%0D%0A/gi, "\r\n");
    const name = field(/;\s*name="([^"]*)"/i);
    const filename = field(/filename="([^"]*)"/i);
    if (name === undefined) throw new TypeError("a part of the form has no name");
    const value = bytes.slice(body, Math.max(at, body));
    const type = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? "text/plain";
    form.append(name, filename === undefined ? decode(value) : new File([value], filename, { type }));
    at += 2;
  }
}
