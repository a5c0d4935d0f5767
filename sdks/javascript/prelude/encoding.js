// TextEncoder and TextDecoder: UTF-8 in native code, what is simple, and what an app names.
import { decodeLegacy, legacyName } from "legacy-encodings";
import { TransformStream } from "./streams.js";
import { join, toBytes } from "./bytes.js";

export class TextEncoder {
  get encoding() {
    return "utf-8";
  }
  encode(text = "") {
    return native.encode(String(text));
  }
  encodeInto(text, target) {
    let read = 0, written = 0;
    for (const character of String(text).toWellFormed()) {
      const bytes = native.encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

const labels = {
  "utf-8": ["utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"],
  "utf-16le": ["utf-16", "utf-16le", "ucs-2", "csunicode", "iso-10646-ucs-2", "unicode", "unicodefeff"],
  "utf-16be": ["utf-16be", "unicodefffe"],
  "windows-1252": [
    "ascii", "us-ascii", "ansi_x3.4-1968", "latin1", "l1", "csisolatin1", "iso-8859-1", "iso8859-1", "iso88591",
    "iso_8859-1", "iso_8859-1:1987", "iso-ir-100", "cp819", "ibm819", "cp1252", "windows-1252", "x-cp1252",
  ],
};
// The 32 places where windows-1252 is not Latin-1.
const high = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

function encodingOf(label) {
  const wanted = String(label).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "").toLowerCase();
  for (const name in labels) if (labels[name].includes(wanted)) return name;
  const legacy = legacyName(wanted);
  if (legacy) return legacy;
  throw new RangeError(`the encoding \`${label}\` is not supported`);
}

const decoders = {
  "utf-8": (bytes, fatal) => native.decode(bytes, fatal),
  "windows-1252": (bytes) => native.latin1(bytes).replace(/[\x80-\x9f]/g, (c) => high[c.charCodeAt(0) - 0x80]),
  "utf-16le": (bytes, fatal) => utf16(bytes, fatal, 0, 8),
  "utf-16be": (bytes, fatal) => utf16(bytes, fatal, 8, 0),
};

function utf16(bytes, fatal, first, second) {
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode((bytes[i] << first) | (bytes[i + 1] << second));
  if (bytes.length % 2) text += "\ufffd";
  if (fatal && (bytes.length % 2 || !text.isWellFormed())) return null;
  return text.toWellFormed();
}

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #rest = new Uint8Array(0);
  #begun = false;
  #state = {};
  constructor(label = "utf-8", options = {}) {
    this.#encoding = encodingOf(label);
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }
  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBOM;
  }
  decode(input, options = {}) {
    let bytes = input === undefined ? new Uint8Array(0) : toBytes(input);
    if (this.#rest.length) bytes = join([this.#rest, bytes]);
    const stream = Boolean(options?.stream);
    let { text, rest } = this.#text(bytes, stream);
    this.#rest = bytes.slice(bytes.length - rest);
    if (text === null || !stream) this.#state = {};
    if (text === null) {
      this.#rest = new Uint8Array(0);
      this.#begun = false;
      throw new TypeError(`the bytes are not ${this.#encoding}`);
    }
    if (!this.#begun && !this.#ignoreBOM && this.#encoding.startsWith("utf-") && text.startsWith("\ufeff"))
      text = text.slice(1);
    this.#begun = stream && (this.#begun || bytes.length > rest);
    return text;
  }
  // The text, and how many bytes at the end wait for more.
  #text(bytes, stream) {
    const decoder = decoders[this.#encoding];
    if (!decoder) return decodeLegacy(this.#encoding, bytes, this.#fatal, stream, this.#state);
    const rest = stream ? this.#incomplete(bytes) : 0;
    return { text: decoder(rest ? bytes.subarray(0, bytes.length - rest) : bytes, this.#fatal), rest };
  }
  #incomplete(bytes) {
    if (this.#encoding === "utf-8") return native.incomplete(bytes);
    if (this.#encoding === "windows-1252") return 0;
    const odd = bytes.length % 2;
    const last = bytes.length - odd - (this.#encoding === "utf-16le" ? 1 : 2);
    return last >= 0 && (bytes[last] & 0xfc) === 0xd8 ? odd + 2 : odd;
  }
}

export class TextEncoderStream {
  constructor() {
    let rest = "";
    const stream = new TransformStream({
      transform(chunk, controller) {
        let text = rest + String(chunk);
        rest = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
        if (rest) text = text.slice(0, -1);
        if (text) controller.enqueue(native.encode(text));
      },
      flush(controller) {
        if (rest) controller.enqueue(native.encode(rest));
      },
    });
    this.readable = stream.readable;
    this.writable = stream.writable;
  }
  get encoding() {
    return "utf-8";
  }
}

export class TextDecoderStream {
  constructor(label, options) {
    const decoder = new TextDecoder(label, options);
    this.encoding = decoder.encoding;
    this.fatal = decoder.fatal;
    this.ignoreBOM = decoder.ignoreBOM;
    const stream = new TransformStream({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
    this.readable = stream.readable;
    this.writable = stream.writable;
  }
}
