// @ts-check
// Where the months of the results lie along the scrubber.

import { firstWhere } from "./arrangement.js";

/** @import { Arrangement } from "./arrangement.js" */
/** @import { Month } from "./dates.js" */

/**
 * Where a month begins.
 *
 * @typedef {object} Mark
 * @property {Month} month
 * @property {number} place  Of its first photo.
 * @property {number} top  Of that photo's row in the grid, in pixels.
 */

/**
 * The months in the order of the results. Weak matches begin anew after the clear ones.
 *
 * @param {ArrayLike<number>} days  Since 1970, of the photos in order of time.
 * @param {Arrangement} arrangement
 * @returns {Mark[]}
 */
export function marksOf(days, arrangement) {
  /** @type {Mark[]} */
  const marks = [];
  let before = NaN;
  let month = -1;
  let row = 0;
  for (let place = 0; place < arrangement.length; place += 1) {
    if (days[place] === before) continue;
    before = days[place];
    const date = new Date(before * 86400000);
    const here = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (here === month) continue;
    month = here;
    while (arrangement.rowEnd[row] <= place) row += 1;
    marks.push({ month, place, top: arrangement.rowTop[row] });
  }
  return marks;
}

/**
 * The month at a height of the grid: the last one that begins there or above.
 *
 * @param {Mark[]} marks  At least one.
 * @param {number} top
 */
export const markAt = (marks, top) =>
  Math.max(0, firstWhere(marks.length, (mark) => marks[mark].top > top + 1) - 1);

/**
 * The years that are written along the scrubber, none so near to another that they overlap.
 *
 * @param {Mark[]} marks
 * @param {number} whole  The height of the grid.
 * @param {number} track  That of the scrubber.
 * @param {number} least  Between two years, in pixels.
 * @returns {{ year: number, y: number }[]}
 */
export function yearLabels(marks, whole, track, least) {
  /** @type {{ year: number, y: number }[]} */
  const labels = [];
  let before = NaN;
  for (const { month, top } of marks) {
    const year = Math.floor(month / 12);
    if (year === before) continue;
    before = year;
    const y = (top / whole) * track;
    const last = labels.at(-1);
    if (y <= track - least && (!last || y - last.y >= least)) labels.push({ year, y });
  }
  return labels;
}

/**
 * Where on the scrubber the months begin, each as a dot, as far as they do not touch.
 *
 * @param {Mark[]} marks
 * @param {number} whole
 * @param {number} track
 * @param {number} least
 * @returns {number[]}
 */
export function monthDots(marks, whole, track, least) {
  /** @type {number[]} */
  const dots = [];
  for (const { top } of marks) {
    const y = (top / whole) * track;
    if (!dots.length || y - dots[dots.length - 1] >= least) dots.push(y);
  }
  return dots;
}
