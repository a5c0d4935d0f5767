import { SignJWT, jwtVerify } from "jose";
export default { async fetch() {
  const key = new TextEncoder().encode("01234567890123456789012345678901");
  const token = await new SignJWT({ a: 1 }).setProtectedHeader({ alg: "HS256" }).setIssuedAt().sign(key);
  return Response.json((await jwtVerify(token, key)).payload.a);
} };
