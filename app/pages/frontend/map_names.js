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
 * @param {Map<string, string>} countries  What countries are called, by their English names.
 * @returns {{ name: string, full: string, all: boolean }}  `name` is empty if there is none; `full`
 *   has the country too; `all`: none of the photos is from elsewhere.
 */
export function placeOf(places, countries = new Map()) {
  for (const level of [townOf, regionOf, countryOf]) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { name } of places) {
      const parts = name.split(", ");
      const country = parts.pop() ?? "";
      const one = level([...parts, countries.get(country) ?? country]);
      if (one) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    const [full, count] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one),
      ["", 0]);
    if (count > places.length * MOST || (count && count === places.length))
      return { name: full.split(", ")[0], full, all: count === places.length };
  }
  return { name: "", full: "", all: false };
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
 * @param {Place[]} places  Of its photos.
 * @param {number} latitude
 * @param {number} longitude
 * @param {Map<string, string>} countries  See `placeOf`.
 */
export function markLabel(places, latitude, longitude, countries = new Map()) {
  const { full: place, all } = placeOf(places, countries);
  const count = places.length;
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
