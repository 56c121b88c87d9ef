import assert from "node:assert/strict";
import { test } from "node:test";

import { isoMonth } from "../../app/pages/frontend/dates.js";
import { barAt, barsOf, isChosen } from "../../app/pages/frontend/histogram.js";

const said = ({ first, last, count }) => [isoMonth(first), isoMonth(last), count];

test("a bar for each month, also where there is no photo", () => {
  assert.deepEqual(barsOf([["2019-11", 3], ["2020-01", 2]]).map(said),
    [["2019-11", "2019-11", 3], ["2019-12", "2019-12", 0], ["2020-01", "2020-01", 2]]);
});

test("several months in a bar where there would be too many", () => {
  const bars = barsOf([["2019-01", 1], ["2019-02", 2], ["2019-05", 4]], 3).map(said);
  assert.deepEqual(bars,
    [["2019-01", "2019-02", 3], ["2019-03", "2019-04", 0], ["2019-05", "2019-05", 4]]);
});

test("no photo is lost in fifty years", () => {
  const months = Array.from({ length: 50 }, (_, n) => [`${1970 + n}-07`, n + 1]);
  const bars = barsOf(months);
  assert.ok(bars.length <= 60);
  assert.equal(bars.reduce((sum, bar) => sum + bar.count, 0), 1275);
  assert.equal(isoMonth(bars.at(-1).last), "2019-07");
});

test("the bars within the time that was asked for", () => {
  const chosen = (dates) => barsOf([["2019-01", 1], ["2019-04", 1]])
    .map((bar) => isChosen(bar, dates));
  assert.deepEqual(chosen({ from: null, until: null }), [true, true, true, true]);
  assert.deepEqual(chosen({ from: "2019-02", until: "2019-03" }), [false, true, true, false]);
  assert.deepEqual(chosen({ from: "2019-04", until: null }), [false, false, false, true]);
  assert.deepEqual(chosen({ from: null, until: "2018-12" }), [false, false, false, false]);
});

test("the bar under the mouse", () => {
  assert.equal(barAt(0, 10), 0);
  assert.equal(barAt(0.55, 10), 5);
  assert.equal(barAt(1, 10), 9);
  assert.equal(barAt(-3, 10), 0);
});
