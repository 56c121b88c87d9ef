import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsOf, shapeOf } from "../../app/pages/frontend/rows.js";

const WANTED = { width: 1000, height: 200, gap: 4 };

/** The width of each row, with its gaps. */
function widths(shapes, rows) {
  let start = 0;
  return rows.map(({ end, height }) => {
    const sum = shapes.slice(start, end).reduce((one, other) => one + other, 0);
    const width = sum * height + WANTED.gap * (end - start - 1);
    start = end;
    return width;
  });
}

/** Shapes as cameras make them, the same each time. */
function album(count) {
  let seed = 7;
  return Array.from({ length: count }, () => {
    seed = (seed * 16807) % 2147483647;
    return [1.5, 1.5, 1.333, 1.333, 0.75, 0.667, 1, 1.778, 3.2][seed % 9];
  });
}

test("panoramas and towers are cut, and a photo of unknown size is square", () => {
  assert.equal(shapeOf(4000, 3000), 4 / 3);
  assert.equal(shapeOf(20_000, 1000), 3.2);
  assert.equal(shapeOf(100, 4000), 0.45);
  assert.equal(shapeOf(0, 0), 1);
});

test("each row fills the width, the last one too", () => {
  for (const count of [9, 25, 60, 131]) {
    const shapes = album(count);
    const rows = rowsOf(shapes, 0, count, WANTED);
    for (const width of widths(shapes, rows)) assert.ok(Math.abs(width - WANTED.width) < 0.01);
    assert.equal(rows.at(-1).end, count);
  }
});

test("the heights are even: near the wanted one, none half as large again", () => {
  const rows = rowsOf(album(500), 0, 500, WANTED);
  for (const { height } of rows) assert.ok(height > 120 && height < 300, `${height}`);
  const mean = rows.reduce((sum, { height }) => sum + height, 0) / rows.length;
  assert.ok(Math.abs(mean - 200) < 20);
});

test("a few photos alone stay as high as the others, and leave the rest of their row free", () => {
  assert.deepEqual(rowsOf([1.5], 0, 1, WANTED), [{ end: 1, height: 200 }]);
  assert.deepEqual(rowsOf([1.5, 0.7], 0, 2, WANTED), [{ end: 2, height: 200 }]);
  assert.deepEqual(rowsOf([], 0, 0, WANTED), []);
});

test("photos wider than the page have a row of their own, which is lower", () => {
  const rows = rowsOf([3.2, 3.2], 0, 2, { width: 370, height: 200, gap: 4 });
  assert.deepEqual(rows.map(({ end }) => end), [1, 2]);
  for (const { height } of rows) assert.equal(height, 370 / 3.2);
});

test("no other way to break is better, of all that there are", () => {
  const shapes = album(11);
  const cost = (rows) => rows.reduce((sum, height) => sum + Math.log(height / 200) ** 2, 0);
  let best = Infinity;
  for (let ways = 0; ways < 2 ** 10; ways += 1) {
    const heights = [];
    let [sum, gaps] = [0, 0];
    for (let place = 0; place < 11; place += 1) {
      sum += shapes[place];
      if (place === 10 || ways & (1 << place)) {
        heights.push((1000 - gaps * 4) / sum);
        [sum, gaps] = [0, 0];
      } else gaps += 1;
    }
    if (heights.every((height) => height >= 124 && height <= 300)) best = Math.min(best, cost(heights));
  }
  const mine = rowsOf(shapes, 0, 11, WANTED).map(({ height }) => height);
  assert.ok(Math.abs(cost(mine) - best) < 1e-9);
});
