// @ts-check
// Photos as the server sends them, in few bytes, and what they mean. Nobody else reads the slots.

import { dayName } from "./dates.js";
import { clock } from "./text.js";
import { t } from "./texts.js";

/** @import { TextKey } from "./texts.js" */
/** @import { Level, PlaceSlots, TileSlots } from "./types.d.ts" */

/** @type {TextKey[]}  By the level of a match. */
const LEVELS = ["tile.weak", "tile.fair", "tile.strong"];

/**
 * A photo of the results.
 *
 * @typedef {object} Tile
 * @property {number} id
 * @property {number} day  When it was taken: days since 1970.
 * @property {Level} level  How clearly it matches.
 * @property {boolean} favourite
 * @property {number} burst  So many more of the same moment stand behind it.
 * @property {boolean} offline  Its drive or folder is not there now.
 * @property {string} digest  The beginning of its content's SHA-256.
 * @property {string} shows  What it surely shows; may be empty.
 * @property {string} blur  See `blurAddress`.
 * @property {number} seconds  How long it is, if it is a video; -1 for a photo.
 * @property {number} moment  Where a video fits best, in milliseconds; -1 for none.
 */

/**
 * @param {TileSlots} slots
 * @returns {Tile}
 */
export function decodeTile(
  [id, , day, level, favourite, burst, offline, digest, shows, blur, seconds, moment],
) {
  return { id, day, level, favourite: favourite === 1, burst, offline: offline === 1, digest,
    shows, blur, seconds, moment };
}

/**
 * A photo on the map.
 *
 * @typedef {object} Place
 * @property {number} id
 * @property {number} latitude  Degrees north.
 * @property {number} longitude  Degrees east.
 * @property {string} digest
 * @property {string} name  Of its place: "Town, region, country"; may be empty.
 */

/**
 * @param {PlaceSlots} slots
 * @param {string[]} names  Of places.
 * @returns {Place}
 */
export function decodePlace([id, latitude, longitude, digest, place], names) {
  return { id, latitude, longitude, digest, name: names[place] ?? "" };
}

// The header of a bitmap of 4 x 4 pixels of 24 bits; base64 of 54 bytes, so that what follows fits.
const BITMAP = "Qk1mAAAAAAAAADYAAAAoAAAABAAAAAQAAAABABgAAAAAADAAAAATCwAAEwsAAAAAAAAAAAAA";

/**
 * The address of the picture of sixteen colours that stands for a photo until it has come.
 *
 * @param {string} blur  Base64, as indexer/pictures/thumbnails.py has made it; not empty.
 */
export const blurAddress = (blur) => `data:image/bmp;base64,${BITMAP}${blur}`;

/**
 * What a screen reader says of it: what it shows, and when it was taken.
 *
 * @param {Tile} tile
 */
export function tileLabel(tile) {
  const words = [tile.shows ? tile.shows[0].toUpperCase() + tile.shows.slice(1) : t("tile.photo"),
    dayName(tile.day)];
  if (tile.seconds >= 0) words.push(t("tile.video", { length: clock(tile.seconds) }));
  const level = LEVELS[tile.level];
  if (level) words.push(t(level));
  if (tile.favourite) words.push(t("tile.favourite"));
  if (tile.burst) words.push(t("tile.burst", { count: tile.burst + 1 }));
  if (tile.offline) words.push(t("tile.offline"));
  return words.join(", ");
}
