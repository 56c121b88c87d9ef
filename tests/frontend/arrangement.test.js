import assert from "node:assert/strict";
import { test } from "node:test";

import { besideInNextRow, between, joins } from "../../app/pages/frontend/arrangement.js";

test("photos of a day stand together, however many", () => {
  const section = { weak: false, first: 100, last: 100, count: 500 };
  assert.ok(joins(section, 100, false));
  assert.ok(!joins(section, 101, false));
  assert.ok(!joins(section, 100, true)); // weak matches come under a line
  assert.ok(!joins(null, 100, false));
});

test("days of few photos share a header, but not those of different seasons", () => {
  const section = { weak: false, first: 500, last: 450, count: 11 };
  assert.ok(joins(section, 401, false));
  assert.ok(!joins(section, 400, false));
  assert.ok(!joins({ ...section, count: 12 }, 449, false));
});

// Two rows of three, the second shifted, and a last row of one.
const boxes = [[0, 0], [0, 100], [0, 200], [50, 40], [50, 140], [50, 240], [100, 0]]
  .map(([top, left]) => ({ top, left, width: 90 }));

test("up and down go to the photo whose middle is nearest", () => {
  assert.equal(besideInNextRow(boxes, 0, 1), 3);
  assert.equal(besideInNextRow(boxes, 2, 1), 5);
  assert.equal(besideInNextRow(boxes, 5, -1), 2);
  assert.equal(besideInNextRow(boxes, 5, 1), 6);
  assert.equal(besideInNextRow(boxes, 6, -1), 3);
});

test("beyond the first and the last row there is nowhere to go", () => {
  assert.equal(besideInNextRow(boxes, 1, -1), 1);
  assert.equal(besideInNextRow(boxes, 6, 1), 6);
});

test("from one photo to another, in both directions", () => {
  const items = ["a", "b", "c", "d"];
  assert.deepEqual(between(items, 1, 2), ["b", "c"]);
  assert.deepEqual(between(items, 3, 1), ["b", "c", "d"]);
  assert.deepEqual(between(items, 0, 0), ["a"]);
});
