// @ts-check
// How the grid's photos stand together: sections, rows, and what lies where.

import { rowsOf } from "./rows.js";

/** @import { Day } from "./dates.js" */
/** @import { Shapes } from "./shapes.js" */

const FULL_SECTION = 12; // a day with fewer photos shares its header with the next
const FAR_DAYS = 100; // but not with one of a different season

/**
 * Photos under one header.
 *
 * @typedef {object} Section
 * @property {boolean} weak  They hardly match.
 * @property {Day} first
 * @property {Day} last
 * @property {number} start  The places of its photos: from here
 * @property {number} end  to before here.
 * @property {boolean} line  Whether the line that parts weak matches from clear ones is above it.
 * @property {number} top  In pixels, from the top of the grid; the line included.
 * @property {number} rowsTop  Where its first row begins.
 * @property {number} height
 * @property {number} firstRow
 * @property {number} endRow
 */

/**
 * @typedef {object} Wanted
 * @property {number} width  Of the grid, in pixels.
 * @property {number} height  Of a row.
 * @property {number} gap  Between photos.
 * @property {number} head  The height of a header; 0: there are none.
 * @property {number} line  The height of the line above weak matches.
 * @property {number} space  Below a section.
 * @property {boolean} byDate  Whether days have headers.
 * @property {number} clear  So many of the photos match clearly.
 */

/** @type {(keyof Section)[]}  What two sections have in common that are drawn alike. */
const SAME = ["weak", "line", "first", "last", "start", "end", "top", "rowsTop", "height"];

/** @typedef {{ left: number, top: number, width: number, height: number }} Box  In pixels. */

/**
 * Whether a photo goes under the header of the one before.
 *
 * @param {Pick<Section, "weak" | "first" | "last" | "start" | "end"> | null} section
 * @param {Day} day
 * @param {boolean} weak
 */
export function joins(section, day, weak) {
  if (!section || section.weak !== weak) return false;
  return section.last === day
    || (section.end - section.start < FULL_SECTION && Math.abs(section.first - day) < FAR_DAYS);
}

/** Where each photo lies. Made anew when the width, the photos or their size change. */
export class Arrangement {
  /**
   * @param {Shapes} shapes
   * @param {Wanted} wanted
   */
  constructor(shapes, wanted) {
    const { length } = shapes;
    this.wanted = wanted;
    this.length = length;
    this.shape = shapes.ratios;
    this.sections = sectionsOf(shapes, wanted);
    /** @type {number[]} */
    this.rowEnd = [];
    /** @type {number[]} */
    this.rowTop = [];
    /** @type {number[]} */
    this.rowHeight = [];
    this.height = this.lay();
  }

  lay() {
    const { wanted } = this;
    let top = 0;
    for (const section of this.sections) {
      section.top = top;
      top += (section.line ? wanted.line : 0) + wanted.head;
      section.rowsTop = top;
      section.firstRow = this.rowEnd.length;
      for (const { end, height } of rowsOf(this.shape, section.start, section.end, wanted)) {
        this.rowEnd.push(end);
        this.rowTop.push(top);
        this.rowHeight.push(height);
        top += height + wanted.gap;
      }
      section.endRow = this.rowEnd.length;
      top += wanted.space;
      section.height = top - section.top;
    }
    return top;
  }

  /** @param {number} row */
  rowStart(row) { return row ? this.rowEnd[row - 1] : 0; }

  /**
   * The row that a photo is in.
   *
   * @param {number} place
   */
  rowOf(place) { return firstWhere(this.rowEnd.length, (row) => this.rowEnd[row] > place); }

  /**
   * The rows that are seen between two heights: from the first one to before the second.
   *
   * @param {number} top
   * @param {number} bottom
   * @returns {[number, number]}
   */
  rowsBetween(top, bottom) {
    const rows = this.rowEnd.length;
    return [firstWhere(rows, (row) => this.rowTop[row] + this.rowHeight[row] > top),
      firstWhere(rows, (row) => this.rowTop[row] >= bottom)];
  }

  /** @param {number} place */
  sectionOf(place) {
    return this.sections[firstWhere(this.sections.length,
      (section) => this.sections[section].end > place)];
  }

  /**
   * Whether photos lie under one header just as they do in another arrangement.
   *
   * @param {Arrangement} other
   * @param {number} start  The place of the first of them there.
   */
  hasAlike(other, start) {
    const [one, there] = [this.sectionOf(start), other.sectionOf(start)];
    if (!one || !there || this.wanted.width !== other.wanted.width) return false;
    if (SAME.some((key) => one[key] !== there[key])) return false;
    for (let row = 0; row < one.endRow - one.firstRow; row += 1)
      if (this.rowEnd[one.firstRow + row] !== other.rowEnd[there.firstRow + row]) return false;
    return true;
  }

  /**
   * The boxes of the photos of a row, in order.
   *
   * @param {number} row
   * @returns {Box[]}
   */
  boxesOf(row) {
    const [top, height] = [this.rowTop[row], this.rowHeight[row]];
    const boxes = [];
    let left = 0;
    for (let place = this.rowStart(row); place < this.rowEnd[row]; place += 1) {
      const width = this.shape[place] * height;
      boxes.push({ left, top, width, height });
      left += width + this.wanted.gap;
    }
    return boxes;
  }

  /**
   * @param {number} place
   * @returns {Box}
   */
  boxOf(place) {
    const row = this.rowOf(place);
    return this.boxesOf(row)[place - this.rowStart(row)];
  }

  /**
   * The photo in the row above or below whose middle is nearest; the same where there is none.
   *
   * @param {number} place
   * @param {number} step  1: below, -1: above.
   */
  beside(place, step) {
    const row = this.rowOf(place);
    const other = row + step;
    if (other < 0 || other >= this.rowEnd.length) return place;
    const here = this.boxOf(place);
    return this.nearest(other, here.left + here.width / 2);
  }

  /**
   * The photo of a row whose middle is nearest to a point across.
   *
   * @param {number} row
   * @param {number} across
   */
  nearest(row, across) {
    const away = this.boxesOf(row).map(({ left, width }) => Math.abs(left + width / 2 - across));
    return this.rowStart(row) + away.indexOf(Math.min(...away));
  }

  /**
   * The photo at a point, or the one nearest to it.
   *
   * @param {number} across
   * @param {number} down
   */
  placeAt(across, down) {
    const [row] = this.rowsBetween(down, down);
    return this.nearest(Math.min(row, this.rowEnd.length - 1), across);
  }
}

/**
 * By day, or just clear and weak matches.
 *
 * @param {Shapes} shapes
 * @param {Wanted} wanted
 * @returns {Section[]}
 */
function sectionsOf({ days, length }, { byDate, clear }) {
  /** @type {Section[]} */
  const sections = [];
  for (let place = 0; place < length; place += 1) {
    const weak = place >= clear;
    const day = byDate ? days[place] : 0;
    const before = sections.at(-1) ?? null;
    if (before && joins(before, day, weak)) {
      before.last = day;
      before.end = place + 1;
      continue;
    }
    sections.push({ weak, first: day, last: day, start: place, end: place + 1,
      line: weak && !before?.weak, top: 0, rowsTop: 0, height: 0, firstRow: 0, endRow: 0 });
  }
  return sections;
}

/**
 * The first number from 0 to `count` for which something holds that holds for all behind it.
 *
 * @param {number} count
 * @param {(number: number) => boolean} holds
 */
export function firstWhere(count, holds) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
