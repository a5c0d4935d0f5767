import { Hono } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { streamSSE, streamText } from "hono/streaming";
const app = new Hono();
app.use(cors());
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name") }));
app.post("/echo", async (c) => c.json(await c.req.json()));
app.get("/q", etag(), (c) => c.text(c.req.query("a") ?? "none"));
const three = async (give: (n: number) => Promise<unknown>) => {
  for (const n of [0, 1, 2]) {
    await give(n);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
app.get("/lines", (c) => streamText(c, (stream) => three((n) => stream.writeln(`line ${n}`))));
app.get("/events", (c) => streamSSE(c, (stream) => three((n) => stream.writeSSE({ event: "tick", data: `${n}` }))));
export default app;
