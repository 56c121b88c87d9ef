import assert from "node:assert/strict";
import { test } from "node:test";

import { joined, noShapes, unpackShapes } from "../../app/pages/frontend/shapes.js";

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
