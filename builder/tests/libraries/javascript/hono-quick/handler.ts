import { Hono } from "hono/quick";
import { cors } from "hono/cors";
const app = new Hono();
app.use(cors());
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name") }));
export default app;
