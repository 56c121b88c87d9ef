import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { NoAnswer, dataOnce, post } from "../../app/pages/frontend/server.js";
import { useTexts } from "../../app/pages/frontend/texts.js";
import { catalogue } from "./english.js";

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

test("that no answer comes is said in the language of the page", async () => {
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Length", "100");
    answer.write("[1, 2");
    setTimeout(() => answer.destroy(), 50); // in the middle of an answer
  });
  await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
  const address = `http://127.0.0.1:${server.address().port}/land.json`;
  useTexts("de", catalogue("de"));
  try {
    const said = (error) => error instanceof NoAnswer
      && error.message === catalogue("de")["page.no-answer"];
    await assert.rejects(dataOnce(address, (data) => data)(), said);
    server.close();
    server.closeAllConnections();
    await assert.rejects(dataOnce(address, (data) => data)(), said);
    await assert.rejects(post("tag", {}), said); // outside a browser this has no address
  } finally {
    useTexts("en", catalogue("en"));
    server.close();
  }
});
