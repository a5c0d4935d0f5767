// What goes wrong, on purpose.
import { encode, type Route } from "./answers";

function recurse(depth: number): number {
  return recurse(depth + 1) + 1;
}

async function* begun() {
  yield encode("begun\n");
  throw new Error("deliberate error");
}

export const routes: Record<string, Route> = {
  error() {
    throw new Error("deliberate error");
  },
  panic() {
    throw new Error("deliberate panic");
  },
  "error-after-start": () =>
    new Response(ReadableStream.from(begun()), { headers: { "content-type": "text/plain; charset=utf-8" } }),
  loop() {
    for (;;);
  },
  allocate() {
    const kept: Uint8Array[] = [];
    for (;;) kept.push(new Uint8Array(1 << 20).fill(1));
  },
  recurse: () => new Response(String(recurse(0))),
};
