import assert from "node:assert/strict";
import { test } from "node:test";

import { boxAround, cellsAcross, clustersOf, pathOf, pointAt, radiusKm, scaledBox }
  from "../../app/pages/frontend/map.js";

const place = (latitude, longitude) => ({ id: 1, latitude, longitude, digest: "" });
const PARIS = place(48.85, 2.35);
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9,
  `${actual} is not ${expected}`);

test("the map begins with all photos on it", () => {
  assert.deepEqual(boxAround([PARIS]), { x: 2.35, y: -48.85, width: 12 });
  const box = boxAround([place(50, -10), place(40, 30)]);
  assert.deepEqual([box.x, box.y], [10, -45]);
  assert.ok(box.width > 40 && box.width / 2 > 10);
  assert.equal(boxAround([place(-80, -179), place(80, 179)]).width, 360);
});

test("a point of the map, as a share of its width and height", () => {
  const box = { x: 10, y: -45, width: 40 };
  assert.deepEqual(pointAt(box, 0.5, 0.5), { x: 10, y: -45 });
  assert.deepEqual(pointAt(box, 0, 1), { x: -10, y: -35 });
});

test("what is under the mouse stays there when the map comes nearer", () => {
  const box = { x: 10, y: -45, width: 40 };
  const at = pointAt(box, 0.2, 0.9);
  const after = pointAt(scaledBox(box, 0.8, at), 0.2, 0.9);
  near(after.x, at.x);
  near(after.y, at.y);
});

test("the map is never wider than the world, and never nearer than a street", () => {
  const box = { x: 10, y: -45, width: 300 };
  assert.equal(scaledBox(box, 10, box).width, 360);
  assert.equal(scaledBox(box, 1e-9, box).width, 0.02);
});

test("near photos are one mark, in the middle of them", () => {
  const places = [PARIS, place(48.95, 2.45), place(-33.9, 151.2)];
  const [one, other] = clustersOf(places, 120);
  assert.equal(one.members.length, 2);
  near(one.x, 2.4);
  near(one.y, -48.9);
  assert.deepEqual(other.members, [places[2]]);
  assert.equal(clustersOf(places, 0.1).length, 3);
});

test("the distance takes in the farthest", () => {
  assert.equal(radiusKm([PARIS], 2.35, -48.85), 1);
  // A degree of latitude is 111.2 km; one of longitude at 60 degrees north is half of that.
  assert.equal(radiusKm([place(1, 0)], 0, 0), 117);
  assert.equal(radiusKm([place(60, 1)], 0, -60), 59);
});

test("the outline as a path: north is up", () => {
  assert.equal(pathOf([[1, 2, 3, 4], [5, -6]]), "M1 -2L3 -4ZM5 6Z");
});

test("on a narrow map there are fewer marks, which are as large", () => {
  assert.equal(cellsAcross(0), 14);
  assert.equal(cellsAcross(1400), 14);
  assert.equal(cellsAcross(366), 5);
  assert.equal(cellsAcross(90), 3);
});
