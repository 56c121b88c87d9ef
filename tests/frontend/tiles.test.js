import assert from "node:assert/strict";
import { test } from "node:test";

import { fitsSmall, isSmall, needsPreview } from "../../app/pages/frontend/tile_nodes.js";
import { blurAddress, decodePlace, decodeTile, tileLabel } from "../../app/pages/frontend/tiles.js";
import "./english.js";

const SLOTS = [7, 1.5, 18086, 2, 1, 3, 0, "0a1b2c3d", "dog, beach", "AAAA", -1, -1];

test("each slot of a tile becomes what it means", () => {
  assert.deepEqual(decodeTile(SLOTS), { id: 7, day: 18086, level: 2, favourite: true,
    burst: 3, offline: false, digest: "0a1b2c3d", shows: "dog, beach", blur: "AAAA",
    seconds: -1, moment: -1 });
  assert.equal(decodeTile([7, 1.5, 18086, -1, 0, 0, 1, "", "", "", -1, -1]).offline, true);
  assert.equal(decodeTile([7, 1.5, 18086, -1, 0, 0, 1, "", "", "", -1, -1]).favourite, false);
});

test("a tile is called by what it shows and when", () => {
  assert.equal(tileLabel(decodeTile(SLOTS)),
    "Dog, beach, 9 July 2019, strong match, favourite, one of 4 of the same moment");
  assert.equal(tileLabel(decodeTile([7, 1, 0, -1, 0, 0, 1, "", "", "", -1, -1])),
    "Photo, 1 January 1970, its drive is not there now");
  assert.match(tileLabel(decodeTile([7, 1, 0, -1, 0, 0, 0, "", "", "", 62, 4000])), /a video of 1:02$/);
  assert.match(tileLabel(decodeTile([7, 1, 0, 0, 0, 0, 0, "", "", "", -1, -1])), /, weak match$/);
});

test("a blur becomes a bitmap of 4 x 4 pixels", () => {
  const pixels = Buffer.from(Array.from({ length: 48 }, (_, byte) => byte));
  const [kind, content] = blurAddress(pixels.toString("base64")).split(",");
  assert.equal(kind, "data:image/bmp;base64");
  const file = Buffer.from(content, "base64");
  assert.equal(file.toString("latin1", 0, 2), "BM");
  assert.equal(file.readUInt32LE(2), file.length);
  assert.equal(file.readUInt32LE(10), 54); // where the pixels begin
  assert.deepEqual([file.readInt32LE(18), file.readInt32LE(22), file.readUInt16LE(28)], [4, 4, 24]);
  assert.deepEqual(file.subarray(54), pixels);
});

test("panoramas are shown from a larger picture, and others from their thumbnail", () => {
  const box = (ratio, height = 200) => ({ width: ratio * height, height });
  assert.ok(!needsPreview({ width: 4000, height: 3000 }, box(4 / 3)));
  assert.ok(!needsPreview({ width: 3000, height: 4000 }, box(0.75)));
  assert.ok(needsPreview({ width: 9000, height: 1000 }, box(3.2)));
  assert.ok(needsPreview({ width: 4000, height: 3000 }, box(4 / 3, 600)));
  assert.ok(!needsPreview({ width: 640, height: 90 }, box(3.2))); // its thumbnail is all there is
});

test("a picture smaller than its box is shown as it is", () => {
  const box = { width: 200, height: 200 };
  assert.ok(isSmall({ width: 64, height: 64 }, box));
  assert.ok(!isSmall({ width: 300, height: 150 }, box));
});

test("a place on the map", () => {
  const place = { id: 7, latitude: 48.85, longitude: 2.35, digest: "0a1b2c3d" };
  const names = ["Rome, Italy", "Paris, France"];
  assert.deepEqual(decodePlace([7, 48.85, 2.35, "0a1b2c3d", 1], names),
    { ...place, name: "Paris, France" });
  assert.deepEqual(decodePlace([7, 48.85, 2.35, "0a1b2c3d", -1], names), { ...place, name: "" });
});

test("where the screen shows no more of it, a smaller picture is brought", () => {
  const photo = { width: 4000, height: 3000 };
  assert.ok(fitsSmall(photo, { width: 267, height: 200 }, 1));
  assert.ok(!fitsSmall(photo, { width: 267, height: 200 }, 2));
  assert.ok(fitsSmall(photo, { width: 147, height: 110 }, 2));
  assert.ok(!fitsSmall(photo, { width: 400, height: 300 }, 1));
  assert.ok(!fitsSmall({ width: 9000, height: 1000 }, { width: 640, height: 200 }, 1)); // it is cut
});
