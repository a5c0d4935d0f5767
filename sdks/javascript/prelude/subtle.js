// crypto.subtle: digests and HMAC. What is not there is refused by its name.
import { toBytes } from "./bytes.js";

const digests = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];
const blocks = [64, 64, 128, 128];

const nameOf = (algorithm) => String(typeof algorithm === "string" ? algorithm : algorithm?.name);
const refuse = (name) => new DOMException(`the algorithm ${name} is not supported`, "NotSupportedError");

function digestNumber(algorithm) {
  const number = digests.indexOf(nameOf(algorithm).toUpperCase());
  if (number < 0) throw refuse(nameOf(algorithm));
  return number;
}

function needHmac(algorithm) {
  if (nameOf(algorithm).toUpperCase() !== "HMAC") throw refuse(nameOf(algorithm));
}

const toBase64Url = (bytes) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const secret = Symbol("made by crypto.subtle");
let make, secretOf;

export class CryptoKey {
  #secret;
  static {
    make = (bytes, properties) => {
      const key = new CryptoKey(secret);
      key.#secret = bytes;
      return Object.assign(key, properties);
    };
    secretOf = (key) => key.#secret;
  }
  constructor(key) {
    if (key !== secret) throw new TypeError("Illegal constructor");
  }
}

function hmacKey(bytes, hash, extractable, usages) {
  if (!bytes.length) throw new DOMException("the key is empty", "DataError");
  const algorithm = { name: "HMAC", hash: { name: digests[hash] }, length: bytes.length * 8 };
  return make(bytes, { type: "secret", extractable, algorithm, usages: [...usages] });
}

function need(key, algorithm, usage) {
  needHmac(algorithm);
  if (!(key instanceof CryptoKey)) throw new TypeError("the key is not a CryptoKey");
  if (!key.usages.includes(usage)) throw new DOMException(`the key is not for \`${usage}\``, "InvalidAccessError");
  return native.hmac.bind(null, digestNumber(key.algorithm.hash), secretOf(key));
}

// Takes the same time wherever the two differ.
function equal(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length && i < b.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

export const subtle = {
  async digest(algorithm, data) {
    return native.digest(digestNumber(algorithm), toBytes(data)).buffer;
  },
  async importKey(format, data, algorithm, extractable, usages) {
    needHmac(algorithm);
    const hash = digestNumber(algorithm.hash);
    if (format === "raw") return hmacKey(toBytes(data).slice(), hash, extractable, usages);
    if (format !== "jwk") throw refuse(`HMAC with keys as ${format}`);
    if (data?.kty !== "oct") throw new DOMException("the key is not of kind `oct`", "DataError");
    return hmacKey(Uint8Array.fromBase64(data.k, { alphabet: "base64url" }), hash, extractable, usages);
  },
  async exportKey(format, key) {
    if (!key.extractable) throw new DOMException("the key may not be exported", "InvalidAccessError");
    const bytes = secretOf(key);
    if (format === "raw") return bytes.slice().buffer;
    if (format !== "jwk") throw refuse(`HMAC with keys as ${format}`);
    const alg = "HS" + key.algorithm.hash.name.slice(4);
    return { kty: "oct", k: toBase64Url(bytes), alg, key_ops: [...key.usages], ext: true };
  },
  async generateKey(algorithm, extractable, usages) {
    needHmac(algorithm);
    const hash = digestNumber(algorithm.hash);
    const bytes = new Uint8Array(algorithm.length === undefined ? blocks[hash] : Math.ceil(algorithm.length / 8));
    native.randomBytes(bytes);
    return hmacKey(bytes, hash, extractable, usages);
  },
  async sign(algorithm, key, data) {
    return need(key, algorithm, "sign")(toBytes(data)).buffer;
  },
  async verify(algorithm, key, signature, data) {
    return equal(need(key, algorithm, "verify")(toBytes(data)), toBytes(signature));
  },
};
