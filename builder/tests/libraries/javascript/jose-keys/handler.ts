// Every algorithm that tokens are signed or encrypted with: what jose made on OpenSSL
// (vectors.json, with keys that are for nothing else) is read, and what is made here too.
import * as jose from "jose";
import { keys, sealed, tokens } from "./vectors.json";

const names = { RS: "rsa", PS: "rsa", ES256: "p256", ES384: "p384", ES512: "p521", Ed: "ed25519", HS: "secret" };
const nameOf = (alg: string) => Object.entries(names).find(([start]) => alg.startsWith(start))![1];
const publicPart = ({ d, p, q, dp, dq, qi, ...rest }: Record<string, string>) => rest;

async function keysFor(name: string, alg: string) {
  const jwk = (keys as Record<string, Record<string, string>>)[name];
  if (alg.startsWith("PBES2")) return Array(2).fill(new TextEncoder().encode("a password"));
  return [await jose.importJWK(publicPart(jwk), alg), await jose.importJWK(jwk, alg)];
}

async function token(alg: string, made: string) {
  const [open, secret] = await keysFor(nameOf(alg), alg);
  const mine = await new jose.SignJWT({ sub: alg }).setProtectedHeader({ alg }).sign(secret);
  for (const text of [made, mine]) if ((await jose.jwtVerify(text, open)).payload.sub !== alg) throw new Error("another payload");
  const forged = mine.slice(0, -8) + (mine.at(-8) === "A" ? "B" : "A") + mine.slice(-7);
  await jose.jwtVerify(forged, open).then(() => Promise.reject(new Error("a forged token")), (error) => {
    if (error.code !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") throw error;
  });
}

const recipients = { RSA: "rsa", "ECDH-ES+A256KW": "p256", "ECDH-ES+A128KW": "x25519", "ECDH-ES": "p521" };

async function message(alg: string, made: string) {
  const { enc } = jose.decodeProtectedHeader(made);
  const name = Object.entries(recipients).find(([start]) => alg.startsWith(start))?.[1] ?? "secret";
  const [open, secret] = await keysFor(name, alg === "dir" ? enc! : alg);
  const mine = await new jose.CompactEncrypt(new TextEncoder().encode(alg)).setProtectedHeader({ alg, enc: enc! }).encrypt(open);
  for (const text of [made, mine]) {
    const { plaintext } = await jose.compactDecrypt(text, secret, { keyManagementAlgorithms: [alg] });
    if (new TextDecoder().decode(plaintext) !== alg) throw new Error("another text");
  }
}

async function all(made: Record<string, string>, test: (alg: string, made: string) => Promise<void>) {
  const failed: string[] = [];
  for (const [alg, text] of Object.entries(made)) await test(alg, text).catch((error) => failed.push(`${alg}: ${error.stack}`));
  return Response.json({ passed: Object.keys(made).length - failed.length, failed });
}

export default {
  async fetch(request: Request) {
    return new URL(request.url).pathname === "/tokens" ? all(tokens, token) : all(sealed, message);
  },
};
