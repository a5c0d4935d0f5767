import assert from "node:assert/strict";
import { test } from "node:test";

import app from "./handler.js";

/** Status and JSON of the answer. */
async function ask(method, path, body) {
  const response = await app.request(`${path}`, { method, body });
  return [response.status, await response.json()];
}

test("greets", async () => {
  assert.deepEqual(await ask("GET", "/greetings/Ada"), [
    200,
    { greeting: "Hello, Ada!" },
  ]);
  const wish = JSON.stringify({ name: "Ada", times: 2 });
  assert.deepEqual(await ask("POST", "/greetings", wish), [
    200,
    { greetings: ["Hello, Ada!", "Hello, Ada!"] },
  ]);
});

test("tells which methods there are", async () => {
  for (const [path, methods] of [
    ["/greetings", "POST"],
    ["/greetings/Ada", "GET, HEAD"],
  ]) {
    const response = await app.request(`${path}`, { method: "PUT" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), methods);
  }
});

for (const [method, path, body, status] of [
  ["POST", "/greetings", "{", 400],
  ["POST", "/greetings", '{"name":"","times":1}', 422],
  ["POST", "/greetings", '{"name":"Ada","times":11}', 422],
  ["DELETE", "/greetings", undefined, 405],
  ["GET", "/nowhere", undefined, 404],
]) {
  test(`${method} ${path} ${body} is answered ${status}`, async () => {
    const [got, answer] = await ask(method, path, body);
    assert.equal(got, status);
    assert.equal(typeof answer.error, "string");
  });
}
