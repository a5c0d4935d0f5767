// The two forms of DER in which keys are exchanged: SubjectPublicKeyInfo (spki) and
// PrivateKeyInfo (pkcs8), and what stands inside of them.
import { join } from "../bytes.js";
import { fail } from "./key.js";

const INTEGER = 2, BITS = 3, OCTETS = 4, NOTHING = 5, OBJECT = 6, SEQUENCE = 0x30;

const broken = () => fail("DataError", "the key is not valid DER");

function element(tag, ...parts) {
  const content = join([new Uint8Array(0), ...parts]);
  const length = [];
  for (let left = content.length; left; left = Math.floor(left / 256)) length.unshift(left % 256);
  const head = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return join([Uint8Array.of(tag, ...head), content]);
}

export const sequence = (...parts) => element(SEQUENCE, ...parts);
export const object = (bytes) => element(OBJECT, Uint8Array.fromHex(bytes));
export const octets = (...parts) => element(OCTETS, ...parts);
export const bits = (bytes) => element(BITS, Uint8Array.of(0), bytes);
export const tagged = (number, ...parts) => element(0xa0 | number, ...parts);
export const nothing = () => element(NOTHING);

// A number that is not negative, of bytes with the highest first.
export const integer = (bytes) => element(INTEGER, ...(bytes[0] & 0x80 ? [Uint8Array.of(0)] : []), bytes.length ? bytes : Uint8Array.of(0));

// Reads one element after the other; what does not fit is a DataError.
export class Reader {
  #bytes;
  #at = 0;
  constructor(bytes) {
    this.#bytes = bytes;
  }
  get ended() {
    return this.#at === this.#bytes.length;
  }
  next(tag) {
    return this.#bytes[this.#at] === tag;
  }
  read(tag) {
    let length = this.#bytes[this.#at + 1];
    let start = this.#at + 2;
    if (!this.next(tag) || length === undefined || length === 0x80 || length > 0x84) broken();
    if (length > 0x80) {
      const end = start + length - 0x80;
      for (length = 0; start < end; start++) length = length * 256 + (this.#bytes[start] ?? broken());
    }
    if (start + length > this.#bytes.length) broken();
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }
  sequence = () => new Reader(this.read(SEQUENCE));
  octets = () => this.read(OCTETS);
  tagged = (number) => this.next(0xa0 | number) && new Reader(this.read(0xa0 | number));
  bits() {
    const bytes = this.read(BITS);
    return bytes[0] === 0 ? bytes.subarray(1) : broken();
  }
  integer() {
    const bytes = this.read(INTEGER);
    if (!bytes.length || bytes[0] & 0x80) broken();
    return trim(bytes);
  }
  end() {
    if (!this.ended) broken();
  }
  // The bytes of the names in an AlgorithmIdentifier, as hexadecimal text.
  algorithm() {
    const inside = this.sequence(), names = [];
    while (!inside.ended) names.push(inside.next(OBJECT) ? inside.read(OBJECT).toHex() : inside.read(NOTHING).toHex());
    return names;
  }
}

// Without the zeros before it.
export function trim(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? bytes.length : first);
}

export const writeSpki = (algorithm, key) => sequence(sequence(...algorithm), bits(key));

export const writePkcs8 = (algorithm, key) => sequence(integer(new Uint8Array(0)), sequence(...algorithm), octets(key));

// The names of the algorithm, and the key itself.
export function readSpki(bytes) {
  const outer = new Reader(bytes), inside = outer.sequence();
  outer.end();
  const result = { names: inside.algorithm(), key: inside.bits() };
  inside.end();
  return result;
}

export function readPkcs8(bytes) {
  const outer = new Reader(bytes), inside = outer.sequence();
  outer.end();
  // Version 1 may have a public key behind the secret one, and attributes.
  if ((inside.integer()[0] ?? 0) > 1) broken();
  return { names: inside.algorithm(), key: inside.octets() };
}
