import assert from "node:assert/strict";
import { test } from "node:test";

import { PhotoAim, seek } from "../../app/pages/frontend/photo_aim.js";
import { ShapeParts } from "../../app/pages/frontend/shape_parts.js";

/** Results of which those from `known` on become known when `answer` is called. */
function results(known, total = 100) {
  const grid = { gone: false, known, idAt: (place) => (place < grid.known ? place + 1 : -1),
    need: () => waiting };
  let answer;
  const waiting = new Promise((resolve) => { answer = resolve; });
  return { grid, answer: (there = true) => { if (there) grid.known = total; answer(there); } };
}

test("a photo that is known is there, and of others it is waited for", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  assert.equal(await aim.reach(grid, 2), "there");
  const far = aim.reach(grid, 50);
  assert.equal(aim.place, 50); // one step more is from here
  answer();
  assert.deepEqual([await far, aim.place], ["there", -1]);
});

test("the photo that was asked for last is opened, whichever is known first", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  const far = aim.reach(grid, 50);
  assert.equal(await aim.reach(grid, 1), "there");
  answer();
  assert.equal(await far, "late");
});

test("nothing opens any more once it was closed", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  const far = aim.reach(grid, 50);
  aim.drop();
  answer();
  assert.deepEqual([await far, aim.place], ["late", -1]);
});

test("what can't be loaded, or is of results that have gone, is not there", async () => {
  for (const gone of [false, true]) {
    const { grid, answer } = results(3);
    const aim = new PhotoAim();
    const far = aim.reach(grid, 50);
    grid.gone = gone;
    answer(gone);
    assert.deepEqual([await far, aim.place], ["none", -1]);
  }
});

/** So many results with ids from 1 on, laid out as far as `begun`; `asked` has what is asked for. */
async function grid(total, begun = total) {
  const asked = [];
  const load = async (path, { start, count }) => {
    asked.push([path, start]);
    const length = Math.max(0, Math.min(count, total - start));
    if (path === "layout") return new Uint8Array([
      ...new Uint8Array(new Uint32Array([total, length, 0]).buffer), ...new Uint8Array(length)]).buffer;
    const bytes = new ArrayBuffer(8 + 20 * length);
    new Uint32Array(bytes, 0, 2).set([total, length]);
    new Float64Array(bytes, 8, length).set(Array.from({ length }, (_, at) => start + at + 1));
    return bytes;
  };
  const parts = new ShapeParts({ q: "sea", sort: "best", all: "false" }, load);
  await parts.begin(({ length }) => length < begun);
  const said = [];
  const made = { parts, gone: false, app: { say: (text) => said.push(text) },
    get length() { return parts.shapes.length; }, get total() { return parts.shapes.total; },
    placeOf: (id) => parts.shapes.ids.indexOf(id), more: () => parts.begin(() => true) };
  asked.length = 0;
  return { grid: made, asked, said };
}

test("of the results around a photo that lies far down only a part is loaded", async () => {
  const { grid: results, asked } = await grid(150_000, 3_000);
  const place = await seek(results, 140_321, async (path, { id, visit, q }) => {
    assert.deepEqual([path, q, visit], ["place", "sea", results.parts.asked.visit]);
    return { place: id - 1 };
  });
  assert.equal(place, 140_320);
  assert.deepEqual(asked, [["layout", 3_000], ["layout", 103_000], ["shapes", 140_000]]);
});

test("a photo that is none of the results, or lies elsewhere by now, has no place", async () => {
  const { grid: results, asked } = await grid(20_000);
  assert.equal(await seek(results, 7, assert.fail), 6); // known already
  assert.equal(await seek(results, 90_000, async () => ({ place: -1 })), -1);
  assert.equal(asked.length, 0);
  assert.equal(await seek(results, 9_001, async () => ({ place: 12_000 })), -1);
  const { grid: few } = await grid(50);
  assert.equal(await seek(few, 51, assert.fail), -1); // all are known: nobody is asked
});

test("where a photo lies can't be told without the server, which is said", async () => {
  const { grid: results, said } = await grid(20_000);
  assert.equal(await seek(results, 9_000, async () => { throw new Error("away"); }), -1);
  assert.deepEqual(said, ["away"]);
});
