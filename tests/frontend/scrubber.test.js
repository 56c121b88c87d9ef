import assert from "node:assert/strict";
import { test } from "node:test";

import { Arrangement } from "../../app/pages/frontend/arrangement.js";
import { isoMonth } from "../../app/pages/frontend/dates.js";
import { markAt, marksOf, monthDots, yearLabels } from "../../app/pages/frontend/scrubber_marks.js";

const day = (text) => Date.parse(`${text}T00:00Z`) / 86400000;
const WANTED = { width: 1000, height: 200, gap: 4, head: 40, line: 50, space: 10, byDate: true,
  clear: Infinity };

function arranged(months) {
  const days = months.flatMap(([text, count]) => Array.from({ length: count }, () => day(text)));
  const { length } = days;
  const shapes = { total: length, length, days: Int32Array.from(days),
    ratios: new Float32Array(length).fill(1.5) };
  return { days, arrangement: new Arrangement(shapes, WANTED) };
}

test("each month of the results has a mark, where its first photo is", () => {
  const { days, arrangement } = arranged([["2020-03-31", 20], ["2020-03-01", 20], ["2019-12-05", 30]]);
  const marks = marksOf(days, arrangement);
  assert.deepEqual(marks.map(({ month, place }) => [isoMonth(month), place]),
    [["2020-03", 0], ["2019-12", 40]]);
  assert.deepEqual(marks.map(({ top }) => top), [0, 40].map((place) => arrangement.boxOf(place).top));
});

test("a month before 1970 is one too", () => {
  const { days, arrangement } = arranged([["1969-12-31", 3], ["1901-01-01", 3]]);
  assert.deepEqual(marksOf(days, arrangement).map(({ month }) => isoMonth(month)),
    ["1969-12", "1901-01"]);
});

const marks = [[2020 * 12 + 2, 0], [2019 * 12 + 11, 500], [2019 * 12, 520], [2018 * 12, 900],
  [2010 * 12, 5000]].map(([month, top], place) => ({ month, place, top }));

test("the month at a height is the last that has begun", () => {
  assert.deepEqual([-50, 0, 498, 500, 510, 4990, 9000].map((top) => markAt(marks, top)),
    [0, 0, 0, 1, 1, 3, 4]);
});

test("years are written where they begin, as far as there is room", () => {
  assert.deepEqual(yearLabels(marks, 10_000, 1000, 20),
    [{ year: 2020, y: 0 }, { year: 2019, y: 50 }, { year: 2018, y: 90 }, { year: 2010, y: 500 }]);
  assert.deepEqual(yearLabels(marks, 10_000, 1000, 60).map(({ year }) => year), [2020, 2018, 2010]);
});

test("months are dots that do not touch", () => {
  assert.deepEqual(monthDots(marks, 10_000, 1000, 6), [0, 50, 90, 500]);
});
