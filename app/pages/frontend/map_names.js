// @ts-check
// What stands beside the marks of a map: the names of places, where there is room for them.

import { t } from "./texts.js";

/** @import { Place } from "./tiles.js" */

/**
 * A rectangle, in pixels.
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Patch
 */

const MOST = 0.6; // the part of some photos that is from a place which they are called by
const LETTER = 8; // pixels of the width of a letter, rather more than less

/**
 * The place that photos are from: the town of most of them; else their region or country.
 *
 * @param {Place[]} places
 * @returns {{ name: string, full: string, all: boolean }}  `name` is empty if there is none; `full`
 *   has the country too; `all`: none of the photos is from elsewhere.
 */
export function placeOf(places) {
  // Many photos have the same name: each name is taken apart once.
  const named = [...counted(places.map(({ name }) => [name, 1]))]
    .map(([name, count]) => ({ parts: name.split(", "), count }));
  for (const level of [townOf, regionOf, countryOf]) {
    const counts = counted(named.map(({ parts, count }) => [level(parts), count]));
    counts.delete("");
    const [full, count] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one),
      ["", 0]);
    if (count > places.length * MOST || (count && count === places.length))
      return { name: full.split(", ")[0], full, all: count === places.length };
  }
  return { name: "", full: "", all: false };
}

/**
 * How often each text is there.
 *
 * @param {[string, number][]} texts  Each with how often.
 */
function counted(texts) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [text, count] of texts) counts.set(text, (counts.get(text) ?? 0) + count);
  return counts;
}

/** @param {string[]} parts */
const townOf = (parts) => [...new Set([parts[0], parts[parts.length - 1]])].join(", ");

/** @param {string[]} parts */
const regionOf = (parts) => (parts.length > 2 ? parts.slice(-2).join(", ") : "");

/** @param {string[]} parts */
const countryOf = (parts) => parts[parts.length - 1];

/**
 * What a mark is called for those who can't see it.
 *
 * @param {{ full: string, all: boolean }} place  See `placeOf`.
 * @param {number} count  Of its photos.
 * @param {number} latitude
 * @param {number} longitude
 */
export function markLabel({ full: place, all }, count, latitude, longitude) {
  if (place) return t(all ? "map.in" : "map.mostly", { count, place });
  return t("map.near", { count, latitude: latitude.toFixed(2), longitude: longitude.toFixed(2) });
}

/**
 * The patch that a line of text takes.
 *
 * @param {string} text
 * @param {number} x  Its middle.
 * @param {number} y  Where its letters stand.
 * @param {number} size  In pixels.
 * @returns {Patch}
 */
export function textPatch(text, x, y, size = 13) {
  const half = (text.length * LETTER * size) / 26 + 3;
  return { left: x - half, right: x + half, top: y - size, bottom: y + size / 3 };
}

/**
 * The middle of a text that should be in the middle of something, and has to be between two edges.
 *
 * @param {string} text
 * @param {number} x
 * @param {number[]} edges  The left and the right one.
 * @param {number} size  In pixels.
 */
export function inside(text, x, [left, right], size = 13) {
  const patch = textPatch(text, x, 0, size);
  return x + Math.max(0, left - patch.left) + Math.min(0, right - patch.right);
}

/**
 * Which names are written: each once, where it covers nothing.
 *
 * @param {{ name: string, patch: Patch }[]} wanted  The most important first; empty names are not.
 * @param {Patch[]} taken  What is written takes its place here.
 * @param {Set<string>} said  What is written is named here.
 * @returns {boolean[]}
 */
export function written(wanted, taken, said) {
  return wanted.map(({ name, patch }) => {
    const room = name && !said.has(name) && taken.every((other) => patch.right < other.left
      || other.right < patch.left || patch.bottom < other.top || other.bottom < patch.top);
    if (!room) return false;
    taken.push(patch);
    said.add(name);
    return true;
  });
}
