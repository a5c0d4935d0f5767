// ECDSA and ECDH over the curves of NIST. A key's data is its `point` (0x04, x, y) and,
// if it is private, its `secret` number; natives know a curve by its number.
import { join, toBytes } from "../bytes.js";
import { Reader, bits, integer, object, octets, readPkcs8, readSpki, sequence, tagged, writePkcs8, writeSpki } from "./der.js";
import { checkJwk, checkUsages, dataOf, digestNumber, fail, fromBase64Url, make, randomBytes, refuse, toBase64Url, toJwk } from "./key.js";

const ANY = "2a8648ce3d0201";
const curves = [
  { name: "P-256", object: "2a8648ce3d030107", length: 32, alg: "ES256" },
  { name: "P-384", object: "2b81040022", length: 48, alg: "ES384" },
  { name: "P-521", object: "2b81040023", length: 66, alg: "ES512" },
];

const byte = (curve) => Uint8Array.of(curves.indexOf(curve));
const curveOf = (key) => curves.find((curve) => curve.name === key.algorithm.namedCurve);
const wrong = (what) => fail("DataError", what);

function named({ namedCurve }) {
  if (namedCurve === undefined) throw new TypeError("the algorithm has no `namedCurve`");
  return curves.find((curve) => curve.name === namedCurve) ?? refuse(`the curve ${namedCurve}`);
}

const expand = (curve, point) =>
  native.curveExpand(2 * curve.length + 1, byte(curve), point) ?? wrong(`the point is not on ${curve.name}`);
const pointOf = (curve, secret) =>
  native.curvePublic(2 * curve.length + 1, byte(curve), secret) ?? wrong(`the number is not one of ${curve.name}`);

// A random number has another point only with a chance of one in 2^32 or less.
function generate(curve) {
  for (;;) {
    const secret = randomBytes(curve.length);
    if (curve.length === 66) secret[0] &= 1;
    const point = native.curvePublic(2 * curve.length + 1, byte(curve), secret);
    if (point) return { secret, point };
  }
}

function fromJwk(curve, jwk) {
  if (jwk.crv !== curve.name) wrong("`crv` of the key does not fit");
  const part = (member) => {
    const bytes = fromBase64Url(jwk[member], member);
    return bytes.length === curve.length ? bytes : wrong(`\`${member}\` of the key has another length`);
  };
  const point = expand(curve, join([Uint8Array.of(4), part("x"), part("y")]));
  if (jwk.d === undefined) return { point };
  return pair(curve, part("d"), point);
}

// A secret with a point that came with it, if one did.
function pair(curve, secret, given) {
  const point = pointOf(curve, secret);
  if (given && point.toHex() !== given.toHex()) wrong("the public key is another's");
  return { secret: secret.slice(), point };
}

function fromDer(format, curve, bytes) {
  const { names, key } = format === "spki" ? readSpki(bytes) : readPkcs8(bytes);
  if (names[0] !== ANY || names[1] !== curve.object) wrong("the key is for another algorithm or curve");
  if (format === "spki") return { point: expand(curve, key) };
  const inside = new Reader(key).sequence();
  if (inside.integer()[0] !== 1) wrong("the version of the key is not 1");
  const secret = inside.octets();
  inside.tagged(0);
  const point = inside.tagged(1);
  if (secret.length !== curve.length) wrong("the key has another length");
  return pair(curve, secret, point && expand(curve, point.bits()));
}

function toDer(format, curve, { point, secret }) {
  const algorithm = [object(ANY), object(curve.object)];
  if (format === "spki") return writeSpki(algorithm, point);
  return writePkcs8(algorithm, sequence(integer(Uint8Array.of(1)), octets(secret), tagged(1, bits(point))));
}

function toJwkOf(key, curve, { point, secret }) {
  const x = toBase64Url(point.subarray(1, 1 + curve.length)), y = toBase64Url(point.subarray(1 + curve.length));
  return toJwk(key, { kty: "EC", crv: curve.name, x, y, ...(secret && { d: toBase64Url(secret) }) });
}

