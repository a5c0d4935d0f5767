// The secure source of randomness, and what is built on it.
import { subtle } from "web-crypto";

const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array];

function getRandomValues(array) {
  if (!integers.some((kind) => array instanceof kind)) throw new DOMException("the array is not one of integers", "TypeMismatchError");
  if (array.byteLength > 65536) throw new DOMException("more than 65536 bytes were asked for", "QuotaExceededError");
  native.randomBytes(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return array;
}

export const crypto = {
  subtle,
  getRandomValues,
  randomUUID() {
    const bytes = getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
};
