// @ts-check
// Maps without any server: what they show, in degrees, and the outline of the land.

import { h, svg } from "./dom.js";
import { get } from "./server.js";
import { t } from "./texts.js";

/** @import { Place } from "./tiles.js" */

/**
 * What a map shows: `x` is the longitude of its middle, `y` the negative latitude (as in a drawing,
 * it grows downwards), `width` in degrees; it is half as high as wide.
 *
 * @typedef {{ x: number, y: number, width: number }} MapBox
 */

const WIDEST = 360;
const NARROWEST = 0.02;
const CELLS = 14; // on the way across the map; the photos in one of them are one mark
const CELL = 64; // pixels that one has at least, so that marks hardly cover each other
const DEGREE_KM = 111.2;

/**
 * All of the places, with some space around.
 *
 * @param {Place[]} places  At least one.
 * @returns {MapBox}
 */
export function boxAround(places) {
  const longitudes = places.map((place) => place.longitude);
  const latitudes = places.map((place) => place.latitude);
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  return { x: (west + east) / 2, y: -(south + north) / 2,
    width: Math.min(WIDEST, Math.max(12, (east - west) * 1.3, (north - south) * 2.6)) };
}

/**
 * The point of the map at a share of its width and height.
 *
 * @param {MapBox} box
 * @param {number} across  0 to 1, from the left.
 * @param {number} down  0 to 1, from the top.
 */
export function pointAt({ x, y, width }, across, down) {
  return { x: x + (across - 0.5) * width, y: y + (down - 0.5) * (width / 2) };
}

/**
 * A part of the map, or more of it; what is at a point stays where it is.
 *
 * @param {MapBox} box
 * @param {number} factor  Below 1: nearer.
 * @param {{ x: number, y: number }} at
 * @returns {MapBox}
 */
export function scaledBox(box, factor, at) {
  const width = Math.min(WIDEST, Math.max(NARROWEST, box.width * factor));
  const real = width / box.width;
  return { x: at.x + (box.x - at.x) * real, y: at.y + (box.y - at.y) * real, width };
}

/**
 * How many marks stand side by side at most.
 *
 * @param {number} pixels  The width of the map; 0: not known yet.
 */
export const cellsAcross = (pixels) =>
  (pixels ? Math.max(3, Math.min(CELLS, Math.floor(pixels / CELL))) : CELLS);

/**
 * Photos that lie near each other, as one mark in the middle of them.
 *
 * @param {Place[]} places
 * @param {number} width  Of the map, in degrees.
 * @param {number} across  See `cellsAcross`.
 * @returns {{ members: Place[], x: number, y: number }[]}
 */
export function clustersOf(places, width, across = CELLS) {
  const cell = width / across;
  /** @type {Map<string, Place[]>} */
  const cells = new Map();
  for (const place of places) {
    const key = `${Math.floor(place.longitude / cell)},${Math.floor(place.latitude / cell)}`;
    const members = cells.get(key);
    if (members) members.push(place);
    else cells.set(key, [place]);
  }
  return [...cells.values()].map((members) => ({ members,
    x: members.reduce((sum, place) => sum + place.longitude, 0) / members.length,
    y: members.reduce((sum, place) => sum - place.latitude, 0) / members.length }));
}

/**
 * The whole kilometres from a point that take in all of the places.
 *
 * @param {Place[]} places
 * @param {number} x
 * @param {number} y
 */
export function radiusKm(places, x, y) {
  const away = places.map(({ latitude, longitude }) => Math.hypot((latitude + y) * DEGREE_KM,
    (longitude - x) * DEGREE_KM * Math.cos((y * Math.PI) / 180)));
  return Math.max(1, Math.ceil(Math.max(...away) * 1.05));
}

/**
 * @param {number[][]} rings  Longitude, latitude, ... of each piece of land.
 * @returns {string}  As the "d" of an SVG path.
 */
export function pathOf(rings) {
  return rings.map((ring) => {
    let path = "";
    for (let n = 0; n < ring.length; n += 2) path += `${n ? "L" : "M"}${ring[n]} ${-ring[n + 1]}`;
    return `${path}Z`;
  }).join("");
}

/** @type {Promise<string> | null} */
let land = null;

/** The outline of the land, which is fetched once. */
export function landPath() {
  land ??= get("outline").then(pathOf);
  return land;
}

/**
 * Where one photo was taken.
 *
 * @param {number} latitude
 * @param {number} longitude
 */
export function smallMap(latitude, longitude) {
  const [width, height] = [48, 24];
  const y = Math.min(90 - height / 2, Math.max(height / 2 - 90, latitude));
  const root = svg("svg", { class: "small-map", role: "img",
    viewBox: `${longitude - width / 2} ${-y - height / 2} ${width} ${height}`,
    "aria-label": t("map.at", { latitude: latitude.toFixed(3), longitude: longitude.toFixed(3) }) });
  landPath().then((path) => root.append(svg("path", { d: path, class: "land" }),
    svg("circle", { cx: longitude, cy: -latitude, r: 0.9, class: "here" })));
  return h("figure", {}, root,
    h("figcaption", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
}
