import assert from "node:assert/strict";
import { test } from "node:test";

import { partsOf, picture } from "../../app/pages/frontend/picture_packs.js";

const address = (id, library = "0a1b2c3d") => `/clipsearch/small/${library}/${id}-0123abcd`;

/** What the server packs, as a stream in pieces of so many bytes. */
function streamed(parts, step) {
  const bytes = parts.flatMap((part) => [part.length, 0, 0, 0, ...part]);
  return new ReadableStream({ start(controller) {
    for (let at = 0; at < bytes.length; at += step)
      controller.enqueue(Uint8Array.from(bytes.slice(at, at + step)));
    controller.close();
  } });
}

test("the parts of a stream are the same wherever it is cut", async () => {
  for (const step of [1, 3, 5, 100]) {
    const parts = [];
    for await (const part of partsOf(streamed([[7, 8, 9], [], [1]], step))) parts.push([...part]);
    assert.deepEqual(parts, [[7, 8, 9], [], [1]]);
  }
});

test("what is wanted in one moment comes by one request, once", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    return new Response(streamed([[1, 2], [3], [], [4]], 3));
  });
  const all = await Promise.all([1, 2, 3, 4].map((id) => picture(address(id))));
  assert.deepEqual(asked, ["/clipsearch/pack/0a1b2c3d?of=1-0123abcd,2-0123abcd,3-0123abcd,4-0123abcd"]);
  assert.equal(all[2], address(3)); // by its own address: there is none yet
  assert.deepEqual([all[0], all[1]], ["data:image/jpeg;base64,AQI=", "data:image/jpeg;base64,Aw=="]);
  assert.equal(await picture(address(1)), all[0]);
  assert.equal(asked.length, 1);
});

test("few pictures, others than small ones, and those of a pack that broke off come alone", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    return new Response(streamed([[1]], 10));
  });
  assert.deepEqual(await Promise.all([11, 12].map((id) => picture(address(id)))), [address(11), address(12)]);
  const others = ["/clipsearch/thumb/0a1b2c3d/7-0123abcd", `${address(7)}?at=500`, "/clipsearch/preview/x/7-"];
  assert.deepEqual(await Promise.all(others.map(picture)), others);
  assert.equal(asked.length, 0);
  const four = await Promise.all([21, 22, 23, 24].map((id) => picture(address(id))));
  assert.match(four[0], /^data:/);
  assert.deepEqual(four.slice(1), [22, 23, 24].map((id) => address(id)));
});
