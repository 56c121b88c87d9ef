// @ts-check
// Days and months as numbers, and how they are said.

/** @import { IsoMonth } from "./types.d.ts" */

/** @typedef {number} Day  Days since 1970; a day has no time zone. */
/** @typedef {number} Month  Months since the year 0. */

export const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];

/** @param {Day} day */
const dateOf = (day) => new Date(day * 86400000);

/**
 * @param {Day} day
 * @returns {string}  "9 July 2019".
 */
export function dayName(day) {
  const date = dateOf(day);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/**
 * @param {Month} month
 * @returns {string}  "July 2019".
 */
export const monthName = (month) => `${MONTHS[month % 12]} ${Math.floor(month / 12)}`;

/**
 * "9 – 12 July 2019", as short as it can be said.
 *
 * @param {Day} first
 * @param {Day} last  May be the earlier one.
 */
export function dayRange(first, last) {
  const [one, two] = [Math.min(first, last), Math.max(first, last)];
  const [from, to] = [dateOf(one), dateOf(two)];
  if (one === two) return dayName(one);
  if (from.getUTCFullYear() !== to.getUTCFullYear()) return `${dayName(one)} – ${dayName(two)}`;
  if (from.getUTCMonth() !== to.getUTCMonth())
    return `${from.getUTCDate()} ${MONTHS[from.getUTCMonth()]} – ${dayName(two)}`;
  return `${from.getUTCDate()} – ${dayName(two)}`;
}

/**
 * "July – September 2019".
 *
 * @param {Month} first
 * @param {Month} last  May be the earlier one.
 */
export function monthRange(first, last) {
  const [one, two] = [Math.min(first, last), Math.max(first, last)];
  if (one === two) return monthName(one);
  const sameYear = Math.floor(one / 12) === Math.floor(two / 12);
  return `${sameYear ? MONTHS[one % 12] : monthName(one)} – ${monthName(two)}`;
}

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
 * @param {string} time  "2019-07-14T12:30:00"
 * @param {boolean} onlyDay  whether its hours mean nothing
 * @returns {string}  "2019-07-14, 12:30"
 */
export const takenText = (time, onlyDay = false) =>
  (onlyDay ? time.slice(0, 10) : time.replace("T", ", ").slice(0, 17));
