import assert from "node:assert/strict";
import { test } from "node:test";

import { ShapeParts } from "../../app/pages/frontend/shape_parts.js";

/** A server that has so many photos, with ids from 1 on; `asked` has what it was asked for. */
function server(total) {
  const asked = [];
  /** @param {string} path */
  const load = (path, { start, count }) => {
    asked.push([path, start, count]);
    const length = Math.max(0, Math.min(count, total - start));
    if (path === "layout") return Promise.resolve(new Uint8Array([
      ...new Uint8Array(new Uint32Array([total, length, 0]).buffer),
      ...new Uint8Array(length)]).buffer);
    const bytes = new ArrayBuffer(8 + 20 * length);
    new Uint32Array(bytes, 0, 2).set([total, length]);
    new Float64Array(bytes, 8, length).set(Array.from({ length }, (_, at) => start + at + 1));
    return Promise.resolve(bytes);
  };
  return { asked, parts: new ShapeParts({ q: "", sort: "best", all: "false" }, load) };
}
const always = () => true;

test("few results come whole, by one answer", async () => {
  const { asked, parts } = server(2_000);
  await parts.begin(always);
  assert.deepEqual(asked, [["shapes", 0, 3_000]]);
  assert.ok(parts.has(0, 2_000));
  assert.ok(await parts.need(-50, 9_000));
  assert.equal(asked.length, 1);
});

test("what was loaded ahead is not asked for again, unless that failed", async () => {
  const { asked, parts } = server(2_000);
  assert.equal((await parts.ahead()).length, 2_000);
  await parts.begin(always);
  assert.equal(asked.length, 1);
  const { asked: again, parts: others } = server(2_000);
  const { load } = others;
  others.load = () => Promise.reject(new Error("away"));
  assert.equal(await others.ahead(), null);
  others.load = load;
  await others.begin(always);
  assert.deepEqual(again, [["shapes", 0, 3_000]]);
  assert.equal(others.shapes.length, 2_000);
});

test("of the many behind the first only how they lie is loaded", async () => {
  const { asked, parts } = server(150_000);
  const lengths = [];
  await parts.begin(({ length }) => lengths.push(length) > 0);
  assert.deepEqual(lengths, [3_000, 103_000, 150_000]);
  assert.deepEqual(asked.slice(1).map(([path, start]) => [path, start]),
    [["layout", 3_000], ["layout", 103_000]]);
  assert.ok(parts.has(0, 3_000) && !parts.has(2_999, 3_001));
});

test("all answers are of the results that a visit began with", async () => {
  const visits = new Set();
  for (let visit = 1; visit < 3; visit += 1) {
    const { parts } = server(10_000);
    const { load } = parts;
    parts.load = (path, asked) => { visits.add(asked.visit); return load(path, asked); };
    await parts.begin(always);
    await parts.need(5_000, 9_000);
    assert.equal(visits.size, visit);
  }
  for (const visit of visits) assert.ok(visit.length > 5 && visit.length <= 40, visit);
});

test("what failed to be laid out is gone on with", async () => {
  const { asked, parts } = server(10_000);
  const { load } = parts;
  parts.load = (path, of) => (path === "layout" ? Promise.reject(new Error("away")) : load(path, of));
  await assert.rejects(parts.begin(always), /away/);
  assert.equal(parts.shapes.length, 3_000);
  parts.load = load;
  await parts.begin(always);
  assert.deepEqual(asked.map(([path, start]) => [path, start]), [["shapes", 0], ["layout", 3_000]]);
  assert.equal(parts.shapes.length, 10_000);
});

test("nobody loads the others once the results are no longer shown", async () => {
  const { asked, parts } = server(150_000);
  await parts.begin(() => false);
  assert.equal(asked.length, 1);
});

test("what is needed is asked for once, in parts, and those side by side together", async () => {
  const { asked, parts } = server(150_000);
  await parts.begin(always);
  asked.length = 0;
  await Promise.all([parts.need(41_500, 42_010), parts.need(41_900, 43_001)]);
  assert.deepEqual(asked, [["shapes", 41_000, 2_000], ["shapes", 43_000, 1_000]]);
  assert.ok(await parts.need(41_000, 44_000));
  assert.equal(asked.length, 2);
  assert.deepEqual([40_999, 41_000, 43_999, 44_000].map((place) => parts.shapes.ids[place]),
    [-1, 41_001, 44_000, -1]);
});

test("all are known in the end, however many", async () => {
  const { asked, parts } = server(150_000);
  await parts.begin(always);
  await parts.need(70_000, 70_001);
  asked.length = 0;
  assert.ok(await parts.need(0, 150_000));
  assert.deepEqual(asked.map(([, start, count]) => [start, count]),
    [[3_000, 67_000], [71_000, 79_000]]);
  assert.ok(parts.shapes.ids.every((id, place) => id === place + 1));
});

test("what the server no longer has is known to be gone, and is not asked for again", async () => {
  const { asked, parts } = server(10_000);
  await parts.begin(always);
  const { load } = parts;
  parts.load = (path, { start }) => load(path, { start, count: 500 });
  assert.ok(await parts.need(5_000, 6_000));
  assert.deepEqual([5_499, 5_500, 5_999, 6_000].map((place) => parts.shapes.ids[place]),
    [5_500, -2, -2, -1]);
  const before = asked.length;
  assert.ok(await parts.need(5_000, 6_000));
  assert.equal(asked.length, before);
});

test("whoever needs what can't be loaded is told, and it is asked for again later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { parts } = server(10_000);
  await parts.begin(always);
  const { load } = parts;
  parts.load = () => Promise.reject(new Error("away"));
  await assert.rejects(parts.need(5_000, 5_001), /away/);
  parts.load = load;
  await assert.rejects(parts.need(5_000, 5_001), /away/); // not at once
  t.mock.timers.tick(5_000);
  assert.ok(await parts.need(5_000, 5_001));
});
