import assert from "node:assert/strict";
import { test } from "node:test";

import { dayName, dayRange, isoMonth, monthName, monthNumber, monthRange, takenText }
  from "../../app/pages/frontend/dates.js";
import { useLocale } from "../../app/pages/frontend/locale.js";
import "./english.js";

/** @param {string} text  In which locales put spaces of several widths. */
const plain = (text) => text.replace(/[\u2009\u202f\u00a0]/g, " ");

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
    assert.equal(plain(dayRange(day(first), day(last))), said);
    assert.equal(plain(dayRange(day(last), day(first))), said); // newest first
  }
});

test("months are numbers, and are written as a field of months has them", () => {
  for (const text of ["0999-12", "1970-01", "2019-07", "2020-12"])
    assert.equal(isoMonth(monthNumber(text)), text);
  assert.equal(monthNumber("2020-01") - monthNumber("2019-12"), 1);
  assert.equal(monthName(monthNumber("2019-12")), "December 2019");
});

test("a range of months", () => {
  const range = (first, last) => plain(monthRange(monthNumber(first), monthNumber(last)));
  assert.equal(range("2019-07", "2019-07"), "July 2019");
  assert.equal(range("2019-07", "2019-09"), "July – September 2019");
  assert.equal(range("2019-09", "2019-07"), "July – September 2019");
  assert.equal(range("2019-12", "2020-01"), "December 2019 – January 2020");
});

test("the time of a photo is said to the minute", () => {
  assert.equal(takenText("2019-07-14T12:30:59"), "14 July 2019 at 12:30");
  assert.equal(takenText("2019-07-14T12:30:59", true), "14 July 2019");
});

test("dates are those of the locale, whatever the language of the texts is", () => {
  const said = { "en-US": ["July 9, 2019", "July 9 – 12, 2019", "July 14, 2019 at 12:30 PM"],
    "de": ["9. Juli 2019", "9.–12. Juli 2019", "14. Juli 2019 um 12:30"],
    "fr-CA": ["9 juillet 2019", "9–12 juillet 2019", "14 juillet 2019 à 12 h 30"] };
  for (const [locale, texts] of Object.entries(said)) {
    useLocale([locale]);
    assert.deepEqual([dayName(day("2019-07-09")), dayRange(day("2019-07-09"), day("2019-07-12")),
      takenText("2019-07-14T12:30:59")].map(plain), texts);
  }
  useLocale(["not a locale", "de"]);
  assert.equal(monthName(monthNumber("2019-03")), "März 2019");
  useLocale([]);
  assert.equal(dayName(0), "January 1, 1970");
  useLocale(["th-TH"]); // months are those that a filter takes, not those of the Buddhist era
  assert.match(dayName(day("2019-07-09")), /2019/);
  useLocale(["en-GB"]);
});

test("a year before the first hundred is not one of the last century", () => {
  assert.equal(monthName(monthNumber("0019-07")), "July 19");
});
