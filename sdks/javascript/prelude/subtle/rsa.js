// RSA: signatures of PKCS #1 (versions 1.5 and PSS) and encryption with OAEP. A key's
// data is its numbers under the names of JSON Web Keys, bytes with the highest first.
import { join, toBytes } from "../bytes.js";
import { Reader, integer, nothing, object, readPkcs8, readSpki, sequence, trim, writePkcs8, writeSpki } from "./der.js";
import { checkJwk, checkUsages, dataOf, digestNumber, digests, equal, fail, fromBase64Url, make, randomBytes, refuse, toBase64Url, toJwk } from "./key.js";
import { generate } from "./rsa-keys.js";

const RSA = "2a864886f70d010101";
const secrets = ["d", "p", "q", "dp", "dq", "qi"];
const MOST_BITS = 8192;

const hashOf = (key) => digestNumber(key.algorithm.hash);
const bitsOf = (number) => number.length * 8 - Math.clz32(number[0]) + 24;
const sizeOf = (key) => dataOf(key).n.length;

function checkNumbers(data) {
  const bits = data.n.length ? bitsOf(data.n) : 0;
  if (bits < 256 || !(data.n.at(-1) & 1)) fail("DataError", "the modulus is not one of RSA");
  if (bits > MOST_BITS) refuse(`a key of ${bits} bits`);
  if (!data.e.length || !(data.e.at(-1) & 1) || data.e.length > 8) fail("DataError", "the exponent is not one of RSA");
  return data;
}

function fromDer(format, bytes) {
  const { names, key } = format === "spki" ? readSpki(bytes) : readPkcs8(bytes);
  if (names[0] !== RSA) fail("DataError", "the key is for another algorithm");
  const inside = new Reader(key).sequence();
  if (format === "pkcs8" && inside.integer().length) fail("DataError", "the key has more than two primes");
  const members = format === "spki" ? ["n", "e"] : ["n", "e", ...secrets];
  const data = Object.fromEntries(members.map((member) => [member, inside.integer().slice()]));
  inside.end();
  return data;
}

function toDer(format, data) {
  const algorithm = [object(RSA), nothing()];
  if (format === "spki") return writeSpki(algorithm, sequence(integer(data.n), integer(data.e)));
  const numbers = ["n", "e", ...secrets].map((member) => integer(data[member]));
  return writePkcs8(algorithm, sequence(integer(new Uint8Array(0)), ...numbers));
}

function fromJwk(jwk) {
  if (jwk.oth !== undefined) refuse("a key of more than two primes");
  const members = jwk.d === undefined ? ["n", "e"] : ["n", "e", ...secrets];
  return Object.fromEntries(members.map((member) => [member, trim(fromBase64Url(jwk[member], member))]));
}

// What the three have all; `algs` are the names of JSON Web Keys by digest.
function rsa(name, [ofPublic, ofPrivate], use, algs, operations) {
  const makeKey = (data, hash, extractable, usages) => {
    const algorithm = { name, modulusLength: bitsOf(data.n), publicExponent: data.e.slice(), hash: { name: digests[hash] } };
    return make(data.d ? "private" : "public", data, algorithm, extractable, usages);
  };
  return {
    name,
    generateKey(algorithm, extractable, wanted) {
      const hash = digestNumber(algorithm.hash), list = checkUsages(wanted, [...ofPublic, ...ofPrivate]);
      const data = generate(Number(algorithm.modulusLength), trim(toBytes(algorithm.publicExponent)));
      return {
        privateKey: makeKey(data, hash, extractable, list.filter((usage) => ofPrivate.includes(usage))),
        publicKey: makeKey({ n: data.n, e: data.e }, hash, true, list.filter((usage) => ofPublic.includes(usage))),
      };
    },
    importKey(format, data, algorithm, extractable, wanted) {
      const hash = digestNumber(algorithm.hash);
      const isPrivate = format === "pkcs8" || (format === "jwk" && data?.d !== undefined);
      const list = checkUsages(wanted, isPrivate ? ofPrivate : ofPublic);
      if (format === "spki" || format === "pkcs8") return makeKey(checkNumbers(fromDer(format, toBytes(data))), hash, extractable, list);
      if (format !== "jwk") return refuse(`the format ${format} of this key`);
      checkJwk(data, "RSA", list, extractable, use, algs[hash]);
      return makeKey(checkNumbers(fromJwk(data)), hash, extractable, list);
    },
    exportKey(format, key) {
      const data = dataOf(key);
      if (format === "jwk") {
        const members = Object.entries(data).map(([member, bytes]) => [member, toBase64Url(bytes)]);
        return toJwk(key, { kty: "RSA", alg: algs[hashOf(key)], ...Object.fromEntries(members) });
      }
      const kind = { spki: "public", pkcs8: "private" }[format] ?? refuse(`the format ${format} of this key`);
      if (kind !== key.type) fail("InvalidAccessError", `the key is ${key.type}`);
      return toDer(format, data).buffer;
    },
    ...operations,
  };
}

const raise = (key, block) => native.rsaRaise(sizeOf(key), dataOf(key).n, dataOf(key).e, block);

function raiseSecret(key, block) {
  const { n, e, p, q, dp, dq, qi } = dataOf(key);
  return native.rsaRaiseSecret(n.length, n, e, block, p, q, dp, dq, qi);
}

const failed = () => fail("OperationError", "the key does not do this with the data");

const needType = (key, type) => key.type === type || fail("InvalidAccessError", `the key is not ${type}`);

