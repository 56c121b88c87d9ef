// @ts-check
// Days and months as numbers, and how the browser's locale says them.

import { dateFormat } from "./locale.js";

/** @import { IsoMonth } from "./types.d.ts" */

/** @typedef {number} Day  Days since 1970; a day has no time zone. */
/** @typedef {number} Month  Months since the year 0. */

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: "numeric", month: "long", year: "numeric" };
/** @type {Intl.DateTimeFormatOptions} */
const MONTH = { month: "long", year: "numeric" };

/** @param {Day} day */
const dateOf = (day) => new Date(day * 86400000);

/** @param {Month} month */
function firstOf(month) {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1); // years below 100 too
  return date;
}

/**
 * @param {Day} day
 * @returns {string}  "9 July 2019", "July 9, 2019".
 */
export const dayName = (day) => dateFormat(DAY).format(dateOf(day));

/**
 * @param {Month} month
 * @returns {string}  "July 2019".
 */
export const monthName = (month) => dateFormat(MONTH).format(firstOf(month));

/**
 * "9–12 July 2019", as short as it can be said.
 *
 * @param {Day} one
 * @param {Day} other  May be the earlier one.
 */
export const dayRange = (one, other) =>
  dateFormat(DAY).formatRange(dateOf(Math.min(one, other)), dateOf(Math.max(one, other)));

/**
 * "July – September 2019".
 *
 * @param {Month} one
 * @param {Month} other  May be the earlier one.
 */
export const monthRange = (one, other) =>
  dateFormat(MONTH).formatRange(firstOf(Math.min(one, other)), firstOf(Math.max(one, other)));

/**
 * @param {IsoMonth} text
 * @returns {Month}
 */
export const monthNumber = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;

/**
 * @param {Month} month
 * @returns {IsoMonth}
 */
export const isoMonth = (month) => `${String(Math.floor(month / 12)).padStart(4, "0")}-${
  String((month % 12) + 1).padStart(2, "0")}`;

/**
 * @param {string} time  "2019-07-14T12:30:00", wherever that was
 * @param {boolean} onlyDay  whether its hours mean nothing
 * @returns {string}  "14 July 2019 at 12:30"
 */
export const takenText = (time, onlyDay = false) => dateFormat(onlyDay ? { dateStyle: "long" }
  : { dateStyle: "long", timeStyle: "short" }).format(new Date(`${time}Z`));
