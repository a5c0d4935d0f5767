import { Hono } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
const app = new Hono();
app.use(cors());
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name") }));
app.post("/echo", async (c) => c.json(await c.req.json()));
app.get("/q", etag(), (c) => c.text(c.req.query("a") ?? "none"));
export default app;
