// In the place of algorithms.js where an app's code names no algorithm but digests and HMAC.
import { refuse } from "./key.js";

export const algorithms = [];
const names = ["encrypt", "decrypt", "deriveBits", "deriveKey", "wrapKey", "unwrapKey"];
export const more = () => Object.fromEntries(names.map((name) => [name, async () => refuse(`\`${name}\` without an algorithm's name in the code`)]));
