// @ts-check
// Numbers as the browser's locale writes them, and the ways in which it writes dates.

const chosen = { locale: "en" };
/** @type {Map<string, Intl.NumberFormat>} */
const numbers = new Map();
/** @type {Map<string, Intl.DateTimeFormat>} */
const dates = new Map();

/** @param {readonly string[]} tags  What the browser prefers, as `navigator.languages` has it. */
export function useLocale(tags) {
  const locale = tags.find(isValid) ?? "en";
  if (locale === chosen.locale) return; // what is made already stays: it is asked at each run
  chosen.locale = locale;
  numbers.clear();
  dates.clear();
}

/** @param {string} tag */
function isValid(tag) {
  try { return Intl.NumberFormat.supportedLocalesOf(tag).length > 0; } catch { return false; }
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 */
export function numberText(value, options = {}) {
  const key = JSON.stringify(options);
  let format = numbers.get(key);
  if (!format) numbers.set(key, format = new Intl.NumberFormat(chosen.locale, options));
  return format.format(value);
}

/**
 * How dates are written. Days here have no time zone, and months are those of the Gregorian
 * calendar, as in filters.
 *
 * @param {Intl.DateTimeFormatOptions} options
 */
export function dateFormat(options) {
  const key = JSON.stringify(options);
  let format = dates.get(key);
  if (!format) dates.set(key, format = new Intl.DateTimeFormat(chosen.locale,
    { ...options, timeZone: "UTC", calendar: "gregory" }));
  return format;
}
