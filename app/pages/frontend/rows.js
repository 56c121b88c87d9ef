// @ts-check
// Justified rows: where photos in one order break into rows that fill the width evenly.

const LOWEST = 0.62; // of the height that is wanted; photos in a lower row would be too small
const HIGHEST = 1.5;
const RAGGED = 1.2; // the cost of a last row that does not fill the width
export const NARROWEST_SHAPE = 0.45;
export const WIDEST_SHAPE = 3.2;

/**
 * The width of a photo in a row of height 1: no panorama takes a row for itself, and no tower is a
 * thread. What sticks out is cut off.
 *
 * @param {number} width  In pixels.
 * @param {number} height
 */
export const shapeOf = (width, height) =>
  Math.min(WIDEST_SHAPE, Math.max(NARROWEST_SHAPE, width / height || 1));

/**
 * @typedef {object} Row
 * @property {number} end  The place behind its last photo.
 * @property {number} height  In pixels.
 */

/**
 * The rows of the photos from `start` to `end`: those whose heights are together the nearest to the
 * wanted one, the last row too, which fills the width wherever it can. (As Knuth and Plass break
 * paragraphs, 1981: of all ways to break, the one that costs least, found in one pass.)
 *
 * @param {ArrayLike<number>} shapes  See `shapeOf`.
 * @param {number} start
 * @param {number} end
 * @param {{ width: number, height: number, gap: number }} wanted  In pixels.
 * @returns {Row[]}
 */
export function rowsOf(shapes, start, end, { width, height, gap }) {
  const count = end - start;
  const costs = new Float64Array(count + 1).fill(Infinity); // of the best way to here
  const from = new Int32Array(count + 1); // where the last row of that way begins
  costs[0] = 0;
  for (let first = 0; first < count; first += 1) {
    let sum = 0;
    for (let last = first; last < count; last += 1) {
      sum += shapes[start + last];
      const share = (width - gap * (last - first)) / sum / height;
      if (share < LOWEST && last > first) break;
      const cost = costs[first] + costOf(share, last + 1 === count);
      if (cost < costs[last + 1]) {
        costs[last + 1] = cost;
        from[last + 1] = first;
      }
    }
  }
  /** @type {Row[]} */
  const rows = [];
  for (let last = count; last > 0; last = from[last]) {
    let sum = 0;
    for (let place = from[last]; place < last; place += 1) sum += shapes[start + place];
    const full = (width - gap * (last - from[last] - 1)) / sum;
    rows.push({ end: start + last, height: full > HIGHEST * height ? height : full });
  }
  return rows.reverse();
}

/**
 * @param {number} share  The height of a row that fills the width, of the wanted one.
 * @param {boolean} isLast
 */
function costOf(share, isLast) {
  if (share > HIGHEST) return isLast ? RAGGED : RAGGED * 4 + share;
  return Math.log(share) ** 2;
}
