// A JSON API with Hono.
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";

const app = new Hono();

app.get("/greetings/:name", (c) =>
  c.json({ greeting: greeting(c.req.param("name")) }),
);

app.post("/greetings", async (c) => {
  const { name, times } = checked(await json(c.req));
  return c.json({ greetings: Array(times).fill(greeting(name)) });
});

app.all("/greetings/:name", (c) => notAllowed(c, "GET, HEAD"));

app.all("/greetings", (c) => notAllowed(c, "POST"));

app.notFound((c) => c.json({ error: "not found" }, 404));

app.onError((error, c) => {
  if (error instanceof HTTPException) {
    return c.json({ error: error.message }, error.status);
  }
  console.error(error);
  return c.json({ error: "internal error" }, 500);
});

/**
 * Tells which methods there are.
 * @param {import("hono").Context} c
 * @param {string} methods
 */
function notAllowed(c, methods) {
  return c.json({ error: "method not allowed" }, 405, { Allow: methods });
}

/** @param {string} name */
function greeting(name) {
  return `Hello, ${name}!`;
}

/**
 * The body as JSON.
 * @param {import("hono").HonoRequest} request
 */
async function json(request) {
  try {
    return await request.json();
  } catch {
    throw new HTTPException(400, { message: "the body is not JSON" });
  }
}

/**
 * @typedef {object} Wish
 * @property {string} name
 * @property {number} times
 */

/**
 * What was sent, if it is what is wanted.
 * @param {any} wish
 * @returns {Wish}
 */
function checked(wish) {
  if (typeof wish?.name !== "string" || wish.name === "") {
    throw new HTTPException(422, { message: "name: must not be empty" });
  }
  const { name, times } = wish;
  if (!Number.isInteger(times) || times < 1 || times > 10) {
    throw new HTTPException(422, { message: "times: must be from 1 to 10" });
  }
  return { name, times };
}

export default app;
