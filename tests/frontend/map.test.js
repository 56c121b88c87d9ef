import assert from "node:assert/strict";
import { test } from "node:test";

import { boxAround, cellsAcross, clustersOf, onEarth, pathOf, pointAt, radiusKm, scaledBox }
  from "../../app/pages/frontend/map.js";

const place = (latitude, longitude) => ({ id: 1, latitude, longitude, digest: "", name: "" });
const PARIS = place(48.85, 2.35);
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9,
  `${actual} is not ${expected}`);

test("the map begins with all photos on it", () => {
  assert.deepEqual(boxAround([PARIS]), { x: 2.35, y: -48.85, width: 4, height: 2 });
  const box = boxAround([place(50, -10), place(40, 30)]);
  assert.deepEqual([box.x, box.y], [10, -45]);
  assert.ok(box.width > 40 && box.height > 10);
  assert.equal(boxAround([place(-80, -179), place(80, 179)]).width, 360);
  const upright = boxAround([place(50, 0), place(40, 1)], 2);
  assert.ok(upright.height > 10 && upright.height === 2 * upright.width);
  near(boxAround([PARIS, place(48.95, 2.45)]).width, 0.26); // as high as half as wide
  assert.equal(boxAround(Array(300_000).fill(PARIS)).x, 2.35);
});

test("a point of the map, as a share of its width and height", () => {
  const box = { x: 10, y: -45, width: 40, height: 20 };
  assert.deepEqual(pointAt(box, 0.5, 0.5), { x: 10, y: -45 });
  assert.deepEqual(pointAt(box, 0, 1), { x: -10, y: -35 });
});

test("what is under the mouse stays there when the map comes nearer", () => {
  const box = { x: 10, y: -45, width: 40, height: 20 };
  const at = pointAt(box, 0.2, 0.9);
  const after = pointAt(scaledBox(box, 0.8, at), 0.2, 0.9);
  near(after.x, at.x);
  near(after.y, at.y);
});

test("the map is never wider than the world, and never nearer than a street", () => {
  const box = { x: 10, y: -15, width: 300, height: 150 };
  assert.equal(scaledBox(box, 10, box).width, 360);
  assert.equal(scaledBox(box, 1e-9, box).width, 0.02);
});

test("nothing is shown that lies beyond the world", () => {
  assert.deepEqual(onEarth({ x: 170, y: -80, width: 40, height: 40 }),
    { x: 160, y: -70, width: 40, height: 40 });
  // A map higher than the world has it in its middle.
  assert.deepEqual(onEarth({ x: -10, y: 30, width: 400, height: 400 }),
    { x: 0, y: 0, width: 360, height: 360 });
  const box = scaledBox({ x: 0, y: 0, width: 40, height: 20 }, 8, { x: 170, y: 0 });
  assert.deepEqual(box, { x: -20, y: 0, width: 320, height: 160 });
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

test("a mark on the border of a cell is not its own neighbour", () => {
  const cell = 0.02 / 14;
  assert.ok(33.9 / cell === 23730 && (33.9 + cell) / cell < 23731); // as they are rounded
  const [one] = clustersOf([place(-33.9, 151.2)], 0.02, 14);
  assert.equal(one.members.length, 1);
});

test("marks do not cover each other, and no photo is lost", () => {
  const places = [];
  for (let n = 0; n < 2000; n += 1) // crowded in some parts, and on the borders of cells
    places.push(place(60 * Math.sin(n * n), 150 * Math.cos(n * 7) ** 3));
  for (const across of [5, 9, 14]) {
    const clusters = clustersOf(places, 360, across);
    assert.ok(clusters.length > across);
    const members = clusters.flatMap((one) => one.members);
    assert.deepEqual([members.length, new Set(members).size], [2000, 2000]);
    for (const [at, one] of clusters.entries()) {
      near(one.x, one.members.reduce((sum, { longitude }) => sum + longitude, 0) / one.members.length);
      for (const other of clusters.slice(at + 1))
        assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 0.69 * (360 / across));
    }
  }
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
  assert.equal(cellsAcross(366), 4);
  assert.equal(cellsAcross(90), 3);
});
