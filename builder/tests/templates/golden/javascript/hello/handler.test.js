import assert from "node:assert/strict";
import { test } from "node:test";

import handler from "./handler.js";

test("the greeting names the path", async () => {
  const response = await handler.fetch(new Request("http://localhost/there"));
  assert.equal(response.status, 200);
  assert.equal(
    await response.text(),
    "Hello from JavaScript! You asked for /there\n",
  );
});
