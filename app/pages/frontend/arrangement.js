// @ts-check
// How the grid's photos stand together: sections, rows, and what lies between two of them.

/** @import { Day } from "./dates.js" */

const FULL_SECTION = 12; // a day with fewer photos shares its header with the next
const FAR_DAYS = 100; // but not with one of a different season

/**
 * Photos under one header.
 *
 * @typedef {object} Section
 * @property {boolean} weak  They hardly match.
 * @property {Day} first
 * @property {Day} last
 * @property {number} count
 */

/**
 * Whether a photo goes under the header of the one before.
 *
 * @param {Section | null} section  Null: there is none before.
 * @param {Day} day
 * @param {boolean} weak
 */
export function joins(section, day, weak) {
  if (!section || section.weak !== weak) return false;
  return section.last === day
    || (section.count < FULL_SECTION && Math.abs(section.first - day) < FAR_DAYS);
}

/**
 * The tile in the row above or below whose middle is nearest; the active one where there is none.
 *
 * @param {{ top: number, left: number, width: number }[]} boxes  Of all tiles.
 * @param {number} active
 * @param {number} step  1: below, -1: above.
 */
export function besideInNextRow(boxes, active, step) {
  const here = boxes[active];
  const rows = boxes.map((box, number) => ({ box, number }))
    .filter(({ box }) => (step > 0 ? box.top > here.top + 4 : box.top < here.top - 4));
  if (!rows.length) return active;
  const tops = rows.map(({ box }) => box.top);
  const top = step > 0 ? Math.min(...tops) : Math.max(...tops);
  const middle = here.left + here.width / 2;
  /** @param {{ box: { left: number, width: number } }} row */
  const away = ({ box }) => Math.abs(box.left + box.width / 2 - middle);
  return rows.filter(({ box }) => Math.abs(box.top - top) < 4)
    .reduce((best, one) => (away(one) < away(best) ? one : best)).number;
}

/**
 * All items from one place to another, both included, whichever comes first.
 *
 * @template Item
 * @param {Item[]} items
 * @param {number} one
 * @param {number} other
 */
export function between(items, one, other) {
  return items.slice(Math.min(one, other), Math.max(one, other) + 1);
}
