// @ts-check
// All results as columns: what the rows are made from, and the addresses of pictures.

import { NARROWEST_SHAPE, WIDEST_SHAPE, shapeOf } from "./rows.js";

export const UNKNOWN = -1; // the id of a photo of which no more is known than how it lies
export const NONE = -2; // of one that the server no longer has

const STEPS = 255; // between the narrowest shape and the widest

/**
 * All results in order, as columns.
 *
 * @typedef {object} Shapes
 * @property {number} total  So many there are; those not loaded yet have no place in the columns.
 * @property {number} length  So many can be laid out.
 * @property {Float32Array} ratios  See `shapeOf`.
 * @property {Int32Array} days  Since 1970; 0 where the results are not in order of time.
 * @property {Float64Array} ids  `UNKNOWN`: nothing but what stands above is known of it by now.
 * @property {Uint32Array} digests  The beginnings of their contents' SHA-256.
 * @property {Uint16Array} widths  Pixels, upright.
 * @property {Uint16Array} heights
 */

/** @returns {Shapes} */
export const noShapes = (total = 0, length = 0) => ({ total, length,
  ratios: new Float32Array(length), days: new Int32Array(length),
  ids: new Float64Array(length).fill(UNKNOWN), digests: new Uint32Array(length),
  widths: new Uint16Array(length), heights: new Uint16Array(length) });

/**
 * What app/gallery/shapes.py has packed as shapes.
 *
 * @param {ArrayBuffer} packed
 * @returns {Shapes}
 */
export function unpackShapes(packed) {
  const [total, length] = new Uint32Array(packed, 0, 2);
  let at = 8;
  /** @param {number} size  Bytes of an item. */
  const next = (size) => { const here = at; at += size * length; return here; };
  const ids = new Float64Array(packed, next(8), length);
  const days = new Int32Array(packed, next(4), length);
  const digests = new Uint32Array(packed, next(4), length);
  const widths = new Uint16Array(packed, next(2), length);
  const heights = new Uint16Array(packed, next(2), length);
  const ratios = Float32Array.from(widths, (width, place) => shapeOf(width, heights[place]));
  return { total, length, ratios, days, ids, digests, widths, heights };
}

/**
 * What it has packed as a layout: shapes of which no more is known than how they are laid out.
 *
 * @param {ArrayBuffer} packed
 * @returns {Shapes}
 */
export function unpackLayout(packed) {
  const [total, length, runs] = new Uint32Array(packed, 0, 3);
  const days = new Int32Array(packed, 12, runs);
  const lengths = new Uint32Array(packed, 12 + 4 * runs, runs);
  const steps = new Uint8Array(packed, 12 + 8 * runs, length);
  const shapes = noShapes(total, length);
  let at = 0;
  for (let run = 0; run < runs; run += 1) shapes.days.fill(days[run], at, at += lengths[run]);
  const wider = Math.log(WIDEST_SHAPE / NARROWEST_SHAPE) / STEPS;
  const ratios = Float32Array.from({ length: STEPS + 1 },
    (_, step) => NARROWEST_SHAPE * Math.exp(step * wider));
  for (let place = 0; place < length; place += 1) shapes.ratios[place] = ratios[steps[place]];
  return shapes;
}

/**
 * The beginning of a content's SHA-256, as it is in the addresses of its pictures.
 *
 * @param {Shapes} shapes
 * @param {number} place
 */
export const digestAt = (shapes, place) => shapes.digests[place].toString(16).padStart(8, "0");

/**
 * The pixels of a photo, upright.
 *
 * @param {Shapes} shapes
 * @param {number} place
 */
export const pixelsAt = ({ widths, heights }, place) => ({ width: widths[place], height: heights[place] });

/**
 * Both, one behind the other.
 *
 * @param {Shapes} one
 * @param {Shapes} other
 * @returns {Shapes}
 */
export function joined(one, other) {
  const both = noShapes(other.total, one.length + other.length);
  for (const [start, part] of /** @type {const} */ ([[0, one], [one.length, other]])) {
    both.ratios.set(part.ratios, start);
    both.days.set(part.days, start);
    learnPart(both, start, part);
  }
  return both;
}

/**
 * Take over all that is known of some results, but not where they lie: that stays as it is.
 *
 * @param {Shapes} shapes
 * @param {number} start  The place of the first of them.
 * @param {Shapes} part
 */
export function learnPart(shapes, start, part) {
  const count = Math.min(part.length, shapes.length - start); // fewer by now than was said
  shapes.ids.set(part.ids.subarray(0, count), start);
  shapes.digests.set(part.digests.subarray(0, count), start);
  shapes.widths.set(part.widths.subarray(0, count), start);
  shapes.heights.set(part.heights.subarray(0, count), start);
}
