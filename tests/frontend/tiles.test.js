import assert from "node:assert/strict";
import { test } from "node:test";

import { decodePlace, decodeTile, shapeOf, tileLabel } from "../../app/pages/frontend/tiles.js";

const SLOTS = [7, 1.5, 18086, 2, 1, 3, 0, "0a1b2c3d"];

test("each slot of a tile becomes what it means", () => {
  assert.deepEqual(decodeTile(SLOTS), { id: 7, ratio: 1.5, day: 18086, level: 2, favourite: true,
    burst: 3, offline: false, digest: "0a1b2c3d" });
  assert.equal(decodeTile([7, 1.5, 18086, -1, 0, 0, 1, ""]).offline, true);
  assert.equal(decodeTile([7, 1.5, 18086, -1, 0, 0, 1, ""]).favourite, false);
});

test("a photo without a size is square; very wide and high ones are cut", () => {
  const shape = (ratio) => shapeOf(decodeTile([1, ratio, 0, 0, 0, 0, 0, ""]));
  assert.equal(shape(0), 1);
  assert.equal(shape(1.333), 1.333);
  assert.equal(shape(20), 3.2);
  assert.equal(shape(0.05), 0.45);
});

test("a tile is said in words", () => {
  assert.equal(tileLabel(decodeTile(SLOTS), 0),
    "Photo 1, 9 July 2019, strong match, one of 4 of the same moment");
  assert.equal(tileLabel(decodeTile([7, 1, 0, -1, 0, 0, 1, ""]), 11),
    "Photo 12, 1 January 1970, its drive is not there now");
  assert.match(tileLabel(decodeTile([7, 1, 0, 0, 0, 0, 0, ""]), 0), /, weak match$/);
});

test("a place on the map", () => {
  assert.deepEqual(decodePlace([7, 48.85, 2.35, "0a1b2c3d"]),
    { id: 7, latitude: 48.85, longitude: 2.35, digest: "0a1b2c3d" });
});
