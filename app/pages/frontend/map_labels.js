// @ts-check
// The names of countries and large cities on the map, so that one knows where one is.

import { svg } from "./dom.js";
import { textPatch, written } from "./map_names.js";
import { dataOnce } from "./server.js";

/** @import { MapBox } from "./map.js" */
/** @import { Patch } from "./map_names.js" */
/** @import { MapNames } from "./types.d.ts" */

/**
 * @typedef {{ kind: "country" | "city", name: string, x: number, y: number }} Label
 */

const SIZES = { country: 12, city: 11 }; // pixels
const CLOSE = 3; // degrees across, below which names of countries say nothing
// Thousands of people that a place has at least to be named, for each degree across.
const PEOPLE = { country: 90, city: 25 };

/** The names, which are fetched once, and only where there is a map. */
export const mapNames = dataOnce("map_names.json", (/** @type {MapNames} */ names) => names);

/**
 * What is large enough to be named at a scale, and in view: countries first, then cities, the largest
 * first.
 *
 * @param {MapNames} all
 * @param {MapBox} box
 * @param {(code: string) => string | undefined} called  The name of a country, by its code.
 * @returns {Label[]}
 */
export function labelsIn({ countries, cities }, { x, y, width, height }, called) {
  /** @type {Label[]} */
  const labels = [];
  if (width > CLOSE) {
    for (const [code, name, latitude, longitude, people] of countries)
      if (people >= PEOPLE.country * width)
        labels.push({ kind: "country", name: called(code) ?? name, x: longitude, y: -latitude });
  }
  for (const [name, latitude, longitude, people] of cities)
    if (people >= PEOPLE.city * width) labels.push({ kind: "city", name, x: longitude, y: -latitude });
  return labels.filter((one) => Math.abs(one.x - x) < width / 2 && Math.abs(one.y - y) < height / 2);
}

/**
 * The labels for which there is room, as they are drawn.
 *
 * @param {Label[]} labels  The most important first.
 * @param {MapBox} box  What is in view, which no name leaves.
 * @param {number} unit  Degrees of a pixel.
 * @param {Patch[]} taken  By the marks and their names.
 * @param {Set<string>} said  These names.
 */
export function drawnLabels(labels, { x: middle, width }, unit, taken, said) {
  const [left, right] = [(middle - width / 2) / unit, (middle + width / 2) / unit];
  const wanted = labels.map(({ kind, name, x, y }) => {
    const patch = textPatch(name, x / unit, y / unit - (kind === "city" ? 5 : 0), SIZES[kind]);
    return { name: patch.left >= left && patch.right <= right ? name : "", patch };
  });
  const room = written(wanted, taken, said);
  return labels.filter((_, place) => room[place]).map(({ kind, name, x, y }) =>
    svg("g", { class: kind, transform: `translate(${x} ${y}) scale(${unit})` },
      ...(kind === "city" ? [svg("circle", { r: 1.8 })] : []),
      svg("text", { y: kind === "city" ? -5 : 0, "text-anchor": "middle" }, name)));
}

/**
 * What a language calls countries.
 *
 * @param {string} language
 * @returns {(code: string) => string | undefined}
 */
export function countryNames(language) {
  try {
    const known = new Intl.DisplayNames([language, "en"], { type: "region", fallback: "none" });
    return (code) => known.of(code);
  } catch { return () => undefined; } // a language that is none
}
