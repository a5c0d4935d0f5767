import { Hono } from "hono";
import { z } from "zod";
const Item = z.object({ name: z.string().min(2), age: z.number().int(), mail: z.email().optional() });
const app = new Hono();
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name") }));
app.post("/items", async (c) => {
  const result = Item.safeParse(await c.req.json());
  return result.success ? c.json(result.data) : c.json(result.error.issues, 400);
});
export default app;
