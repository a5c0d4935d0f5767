import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import handler from "./handler.js";

test("requests are passed on", async (t) => {
  const upstream = createServer((request, response) => {
    response.writeHead(201, { "x-seen": `${request.method} ${request.url}` });
    request.pipe(response);
  }).listen(0, "127.0.0.1");
  t.after(() => upstream.close());
  await once(upstream, "listening");
  const UPSTREAM = `http://127.0.0.1:${upstream.address().port}`;

  const request = new Request("http://localhost/a?b=c", {
    method: "POST",
    body: "text",
  });
  const response = await handler.fetch(request, { UPSTREAM });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-seen"), "POST /a?b=c");
  assert.equal(await response.text(), "text");
});

test("an upstream that is not there is told", async () => {
  const UPSTREAM = "http://127.0.0.1:1";
  const response = await handler.fetch(new Request("http://localhost/"), {
    UPSTREAM,
  });
  assert.equal(response.status, 502);
});
