import assert from "node:assert/strict";
import { test } from "node:test";

import { Ahead, askedBy } from "../../app/pages/frontend/ahead.js";

const SHOWN = { page: "search", view: "photos", q: "sea", sort: "newest", all: "false" };

test("what an edit asks for is known where it says all of it", () => {
  const asked = { q: "dogs", sort: "newest", all: "false" };
  assert.deepEqual(askedBy(SHOWN, { op: "query", text: "dogs" }), asked);
  assert.deepEqual(askedBy({ ...SHOWN, view: "albums" }, { op: "query", text: "dogs" }), asked);
  assert.deepEqual(askedBy(SHOWN, { op: "show", sort: "oldest", all: "true" }),
    { q: "sea", sort: "oldest", all: "true" });
  assert.deepEqual(askedBy({ ...SHOWN, view: "map" }, { op: "show", view: "photos" }),
    { q: "sea", sort: "newest", all: "false" });
});

test("nothing is fetched where other than photos are shown, or the query is the server's to say", () => {
  assert.equal(askedBy({ ...SHOWN, view: "map" }, { op: "query", text: "dogs" }), null); // stays a map
  assert.equal(askedBy(SHOWN, { op: "show", view: "map" }), null);
  assert.equal(askedBy({ ...SHOWN, page: "library" }, { op: "query", text: "dogs" }), null);
  assert.equal(askedBy(SHOWN, { op: "toggle", key: "tag", value: "x" }), null);
  assert.equal(askedBy(SHOWN, { op: "again" }), null);
});

test("only what was asked for last is taken, once, and for nothing else", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (address) => {
    asked.push(new URLSearchParams(address.split("?")[1]).get("q"));
    return new Response(new Uint8Array(8));
  });
  const ahead = new Ahead({ data: SHOWN, grid: null });
  await Promise.all(["dogs", "cats"].map((text) => ahead.begin({ op: "query", text })));
  assert.deepEqual(asked, ["dogs", "cats"]);
  const shown = { ...SHOWN, q: "cats" };
  const parts = ahead.take(shown);
  const seen = [];
  await parts.begin(({ length }) => seen.push(length) > 0);
  assert.deepEqual([seen, asked.length], [[0], 2]); // what was fetched ahead, and no more
  assert.equal(ahead.take(shown), null);
  await ahead.begin({ op: "query", text: "dogs" });
  assert.equal(ahead.take(shown), null);
  assert.equal(ahead.take({ ...SHOWN, q: "dogs" }), null); // it was not what came
});
