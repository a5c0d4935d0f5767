// The algorithms that the builder adds where an app's code names one, and the operations
// of crypto.subtle that only they have.
import { toBytes } from "../bytes.js";
import { cbc, ctr, gcm, kw } from "./aes.js";
import { hkdf, pbkdf2 } from "./derive.js";
import { ecdh, ecdsa } from "./elliptic.js";
import { fail, refuse } from "./key.js";
import { ed25519, x25519 } from "./octets.js";
import { oaep, pkcs1, pss } from "./rsa.js";

export const algorithms = [cbc, ctr, gcm, kw, hkdf, pbkdf2, ecdh, ecdsa, ed25519, x25519, oaep, pkcs1, pss];

const encode = (value) => native.encode(JSON.stringify(value));

function parse(bytes) {
  try {
    return JSON.parse(native.decode(bytes, true));
  } catch {
    fail("DataError", "what was wrapped is not a JSON Web Key");
  }
}

const run = ([found, parameters], operation, key, bytes) => found[operation](parameters, key, bytes);
// Wrapping is an operation of its own for AES-KW, and encryption for all others.
const either = (find, algorithm, operation, other) => {
  try {
    return find(algorithm, operation) && operation;
  } catch {
    return other;
  }
};

export const more = ({ exportKey, find, importKey, use }) => ({
  async encrypt(algorithm, key, data) {
    return run(use(algorithm, "encrypt", key), "encrypt", key, toBytes(data)).buffer;
  },
  async decrypt(algorithm, key, data) {
    return run(use(algorithm, "decrypt", key), "decrypt", key, toBytes(data)).buffer;
  },
  async deriveBits(algorithm, key, length = null) {
    const [found, parameters] = use(algorithm, "deriveBits", key);
    return found.deriveBits(parameters, key, length).buffer;
  },
  async deriveKey(algorithm, key, wanted, extractable, usages) {
    const [found, parameters] = use(algorithm, "deriveBits", key, "deriveKey");
    const [target, its] = find(wanted, "importKey");
    if (!target.length) refuse(`a derived key for ${target.name}`);
    return importKey("raw", found.deriveBits(parameters, key, target.length(its)), wanted, extractable, usages);
  },
  async wrapKey(format, key, wrapping, algorithm) {
    const operation = either(find, algorithm, "wrapKey", "encrypt");
    const used = use(algorithm, operation, wrapping, "wrapKey");
    const exported = exportKey(format, key);
    return run(used, operation, wrapping, format === "jwk" ? encode(exported) : toBytes(exported)).buffer;
  },
  async unwrapKey(format, wrapped, unwrapping, algorithm, wanted, extractable, usages) {
    const operation = either(find, algorithm, "unwrapKey", "decrypt");
    const bytes = run(use(algorithm, operation, unwrapping, "unwrapKey"), operation, unwrapping, toBytes(wrapped));
    return importKey(format, format === "jwk" ? parse(bytes) : bytes, wanted, extractable, usages);
  },
});
