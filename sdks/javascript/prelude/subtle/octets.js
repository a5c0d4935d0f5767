// Ed25519 and X25519. A key's data is its `point` and, if it is private, its `secret`,
// 32 bytes each.
import { toBytes } from "../bytes.js";
import { Reader, object, octets, readPkcs8, readSpki, writePkcs8, writeSpki } from "./der.js";
import { checkOther, shorten } from "./elliptic.js";
import { checkJwk, checkUsages, dataOf, fail, fromBase64Url, make, randomBytes, refuse, toBase64Url, toJwk } from "./key.js";

const LENGTH = 32;

function exactly(bytes) {
  return bytes.length === LENGTH ? bytes.slice() : fail("DataError", "the key has not 32 bytes");
}

function curve(name, id, [ofPublic, ofPrivate], use, publicOf, operations) {
  const makeKey = (data, extractable, usages) => make(data.secret ? "private" : "public", data, { name }, extractable, usages);
  const pair = (secret) => ({ secret, point: publicOf(secret) });
  const fromDer = ({ names, key }) => (names.length === 1 && names[0] === id ? key : fail("DataError", "the key is for another algorithm"));
  function read(format, data, list, extractable) {
    if (format === "raw" || format === "raw-public") return { point: exactly(toBytes(data)) };
    if (format === "spki") return { point: exactly(fromDer(readSpki(toBytes(data)))) };
    if (format === "pkcs8") {
      const inside = new Reader(fromDer(readPkcs8(toBytes(data)))), secret = exactly(inside.octets());
      inside.end();
      return pair(secret);
    }
    if (format !== "jwk") return refuse(`the format ${format} of this key`);
    checkJwk(data, "OKP", list, extractable, use);
    if (data.crv !== name) fail("DataError", "`crv` of the key does not fit");
    if (use === "sig" && ![undefined, name, "EdDSA"].includes(data.alg)) fail("DataError", "`alg` of the key does not fit");
    const point = exactly(fromBase64Url(data.x, "x"));
    if (data.d === undefined) return { point };
    const made = pair(exactly(fromBase64Url(data.d, "d")));
    return made.point.toHex() === point.toHex() ? made : fail("DataError", "the public key is another's");
  }
  return {
    name,
    generateKey(algorithm, extractable, wanted) {
      const list = checkUsages(wanted, [...ofPublic, ...ofPrivate]), data = pair(randomBytes(LENGTH));
      return {
        privateKey: makeKey(data, extractable, list.filter((usage) => ofPrivate.includes(usage))),
        publicKey: makeKey({ point: data.point }, true, list.filter((usage) => ofPublic.includes(usage))),
      };
    },
    importKey(format, data, algorithm, extractable, wanted) {
      const isPrivate = format === "pkcs8" || (format === "jwk" && data?.d !== undefined);
      const list = checkUsages(wanted, isPrivate ? ofPrivate : ofPublic);
      return makeKey(read(format, data, list, extractable), extractable, list);
    },
    exportKey(format, key) {
      const { point, secret } = dataOf(key);
      if (format === "jwk") return toJwk(key, { kty: "OKP", crv: name, x: toBase64Url(point), ...(secret && { d: toBase64Url(secret) }) });
      const kind = { raw: "public", "raw-public": "public", spki: "public", pkcs8: "private" }[format];
      if (!kind) refuse(`the format ${format} of this key`);
      if (kind !== key.type) fail("InvalidAccessError", `the key is ${key.type}`);
      if (format === "spki") return writeSpki([object(id)], point).buffer;
      return format === "pkcs8" ? writePkcs8([object(id)], octets(secret)).buffer : point.slice().buffer;
    },
    ...operations,
  };
}

export const ed25519 = curve("Ed25519", "2b6570", [["verify"], ["sign"]], "sig", (secret) => native.ed25519Public(LENGTH, secret), {
  sign: (algorithm, key, data) => native.ed25519Sign(64, dataOf(key).secret, data),
  verify: (algorithm, key, signature, data) => native.ed25519Verify(0, dataOf(key).point, data, signature) !== null,
});

export const x25519 = curve("X25519", "2b656e", [[], ["deriveKey", "deriveBits"]], "enc", (secret) => native.x25519(LENGTH, secret), {
  deriveBits(algorithm, key, length) {
    checkOther(algorithm.public, key);
    return shorten(native.x25519(LENGTH, dataOf(key).secret, dataOf(algorithm.public).point), length);
  },
});
