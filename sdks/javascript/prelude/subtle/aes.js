// AES: CBC, CTR, GCM and the key wrap.
import { toBytes } from "../bytes.js";
import { checkUsages, dataOf, exportSecret, fail, importSecret, make, randomBytes } from "./key.js";

const lengths = [128, 192, 256];

function lengthOf(algorithm) {
  const length = Number(algorithm.length);
  return lengths.includes(length) ? length : fail("OperationError", "the length is not 128, 192 or 256");
}

// What all modes have; `mode` as it is at the end of a JSON Web Key's `alg`.
function aes(mode, usages, operations) {
  const name = `AES-${mode}`;
  const algOf = (bytes) => `A${bytes.length * 8}${mode}`;
  const makeKey = (bytes, extractable, wanted) => make("secret", bytes, { name, length: bytes.length * 8 }, extractable, wanted);
  return {
    name,
    length: lengthOf,
    generateKey(algorithm, extractable, wanted) {
      const list = checkUsages(wanted, usages);
      return makeKey(randomBytes(lengthOf(algorithm) / 8), extractable, list);
    },
    importKey(format, data, algorithm, extractable, wanted) {
      const list = checkUsages(wanted, usages);
      const bytes = importSecret(format, data, list, extractable, "enc", algOf);
      if (!lengths.includes(bytes.length * 8)) fail("DataError", "the key has not 128, 192 or 256 bits");
      return makeKey(bytes, extractable, list);
    },
    exportKey: (format, key) => exportSecret(format, key, algOf(dataOf(key))),
    ...operations,
  };
}

const all = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];

const failed = () => fail("OperationError", "the data cannot be decrypted with this key");

function sixteen(value, member) {
  const bytes = toBytes(value);
  return bytes.length === 16 ? bytes : fail("OperationError", `\`${member}\` has not 16 bytes`);
}

export const cbc = aes("CBC", all, {
  encrypt({ iv }, key, data) {
    const padding = 16 - (data.length % 16);
    const padded = new Uint8Array(data.length + padding).fill(padding, data.length);
    padded.set(data);
    return native.cbcEncrypt(padded.length, dataOf(key), sixteen(iv, "iv"), padded);
  },
  decrypt({ iv }, key, data) {
    if (!data.length) failed();
    const padded = native.cbcDecrypt(data.length, dataOf(key), sixteen(iv, "iv"), data) ?? failed();
    const padding = padded.at(-1);
    if (padding < 1 || padding > 16 || padded.subarray(-padding).some((byte) => byte !== padding)) failed();
    return padded.slice(0, -padding);
  },
});

function count({ counter, length }, key, data) {
  const bits = Number(length);
  if (!(bits >= 1 && bits <= 128)) fail("OperationError", "`length` is not from 1 to 128");
  if (data.length / 16 > 2 ** bits) fail("OperationError", "the counter has too few bits for the data");
  return native.ctr(data.length, dataOf(key), sixteen(counter, "counter"), data, Uint8Array.of(bits));
}

export const ctr = aes("CTR", all, { encrypt: count, decrypt: count });

const tags = [32, 64, 96, 104, 112, 120, 128];

function sealing({ iv, additionalData, tagLength = 128 }) {
  if (!tags.includes(Number(tagLength))) fail("OperationError", "`tagLength` is none of " + tags.join(", "));
  const more = additionalData === undefined ? new Uint8Array(0) : toBytes(additionalData);
  return [toBytes(iv), more, Number(tagLength) / 8];
}

export const gcm = aes("GCM", all, {
  encrypt(algorithm, key, data) {
    const [iv, more, tag] = sealing(algorithm);
    return native.gcmSeal(data.length + 16, dataOf(key), iv, data, more).slice(0, data.length + tag);
  },
  decrypt(algorithm, key, data) {
    const [iv, more, tag] = sealing(algorithm), length = data.length - tag;
    if (length < 0) failed();
    return native.gcmOpen(length, dataOf(key), iv, data.subarray(0, length), more, data.subarray(length)) ?? failed();
  },
});

export const kw = aes("KW", ["wrapKey", "unwrapKey"], {
  wrapKey: (algorithm, key, data) =>
    native.wrap(data.length + 8, dataOf(key), data) ?? fail("OperationError", "what is wrapped has not a multiple of 64 bits"),
  unwrapKey: (algorithm, key, data) => native.unwrap(Math.max(0, data.length - 8), dataOf(key), data) ?? failed(),
});
