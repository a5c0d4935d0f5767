// Keys, and what every algorithm of crypto.subtle does with them.
import { toBytes } from "../bytes.js";

export const digests = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];

export const fail = (name, message) => {
  throw new DOMException(message, name);
};
export const refuse = (what) => fail("NotSupportedError", `${what} is not supported`);

export const nameOf = (algorithm) => {
  const name = typeof algorithm === "string" ? algorithm : algorithm?.name;
  if (name === undefined) throw new TypeError("the algorithm has no name");
  return String(name);
};

// The number of a digest; natives know it by that.
export function digestNumber(algorithm) {
  const number = digests.indexOf(nameOf(algorithm).toUpperCase());
  return number < 0 ? refuse(`the digest ${nameOf(algorithm)}`) : number;
}

const secret = Symbol("made by crypto.subtle");
const order = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
let make, dataOf;

export class CryptoKey {
  #data;
  #told;
  static {
    make = (type, data, algorithm, extractable, usages) => {
      const key = new CryptoKey(secret);
      key.#data = data;
      key.#told = { type, algorithm, extractable: Boolean(extractable), usages: order.filter((usage) => usages.includes(usage)) };
      return key;
    };
    dataOf = (key) => key.#data;
  }
  constructor(key) {
    if (key !== secret) throw new TypeError("Illegal constructor");
  }
  get type() {
    return this.#told.type;
  }
  get extractable() {
    return this.#told.extractable;
  }
  get algorithm() {
    return this.#told.algorithm;
  }
  get usages() {
    return this.#told.usages;
  }
}
export { dataOf, make };

// Usages that are known at all, of which an algorithm allows some.
export function checkUsages(usages, allowed) {
  const list = [...usages];
  for (const usage of list) {
    if (!order.includes(usage)) throw new TypeError(`there is no usage \`${usage}\``);
    if (!allowed.includes(usage)) fail("SyntaxError", `the key cannot be for \`${usage}\``);
  }
  return list;
}

export const toBase64Url = (bytes) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });

// The bytes of a member of a JSON Web Key.
export function fromBase64Url(text, member) {
  try {
    if (typeof text !== "string" || /[^\w-]/.test(text)) throw 0;
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    fail("DataError", `\`${member}\` of the key is not base64url`);
  }
}

// What a JSON Web Key says of itself must not be against what is asked for.
export function checkJwk(jwk, kind, usages, extractable, use, alg) {
  const check = (right, member) => right || fail("DataError", `\`${member}\` of the key does not fit`);
  if (typeof jwk !== "object" || jwk === null || ArrayBuffer.isView(jwk) || jwk instanceof ArrayBuffer)
    throw new TypeError("a JSON Web Key is an object");
  check(jwk.kty === kind, "kty");
  check(!usages.length || jwk.use === undefined || jwk.use === use, "use");
  check(jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && usages.every((usage) => jwk.key_ops.includes(usage))), "key_ops");
  check(jwk.ext === undefined || jwk.ext || !extractable, "ext");
  check(alg === undefined || jwk.alg === undefined || jwk.alg === alg, "alg");
}

export const toJwk = (key, members) => ({ ...members, key_ops: [...key.usages], ext: key.extractable });

// The bytes of a secret key in either of its formats.
export function importSecret(format, data, usages, extractable, use, algOf) {
  if (format === "raw" || format === "raw-secret") return toBytes(data).slice();
  if (format !== "jwk") return refuse(`the format ${format} of this key`);
  checkJwk(data, "oct", usages, extractable, use);
  const bytes = fromBase64Url(data.k, "k");
  checkJwk(data, "oct", usages, extractable, use, algOf(bytes));
  return bytes;
}

export function exportSecret(format, key, alg) {
  if (format === "raw" || format === "raw-secret") return dataOf(key).slice().buffer;
  if (format !== "jwk") return refuse(`the format ${format} of this key`);
  return toJwk(key, { kty: "oct", k: toBase64Url(dataOf(key)), ...(alg && { alg }) });
}

// Takes the same time wherever the two differ.
export function equal(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length && i < b.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

export function randomBytes(length) {
  const bytes = new Uint8Array(length);
  native.randomBytes(bytes);
  return bytes;
}
