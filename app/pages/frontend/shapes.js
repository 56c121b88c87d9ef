// @ts-check
// All results, twenty bytes each: what the rows are made from, and the addresses of pictures.

import { getBytes } from "./server.js";

const FIRST = 3_000; // laid out at once; the others follow
const PART = 100_000;

/**
 * All results in order, as columns.
 *
 * @typedef {object} Shapes
 * @property {number} total  So many there are; those not loaded yet have no place in the columns.
 * @property {number} length
 * @property {Float64Array} ids
 * @property {Int32Array} days  Since 1970.
 * @property {Uint32Array} digests  The beginnings of their contents' SHA-256.
 * @property {Uint16Array} widths  Pixels, upright.
 * @property {Uint16Array} heights
 */

/** @returns {Shapes} */
export const noShapes = () => ({ total: 0, length: 0, ids: new Float64Array(0),
  days: new Int32Array(0), digests: new Uint32Array(0), widths: new Uint16Array(0), heights: new Uint16Array(0) });

/**
 * What app/gallery/shapes.py has packed.
 *
 * @param {ArrayBuffer} packed
 * @returns {Shapes}
 */
export function unpackShapes(packed) {
  const [total, length] = new Uint32Array(packed, 0, 2);
  let at = 8;
  /** @param {number} size  Bytes of an item. */
  const next = (size) => { const here = at; at += size * length; return here; };
  return { total, length, ids: new Float64Array(packed, next(8), length),
    days: new Int32Array(packed, next(4), length),
    digests: new Uint32Array(packed, next(4), length),
    widths: new Uint16Array(packed, next(2), length),
    heights: new Uint16Array(packed, next(2), length) };
}

/**
 * Both, one behind the other.
 *
 * @param {Shapes} one
 * @param {Shapes} other
 * @returns {Shapes}
 */
export function joined(one, other) {
  const length = one.length + other.length;
  /**
   * @template {Float64Array | Int32Array | Uint32Array | Uint16Array} Column
   * @param {Column} column
   * @param {Column} first
   * @param {Column} second
   */
  const fill = (column, first, second) => {
    column.set(first);
    column.set(second, first.length);
    return column;
  };
  return { total: other.total, length,
    ids: fill(new Float64Array(length), one.ids, other.ids),
    days: fill(new Int32Array(length), one.days, other.days),
    digests: fill(new Uint32Array(length), one.digests, other.digests),
    widths: fill(new Uint16Array(length), one.widths, other.widths),
    heights: fill(new Uint16Array(length), one.heights, other.heights) };
}

/**
 * Load the shapes of a query's results, the first few at once and then the others.
 *
 * @param {{ q: string, sort: string, all: string }} asked
 * @param {(shapes: Shapes) => boolean} take  Called with all that are there so far, each time that
 *   there are more; false: nobody wants more.
 */
export async function loadShapes({ q, sort, all }, take) {
  let shapes = noShapes();
  let more = FIRST;
  do {
    const part = unpackShapes(await getBytes("shapes",
      { q, sort, all, start: shapes.length, count: more }));
    if (!part.length) shapes.total = shapes.length; // fewer than it was said
    else shapes = joined(shapes, part);
    more = PART;
  } while (take(shapes) && shapes.length < shapes.total);
}
