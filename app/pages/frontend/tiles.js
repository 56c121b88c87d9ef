// @ts-check
// Photos as the server sends them, in few bytes, and what they mean. Nobody else reads the slots.

import { dayName } from "./dates.js";

/** @import { Level, PlaceSlots, TileSlots } from "./types.d.ts" */

/**
 * A photo of the results.
 *
 * @typedef {object} Tile
 * @property {number} id
 * @property {number} ratio  Its width, where its height is 1.
 * @property {number} day  When it was taken: days since 1970.
 * @property {Level} level  How clearly it matches.
 * @property {boolean} favourite
 * @property {number} burst  So many more of the same moment stand behind it.
 * @property {boolean} offline  Its drive or folder is not there now.
 * @property {string} digest  The beginning of its content's SHA-256.
 */

/**
 * @param {TileSlots} slots
 * @returns {Tile}
 */
export function decodeTile([id, ratio, day, level, favourite, burst, offline, digest]) {
  return { id, ratio: ratio || 1, day, level, favourite: favourite === 1, burst,
    offline: offline === 1, digest };
}

/**
 * A photo on the map.
 *
 * @typedef {object} Place
 * @property {number} id
 * @property {number} latitude  Degrees north.
 * @property {number} longitude  Degrees east.
 * @property {string} digest
 */

/**
 * @param {PlaceSlots} slots
 * @returns {Place}
 */
export function decodePlace([id, latitude, longitude, digest]) {
  return { id, latitude, longitude, digest };
}

/**
 * Its width in a row of height 1: no panorama takes a row for itself, and no tower is a thread.
 *
 * @param {Tile} tile
 */
export const shapeOf = (tile) => Math.min(3.2, Math.max(0.45, tile.ratio));

/**
 * What a screen reader says of it.
 *
 * @param {Tile} tile
 * @param {number} number  Its place among the results, from 0.
 */
export function tileLabel(tile, number) {
  const words = [`Photo ${number + 1}`, dayName(tile.day)];
  if (tile.level >= 0) words.push(`${["weak", "fair", "strong"][tile.level]} match`);
  if (tile.burst) words.push(`one of ${tile.burst + 1} of the same moment`);
  if (tile.offline) words.push("its drive is not there now");
  return words.join(", ");
}
