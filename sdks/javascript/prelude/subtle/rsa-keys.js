// New keys for RSA. The primes are found in native code; what follows from them is
// calculated once, in a time that depends on them.
import { fail, randomBytes } from "./key.js";

const toNumber = (bytes) => BigInt("0x" + bytes.toHex());

function toBytes(number) {
  const text = number.toString(16);
  return Uint8Array.fromHex(text.length % 2 ? "0" + text : text);
}

// 1/a mod m
function invert(a, m) {
  let [r, next, s, t] = [m, a % m, 0n, 1n];
  while (next) [r, next, s, t] = [next, r % next, t, s - (r / next) * t];
  return s < 0n ? s + m : s;
}

// Of the test: more than random numbers of this size need.
const ROUNDS = 8;

function prime(bits, exponent) {
  for (;;) {
    const first = randomBytes(bits / 8);
    first[0] |= 0xc0;
    first[first.length - 1] |= 1;
    const found = native.rsaPrime(first.length, first, exponent, randomBytes(8 * ROUNDS));
    if (found) return toNumber(found);
  }
}

// The numbers of a key with this modulus and exponent.
export function generate(bits, exponent) {
  if (!(bits >= 512 && bits <= 8192) || bits % 16) fail("OperationError", "`modulusLength` is not a multiple of 16 from 512 to 8192");
  const known = exponent.toHex();
  if (known !== "03" && known !== "010001") fail("OperationError", "`publicExponent` is neither 3 nor 65537");
  const e = toNumber(exponent), four = new Uint8Array(4);
  four.set(exponent, 4 - exponent.length);
  const p = prime(bits / 2, four);
  let q = p;
  while (q === p) q = prime(bits / 2, four);
  const d = invert(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: invert(q, p) };
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, toBytes(number)]));
}
