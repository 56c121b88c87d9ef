import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { dataOnce } from "../../app/pages/frontend/server.js";
import "./english.js";

test("data are asked for once, and again after a failure", async () => {
  const statuses = [503, 200];
  let asked = 0;
  const server = createServer((_, answer) => {
    answer.statusCode = statuses[asked] ?? 500;
    asked += 1;
    answer.end("[1, 2]");
  });
  await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
  try {
    const sum = dataOnce(`http://127.0.0.1:${server.address().port}/land.json`,
      ([one, other]) => one + other);
    await assert.rejects(sum(), /503/);
    assert.deepEqual(await Promise.all([sum(), sum()]), [3, 3]);
    assert.equal(await sum(), 3);
    assert.equal(asked, 2);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
