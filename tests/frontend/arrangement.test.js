import assert from "node:assert/strict";
import { test } from "node:test";

import { Arrangement, firstWhere, joins } from "../../app/pages/frontend/arrangement.js";
import { shapeOf } from "../../app/pages/frontend/rows.js";

const WANTED = { width: 1000, height: 200, gap: 4, head: 40, line: 50, space: 10, byDate: true,
  clear: Infinity };

/** Photos of 3 x 2 pixels, one for each of the days. */
function shapes(days, size = () => [300, 200]) {
  const length = days.length;
  const all = Array.from({ length }, (_, place) => size(place));
  return { total: length, length, days: Int32Array.from(days),
    ratios: Float32Array.from(all, ([width, height]) => shapeOf(width, height)) };
}
const many = (count, day = 0) => Array.from({ length: count }, () => day);

test("photos of a day stand together, however many", () => {
  const section = { weak: false, first: 100, last: 100, start: 0, end: 500 };
  assert.ok(joins(section, 100, false));
  assert.ok(!joins(section, 101, false));
  assert.ok(!joins(section, 100, true)); // weak matches come under a line
  assert.ok(!joins(null, 100, false));
});

test("days of few photos share a header, but not those of different seasons", () => {
  const section = { weak: false, first: 500, last: 450, start: 20, end: 31 };
  assert.ok(joins(section, 401, false));
  assert.ok(!joins(section, 400, false));
  assert.ok(!joins({ ...section, end: 32 }, 449, false));
});

test("sections follow each other without touching, each with its header above its rows", () => {
  const { sections, height, rowTop, rowHeight } = new Arrangement(
    shapes([...many(20, 9), ...many(30, 8)]), WANTED);
  assert.deepEqual(sections.map(({ start, end }) => [start, end]), [[0, 20], [20, 50]]);
  const [one, other] = sections;
  assert.equal(one.rowsTop, 40);
  assert.equal(rowTop[0], 40);
  assert.equal(other.top, one.top + one.height);
  assert.ok(rowTop[one.endRow - 1] + rowHeight[one.endRow - 1] < other.top);
  assert.equal(other.top + other.height, height);
});

test("weak matches begin a section of their own, below a line", () => {
  const { sections } = new Arrangement(shapes(many(30)), { ...WANTED, clear: 7, byDate: false, head: 0 });
  assert.deepEqual(sections.map(({ weak, line, start, end }) => [weak, line, start, end]),
    [[false, false, 0, 7], [true, true, 7, 30]]);
  assert.equal(sections[1].rowsTop - sections[1].top, WANTED.line);
});

test("every photo has a box, and is at the place where its box is", () => {
  const sizes = [[300, 200], [200, 300], [6000, 400], [100, 900]];
  const arrangement = new Arrangement(shapes(many(40), (place) => sizes[place % 4]), WANTED);
  for (let place = 0; place < 40; place += 1) {
    const { left, top, width, height } = arrangement.boxOf(place);
    assert.equal(arrangement.placeAt(left + width / 2, top + height / 2), place);
    assert.ok(left >= 0 && left + width < WANTED.width + 0.01);
  }
});

test("the rows between two heights are those that are seen there", () => {
  const arrangement = new Arrangement(shapes(many(100)), WANTED);
  const [first, end] = arrangement.rowsBetween(500, 900);
  for (let row = 0; row < arrangement.rowEnd.length; row += 1) {
    const [top, height] = [arrangement.rowTop[row], arrangement.rowHeight[row]];
    assert.equal(row >= first && row < end, top < 900 && top + height > 500);
  }
  assert.deepEqual(arrangement.rowsBetween(-100, 0), [0, 0]);
});

test("up and down go to the photo whose middle is nearest, and stop at the ends", () => {
  const arrangement = new Arrangement(shapes(many(30)), WANTED);
  const row = arrangement.rowEnd[0];
  assert.equal(arrangement.beside(1, 1), row + 1);
  assert.equal(arrangement.beside(row + 1, -1), 1);
  assert.equal(arrangement.beside(1, -1), 1);
  assert.equal(arrangement.beside(29, 1), 29);
});

test("a hundred thousand photos are laid out without any being lost", () => {
  const days = Array.from({ length: 100_000 }, (_, place) => 20_000 - Math.floor(place / 37));
  const arrangement = new Arrangement(shapes(days), WANTED);
  assert.equal(arrangement.rowEnd.at(-1), 100_000);
  assert.equal(arrangement.sections.at(-1).end, 100_000);
  assert.ok(arrangement.sections.every(({ firstRow, endRow }) => endRow > firstRow));
});

test("what more photos leave where it was is known", () => {
  const days = [...many(40, 9), ...many(30, 8), ...many(20, 7)];
  const some = new Arrangement(shapes(days.slice(0, 55)), WANTED);
  const all = new Arrangement(shapes(days), WANTED);
  assert.deepEqual(all.sections.map(({ start }) => start), [0, 40, 70]);
  assert.deepEqual([0, 40].map((start) => all.hasAlike(some, start)), [true, false]);
  assert.ok(!new Arrangement(shapes(days), { ...WANTED, width: 900 }).hasAlike(some, 0));
  assert.ok(!new Arrangement(shapes([]), WANTED).hasAlike(some, 0));
  const turned = (place) => (place === 3 ? [200, 300] : [300, 200]);
  assert.ok(!new Arrangement(shapes(days, turned), WANTED).hasAlike(some, 0));
});

test("the first number for which something holds", () => {
  assert.equal(firstWhere(10, (number) => number >= 4), 4);
  assert.equal(firstWhere(10, () => false), 10);
  assert.equal(firstWhere(0, () => true), 0);
});
