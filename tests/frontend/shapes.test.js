import assert from "node:assert/strict";
import { test } from "node:test";

import { shapeOf } from "../../app/pages/frontend/rows.js";
import { joined, learnPart, noShapes, unpackLayout, unpackShapes } from "../../app/pages/frontend/shapes.js";

/** Photos as app/gallery/shapes.py packs how they lie: a day and a number of them in each run. */
function layout(total, runs, steps) {
  const bytes = new ArrayBuffer(12 + 8 * runs.length + steps.length);
  const view = new DataView(bytes);
  [total, steps.length, runs.length].forEach((value, at) => view.setUint32(4 * at, value, true));
  runs.forEach(([day, count], at) => {
    view.setInt32(12 + 4 * at, day, true);
    view.setUint32(12 + 4 * runs.length + 4 * at, count, true);
  });
  new Uint8Array(bytes, 12 + 8 * runs.length).set(steps);
  return bytes;
}

function packed(total, photos) {
  const bytes = new ArrayBuffer(8 + 20 * photos.length);
  const view = new DataView(bytes);
  view.setUint32(0, total, true);
  view.setUint32(4, photos.length, true);
  photos.forEach(([id, day, digest, width, height], place) => {
    const count = photos.length;
    view.setFloat64(8 + 8 * place, id, true);
    view.setInt32(8 + 8 * count + 4 * place, day, true);
    view.setUint32(8 + 12 * count + 4 * place, digest, true);
    view.setUint16(8 + 16 * count + 2 * place, width, true);
    view.setUint16(8 + 18 * count + 2 * place, height, true);
  });
  return bytes;
}
const said = ({ ids, days, digests, widths, heights }) => [...ids].map((id, place) =>
  [id, days[place], digests[place], widths[place], heights[place]]);

test("the columns are those that were packed, for an odd number of photos too", () => {
  const photos = [[7, -3, 0x0a1b2c3d, 4000, 3000], [2 ** 40, 20_000, 0xffffffff, 65_535, 1],
    [9, 0, 1, 10, 20]];
  const shapes = unpackShapes(packed(12, photos));
  assert.deepEqual([shapes.total, shapes.length], [12, 3]);
  assert.deepEqual(said(shapes), photos);
  assert.deepEqual(said(unpackShapes(packed(0, []))), []);
});

test("parts are joined in order", () => {
  const [one, other] = [[[1, 5, 11, 3, 2]], [[2, 4, 12, 9, 8], [3, 4, 13, 7, 6]]];
  const first = joined(noShapes(), unpackShapes(packed(3, one)));
  const both = joined(first, unpackShapes(packed(3, other)));
  assert.deepEqual([both.total, both.length], [3, 3]);
  assert.deepEqual(said(both), [...one, ...other]);
});

test("of a layout the days and the shapes are known, and nothing else", () => {
  const shapes = unpackLayout(layout(9, [[20_000, 3], [-2, 1]], [0, 255, 100, 157]));
  assert.deepEqual([shapes.total, shapes.length], [9, 4]);
  assert.deepEqual([...shapes.days], [20_000, 20_000, 20_000, -2]);
  assert.deepEqual([...shapes.ids], [-1, -1, -1, -1]);
  [shapeOf(1, 9), shapeOf(9, 1), 0.971, 3 / 2].forEach((shape, place) =>
    assert.ok(Math.abs(shapes.ratios[place] / shape - 1) < 0.004, `${place}`));
  assert.deepEqual([...unpackLayout(layout(2, [], [1, 2])).days], [0, 0]);
});

test("what comes of a photo later is put in its place, and moves no other", () => {
  const shapes = joined(unpackShapes(packed(3, [[1, 5, 11, 30, 20]])),
    unpackLayout(layout(3, [[4, 2]], [157, 157])));
  const ratios = [...shapes.ratios];
  learnPart(shapes, 2, unpackShapes(packed(3, [[7, 4, 13, 300, 200], [8, 4, 14, 1, 1]])));
  assert.deepEqual(said(shapes), [[1, 5, 11, 30, 20], [-1, 4, 0, 0, 0], [7, 4, 13, 300, 200]]);
  assert.deepEqual([...shapes.ratios], ratios);
});
