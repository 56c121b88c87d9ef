import assert from "node:assert/strict";
import { test } from "node:test";

import { dayName, dayRange, isoMonth, monthName, monthNumber, monthRange, takenText }
  from "../../app/pages/frontend/dates.js";

const day = (text) => Date.parse(`${text}T00:00Z`) / 86400000;

test("a day has its name in every time zone, before 1970 too", () => {
  assert.equal(dayName(0), "1 January 1970");
  assert.equal(dayName(-1), "31 December 1969");
  assert.equal(dayName(day("2020-02-29")), "29 February 2020");
});

test("a range of days says no more than it must", () => {
  const cases = [
    ["2019-07-09", "2019-07-09", "9 July 2019"],
    ["2019-07-09", "2019-07-12", "9 – 12 July 2019"],
    ["2019-06-30", "2019-07-02", "30 June – 2 July 2019"],
    ["2018-12-31", "2019-01-01", "31 December 2018 – 1 January 2019"],
  ];
  for (const [first, last, said] of cases) {
    assert.equal(dayRange(day(first), day(last)), said);
    assert.equal(dayRange(day(last), day(first)), said); // newest first
  }
});

test("months are numbers, and are written as a field of months has them", () => {
  for (const text of ["0999-12", "1970-01", "2019-07", "2020-12"])
    assert.equal(isoMonth(monthNumber(text)), text);
  assert.equal(monthNumber("2020-01") - monthNumber("2019-12"), 1);
  assert.equal(monthName(monthNumber("2019-12")), "December 2019");
});

test("a range of months", () => {
  const range = (first, last) => monthRange(monthNumber(first), monthNumber(last));
  assert.equal(range("2019-07", "2019-07"), "July 2019");
  assert.equal(range("2019-07", "2019-09"), "July – September 2019");
  assert.equal(range("2019-09", "2019-07"), "July – September 2019");
  assert.equal(range("2019-12", "2020-01"), "December 2019 – January 2020");
});

test("the time of a photo is said to the minute", () => {
  assert.equal(takenText("2019-07-14T12:30:59"), "2019-07-14, 12:30");
});
