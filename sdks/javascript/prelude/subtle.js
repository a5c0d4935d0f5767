// crypto.subtle: finds the algorithm by its name and checks what all of them want of
// a key. The builder adds those that an app's code names to the ones that are always there.
import { algorithms, more } from "subtle-algorithms";
import { toBytes } from "./bytes.js";
import { hmac } from "./subtle/hmac.js";
import { CryptoKey, digestNumber, fail, nameOf, refuse } from "./subtle/key.js";

export { CryptoKey };

const known = new Map([hmac, ...algorithms].map((algorithm) => [algorithm.name.toUpperCase(), algorithm]));

// The algorithm with this operation, and its parameters under the name as it is spelt.
function find(algorithm, operation) {
  const given = nameOf(algorithm), found = known.get(given.toUpperCase());
  if (!found && !algorithms.length)
    fail("NotSupportedError", `the algorithm ${given} is not in this component: let its code have the name in quotes, as in "${given}"`);
  if (!found?.[operation]) refuse(`\`${operation}\` with ${given}`);
  return [found, { ...Object(typeof algorithm === "string" ? {} : algorithm), name: found.name }];
}

// As `find`, with a key that must be of that algorithm and for that usage.
function use(algorithm, operation, key, usage = operation) {
  const [found, parameters] = find(algorithm, operation);
  if (!(key instanceof CryptoKey)) throw new TypeError("the key is not a CryptoKey");
  if (key.algorithm.name !== found.name) fail("InvalidAccessError", `the key is for ${key.algorithm.name}`);
  if (!key.usages.includes(usage)) fail("InvalidAccessError", `the key is not for \`${usage}\``);
  return [found, parameters];
}

function importKey(format, data, algorithm, extractable, usages) {
  const [found, parameters] = find(algorithm, "importKey");
  const key = found.importKey(String(format), data, parameters, Boolean(extractable), usages);
  if (key.type !== "public" && !key.usages.length) fail("SyntaxError", "the key is for nothing");
  return key;
}

function exportKey(format, key) {
  if (!(key instanceof CryptoKey)) throw new TypeError("the key is not a CryptoKey");
  const found = known.get(key.algorithm.name.toUpperCase());
  if (!found.exportKey) refuse(`\`exportKey\` with ${found.name}`);
  if (!key.extractable) fail("InvalidAccessError", "the key may not be exported");
  return found.exportKey(String(format), key);
}

export const subtle = {
  async digest(algorithm, data) {
    return native.digest(digestNumber(algorithm), toBytes(data)).buffer;
  },
  async importKey(format, data, algorithm, extractable, usages) {
    return importKey(format, data, algorithm, extractable, usages);
  },
  async exportKey(format, key) {
    return exportKey(format, key);
  },
  async generateKey(algorithm, extractable, usages) {
    const [found, parameters] = find(algorithm, "generateKey");
    const made = found.generateKey(parameters, Boolean(extractable), usages);
    if (!(made.privateKey ?? made).usages.length) fail("SyntaxError", "the key is for nothing");
    return made;
  },
  async sign(algorithm, key, data) {
    const [found, parameters] = use(algorithm, "sign", key);
    return found.sign(parameters, key, toBytes(data)).buffer;
  },
  async verify(algorithm, key, signature, data) {
    const [found, parameters] = use(algorithm, "verify", key);
    return found.verify(parameters, key, toBytes(signature), toBytes(data));
  },
  ...more({ exportKey, find, importKey, use }),
};