// What stands before a digest in a signature of version 1.5.
const prefixes = [
  "3021300906052b0e03021a05000414", "3031300d060960864801650304020105000420",
  "3041300d060960864801650304020205000430", "3051300d060960864801650304020305000440",
];

function padded(key, data) {
  const hash = hashOf(key);
  const digest = join([Uint8Array.fromHex(prefixes[hash]), native.digest(hash, data)]);
  const block = new Uint8Array(sizeOf(key)).fill(0xff);
  if (block.length < digest.length + 11) fail("OperationError", "the key is too short for the digest");
  block.set([0, 1]);
  block[block.length - digest.length - 1] = 0;
  block.set(digest, block.length - digest.length);
  return block;
}

export const pkcs1 = rsa("RSASSA-PKCS1-v1_5", [["verify"], ["sign"]], "sig", ["RS1", "RS256", "RS384", "RS512"], {
  sign(algorithm, key, data) {
    needType(key, "private");
    return raiseSecret(key, padded(key, data)) ?? failed();
  },
  verify(algorithm, key, signature, data) {
    needType(key, "public");
    const block = signature.length === sizeOf(key) && raise(key, signature);
    return block ? equal(block, padded(key, data)) : false;
  },
});

// Bytes that follow from a seed, as many as a mask needs.
function mask(hash, seed, target) {
  let at = 0;
  for (let number = 0; at < target.length; number++) {
    const counter = Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
    for (const byte of native.digest(hash, join([seed, counter]))) {
      if (at === target.length) break;
      target[at++] ^= byte;
    }
  }
  return target;
}

const salted = (hash, digest, salt) => native.digest(hash, join([new Uint8Array(8), digest, salt]));

function saltLength({ saltLength: length }) {
  if (length === undefined) throw new TypeError("the algorithm has no `saltLength`");
  return Number(length);
}

export const pss = rsa("RSA-PSS", [["verify"], ["sign"]], "sig", ["PS1", "PS256", "PS384", "PS512"], {
  sign(algorithm, key, data) {
    needType(key, "private");
    const hash = hashOf(key), digest = native.digest(hash, data);
    const bits = key.algorithm.modulusLength - 1, length = Math.ceil(bits / 8), size = saltLength(algorithm);
    if (size < 0 || length < digest.length + size + 2) fail("OperationError", "the key is too short for the digest and the salt");
    const salt = randomBytes(size), check = salted(hash, digest, salt);
    const block = new Uint8Array(length - digest.length - 1);
    block[block.length - size - 1] = 1;
    block.set(salt, block.length - size);
    mask(hash, check, block);
    block[0] &= 0xff >> (8 * length - bits);
    const whole = join([new Uint8Array(sizeOf(key) - length), block, check, Uint8Array.of(0xbc)]);
    return raiseSecret(key, whole) ?? failed();
  },
  verify(algorithm, key, signature, data) {
    needType(key, "public");
    const hash = hashOf(key), digest = native.digest(hash, data);
    const bits = key.algorithm.modulusLength - 1, length = Math.ceil(bits / 8), size = saltLength(algorithm);
    const whole = signature.length === sizeOf(key) && raise(key, signature);
    if (!whole || size < 0 || length < digest.length + size + 2) return false;
    const before = whole.length - length, end = whole.length - digest.length - 1;
    const block = whole.slice(before, end), check = whole.slice(end, -1), unused = 0xff >> (8 * length - bits);
    if (whole.at(-1) !== 0xbc || (before && whole[0]) || block[0] & ~unused) return false;
    mask(hash, check, block);
    block[0] &= unused;
    const salt = block.length - size;
    if (block[salt - 1] !== 1 || block.subarray(0, salt - 1).some((byte) => byte)) return false;
    return equal(salted(hash, digest, block.subarray(salt)), check);
  },
});

const label = (hash, algorithm) => native.digest(hash, algorithm.label === undefined ? new Uint8Array(0) : toBytes(algorithm.label));

export const oaep = rsa("RSA-OAEP", [["encrypt", "wrapKey"], ["decrypt", "unwrapKey"]], "enc",
  ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"], {
  encrypt(algorithm, key, data) {
    needType(key, "public");
    const hash = hashOf(key), check = label(hash, algorithm);
    const block = new Uint8Array(sizeOf(key) - check.length - 1);
    if (data.length + check.length + 1 > block.length) fail("OperationError", "the data is too long for the key");
    block.set(check);
    block[block.length - data.length - 1] = 1;
    block.set(data, block.length - data.length);
    const seed = randomBytes(check.length);
    mask(hash, seed, block);
    mask(hash, block, seed);
    return raise(key, join([new Uint8Array(1), seed, block])) ?? failed();
  },
  decrypt(algorithm, key, data) {
    needType(key, "private");
    const hash = hashOf(key), check = label(hash, algorithm);
    if (data.length !== sizeOf(key) || data.length < 2 * check.length + 2) failed();
    const whole = raiseSecret(key, data) ?? failed();
    const seed = whole.slice(1, check.length + 1), block = whole.slice(check.length + 1);
    mask(hash, block, seed);
    mask(hash, seed, block);
    // One answer for all that is wrong, and no end before everything was looked at.
    let wrong = whole[0], start = 0;
    for (let at = 0; at < check.length; at++) wrong |= block[at] ^ check[at];
    for (let at = check.length; at < block.length; at++) {
      const before = start === 0;
      start |= before && block[at] === 1 ? at + 1 : 0;
      wrong |= before && block[at] > 1 ? 1 : 0;
    }
    if (wrong || !start) failed();
    return block.slice(start);
  },
});
