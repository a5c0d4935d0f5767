// Keys that are derived from a secret: HKDF, and PBKDF2 from passwords.
import { join, toBytes } from "../bytes.js";
import { checkUsages, dataOf, digestNumber, fail, make, refuse } from "./key.js";

const usages = ["deriveKey", "deriveBits"];
const sizes = [20, 32, 48, 64];

function deriving(name, deriveBits) {
  return {
    name,
    length: () => null,
    importKey(format, data, algorithm, extractable, wanted) {
      if (format !== "raw" && format !== "raw-secret") refuse(`the format ${format} of this key`);
      const list = checkUsages(wanted, usages);
      if (extractable) fail("SyntaxError", `a key for ${name} cannot be extractable`);
      return make("secret", toBytes(data).slice(), { name }, false, list);
    },
    deriveBits(algorithm, key, length) {
      if (length === null || length % 8) fail("OperationError", "the length is not a multiple of 8");
      return deriveBits(algorithm, dataOf(key), length / 8);
    },
  };
}

export const hkdf = deriving("HKDF", ({ hash, salt, info }, secret, length) => {
  const number = digestNumber(hash), about = toBytes(info);
  if (length > 255 * sizes[number]) fail("OperationError", "more than 255 digests are asked for");
  const key = native.hmac(number, toBytes(salt), secret);
  const parts = [new Uint8Array(0)];
  for (let have = 0; have < length; have += sizes[number])
    parts.push(native.hmac(number, key, join([parts.at(-1), about, Uint8Array.of(parts.length)])));
  return join(parts).slice(0, length);
});

export const pbkdf2 = deriving("PBKDF2", ({ hash, salt, iterations }, password, length) => {
  const number = digestNumber(hash), rounds = Number(iterations);
  if (!(rounds >= 1 && rounds < 2 ** 32)) fail("OperationError", "`iterations` is not a number from 1 on");
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, rounds);
  if (!length) return new Uint8Array(0);
  return native.pbkdf2(length, Uint8Array.of(number), password, toBytes(salt), bytes);
});
