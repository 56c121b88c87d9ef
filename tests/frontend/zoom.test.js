import assert from "node:assert/strict";
import { test } from "node:test";

import { photoHash, photoOf } from "../../app/pages/frontend/photo_address.js";
import { WHOLE, fitted, held, mostScale, ownScale, pinched, swipeOf, zoomed }
  from "../../app/pages/frontend/zoom.js";

test("what is under the mouse stays there when the picture grows", () => {
  const at = { x: 40, y: -30 };
  const once = zoomed(WHOLE, 2, at);
  assert.deepEqual(once, { x: -40, y: 30, scale: 2 });
  const twice = zoomed(once, 4, at);
  // The same point of the picture is still at the mouse.
  assert.deepEqual([(at.x - twice.x) / 4, (at.y - twice.y) / 4], [40, -30]);
});

test("neither smaller than the stage nor larger than is allowed", () => {
  assert.deepEqual(zoomed({ x: 90, y: 9, scale: 2 }, 0.5), WHOLE);
  assert.equal(zoomed({ x: 90, y: 9, scale: 7 }, 20).scale, 8);
  assert.equal(zoomed({ x: 90, y: 9, scale: 7 }, 20, null, 15).scale, 15);
});

test("with the keys what is in the middle stays there", () => {
  assert.deepEqual(zoomed({ x: 90, y: 8, scale: 2 }, 3), { x: 135, y: 12, scale: 3 });
});

test("the whole picture fits on the stage, and is not enlarged for it", () => {
  const stage = { width: 1000, height: 600 };
  assert.deepEqual(fitted({ width: 6000, height: 4000 }, stage), { width: 900, height: 600 });
  assert.deepEqual(fitted({ width: 6000, height: 1000 }, stage), { width: 1000, height: 1000 / 6 });
  assert.deepEqual(fitted({ width: 32, height: 16 }, stage), { width: 32, height: 16 });
});

test("its own pixels, and twice of that", () => {
  assert.equal(ownScale({ width: 6000, height: 4000 }, { width: 600, height: 400 }), 10);
  assert.equal(mostScale(10), 20);
  assert.equal(mostScale(1), 8);
});

test("no edge of a larger picture comes inside the stage", () => {
  const [whole, stage] = [{ width: 900, height: 600 }, { width: 1000, height: 600 }];
  assert.deepEqual(held({ x: 5000, y: -5000, scale: 2 }, whole, stage), { x: 400, y: -300, scale: 2 });
  assert.deepEqual(held({ x: 30, y: 40, scale: 1 }, whole, stage), { x: 0, y: 0, scale: 1 });
});

test("the picture follows two fingers", () => {
  const before = [{ x: -10, y: 0 }, { x: 10, y: 0 }];
  const now = [{ x: 10, y: 5 }, { x: 70, y: 5 }];
  const zoom = pinched(WHOLE, before, now);
  assert.equal(zoom.scale, 3);
  // What was under each finger still is.
  before.forEach(({ x, y }, finger) => assert.deepEqual(
    { x: x * 3 + zoom.x, y: y * 3 + zoom.y }, now[finger]));
});

test("what a finger meant", () => {
  assert.deepEqual([[-80, 10], [80, -10], [10, 120], [-10, -90], [20, 30], [70, 80]]
    .map(([x, y]) => swipeOf(x, y)), ["next", "previous", "close", "facts", null, null]);
});

test("the photo in the address", () => {
  assert.deepEqual(photoOf(photoHash(7, "0a1b2c3d")), { id: 7, digest: "0a1b2c3d" });
  for (const other of ["", "#", "#photo", "#photo=x-0a1b2c3d", "#photo=7-0a1b2c3d/../..", "#photo=7-XYZ"])
    assert.equal(photoOf(other), null);
});