// What ECDSA and ECDH have both; `usages` of public and of private keys.
function elliptic(name, [ofPublic, ofPrivate], use, operations) {
  const makeKey = (curve, data, extractable, usages) =>
    make(data.secret ? "private" : "public", data, { name, namedCurve: curve.name }, extractable, usages);
  return {
    name,
    generateKey(algorithm, extractable, wanted) {
      const curve = named(algorithm), list = checkUsages(wanted, [...ofPublic, ...ofPrivate]), { secret, point } = generate(curve);
      return {
        privateKey: makeKey(curve, { secret, point }, extractable, list.filter((usage) => ofPrivate.includes(usage))),
        publicKey: makeKey(curve, { point }, true, list.filter((usage) => ofPublic.includes(usage))),
      };
    },
    importKey(format, data, algorithm, extractable, wanted) {
      const curve = named(algorithm);
      const isPrivate = format === "pkcs8" || (format === "jwk" && data?.d !== undefined);
      const list = checkUsages(wanted, isPrivate ? ofPrivate : ofPublic);
      if (format === "raw" || format === "raw-public") return makeKey(curve, { point: expand(curve, toBytes(data)) }, extractable, list);
      if (format === "spki" || format === "pkcs8") return makeKey(curve, fromDer(format, curve, toBytes(data)), extractable, list);
      if (format !== "jwk") return refuse(`the format ${format} of this key`);
      checkJwk(data, "EC", list, extractable, use, use === "sig" ? curve.alg : undefined);
      return makeKey(curve, fromJwk(curve, data), extractable, list);
    },
    exportKey(format, key) {
      const curve = curveOf(key), data = dataOf(key);
      if (format === "jwk") return toJwkOf(key, curve, data);
      const kind = { raw: "public", "raw-public": "public", spki: "public", pkcs8: "private" }[format];
      if (!kind) refuse(`the format ${format} of this key`);
      if (kind !== key.type) fail("InvalidAccessError", `the key is ${key.type}`);
      return format.startsWith("raw") ? data.point.slice().buffer : toDer(format, curve, data).buffer;
    },
    ...operations,
  };
}

const needType = (key, type) => key.type === type || fail("InvalidAccessError", `the key is not ${type}`);

export const ecdsa = elliptic("ECDSA", [["verify"], ["sign"]], "sig", {
  sign({ hash }, key, data) {
    needType(key, "private");
    const curve = curveOf(key), digest = native.digest(digestNumber(hash), data);
    const signature = native.curveSign(2 * curve.length, byte(curve), dataOf(key).secret, digest, randomBytes(curve.length));
    return signature ?? fail("OperationError", "the data cannot be signed");
  },
  verify({ hash }, key, signature, data) {
    needType(key, "public");
    const curve = curveOf(key), digest = native.digest(digestNumber(hash), data);
    return native.curveVerify(0, byte(curve), dataOf(key).point, digest, signature) !== null;
  },
});

export const ecdh = elliptic("ECDH", [[], ["deriveKey", "deriveBits"]], "enc", {
  deriveBits(algorithm, key, length) {
    needType(key, "private");
    const other = algorithm.public;
    checkOther(other, key);
    if (other.algorithm.namedCurve !== key.algorithm.namedCurve) fail("InvalidAccessError", "the two keys have not the same curve");
    const curve = curveOf(key);
    return shorten(native.curveAgree(curve.length, byte(curve), dataOf(key).secret, dataOf(other).point), length);
  },
});

// The key of the other, as `algorithm.public` gives it.
export function checkOther(other, key) {
  if (typeof other !== "object" || other === null || !(other instanceof key.constructor)) throw new TypeError("`public` is not a CryptoKey");
  needType(other, "public");
  if (other.algorithm.name !== key.algorithm.name) fail("InvalidAccessError", `\`public\` is not a key for ${key.algorithm.name}`);
}

// The first bits of a shared secret.
export function shorten(secret, length) {
  if (!secret) fail("OperationError", "the two keys have no shared secret");
  if (length === null) return secret;
  if (length > secret.length * 8) fail("OperationError", `the secret has ${secret.length * 8} bits`);
  const shortened = secret.slice(0, Math.ceil(length / 8));
  if (length % 8) shortened[shortened.length - 1] &= 0xff << (8 - (length % 8));
  return shortened;
}
