import { Hono } from "hono";
import { streamSSE, streamText } from "hono/streaming";

// Both set headers that are the host's own business.
const app = new Hono();
const three = async (give: (n: number) => Promise<unknown>) => {
  for (const n of [0, 1, 2]) {
    await give(n);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
app.get("/lines", (c) => streamText(c, (stream) => three((n) => stream.writeln(`line ${n}`))));
app.get("/events", (c) => streamSSE(c, (stream) => three((n) => stream.writeSSE({ event: "tick", data: `${n}` }))));
export default app;
