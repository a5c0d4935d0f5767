// HMAC, which tokens and webhooks are signed with.
import { checkUsages, dataOf, digestNumber, digests, equal, exportSecret, fail, importSecret, make, randomBytes } from "./key.js";

const blocks = [64, 64, 128, 128];
const usages = ["sign", "verify"];
const algOf = (hash) => "HS" + digests[hash].slice(4);
const sign = (key, data) => native.hmac(digestNumber(key.algorithm.hash), dataOf(key), data);

function makeKey(bytes, hash, length, extractable, wanted) {
  return make("secret", bytes, { name: "HMAC", hash: { name: digests[hash] }, length }, extractable, wanted);
}

// As many bits as are asked for, of bytes that have no more than seven others.
function bitsOf(algorithm, bytes) {
  if (algorithm.length === undefined) return bytes.length * 8;
  const length = Number(algorithm.length);
  if (length > bytes.length * 8 || length <= bytes.length * 8 - 8) fail("DataError", "the key has another length");
  if (length % 8) bytes[bytes.length - 1] &= 0xff << (8 - (length % 8));
  return length;
}

const lengthOf = (algorithm) => {
  const length = algorithm.length === undefined ? blocks[digestNumber(algorithm.hash)] * 8 : Number(algorithm.length);
  return length > 0 ? length : fail("OperationError", "the length of the key is 0");
};

export const hmac = {
  name: "HMAC",
  length: (algorithm) => lengthOf(algorithm),
  generateKey(algorithm, extractable, wanted) {
    const hash = digestNumber(algorithm.hash), list = checkUsages(wanted, usages), length = lengthOf(algorithm);
    const bytes = randomBytes(Math.ceil(length / 8));
    return makeKey(bytes, hash, bitsOf({ length }, bytes), extractable, list);
  },
  importKey(format, data, algorithm, extractable, wanted) {
    const hash = digestNumber(algorithm.hash), list = checkUsages(wanted, usages);
    const bytes = importSecret(format, data, list, extractable, "sig", () => algOf(hash));
    if (!bytes.length) fail("DataError", "the key is empty");
    return makeKey(bytes, hash, bitsOf(algorithm, bytes), extractable, list);
  },
  exportKey: (format, key) => exportSecret(format, key, algOf(digestNumber(key.algorithm.hash))),
  sign: (algorithm, key, data) => sign(key, data),
  verify: (algorithm, key, signature, data) => equal(sign(key, data), signature),
};
