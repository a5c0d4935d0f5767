// The instance's own state, and what it gets of its surroundings.
import { parameter, text, utf8, type Route } from "./answers";

let counter = 0;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function random(): Response {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.random());
  const secure = hex(crypto.getRandomValues(new Uint8Array(16)));
  return text(`secure ${secure}\nMath.random ${hex(new Uint8Array(view.buffer))}\n`);
}

export const routes: Record<string, Route> = {
  counter: () => text(`${++counter}\n`),
  clock: () => {
    const nanoseconds = Math.round((performance.timeOrigin + performance.now()) * 1e6);
    return text(`wall ${Date.now()}\nmonotonic ${nanoseconds}\n`);
  },
  random,
  log({ query }) {
    console.log(utf8(parameter(query, "message")));
    return text("logged\n");
  },
};
