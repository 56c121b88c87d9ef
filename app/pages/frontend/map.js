// @ts-check
// Maps without any server: what they show, in degrees, and the outline of the land.

import { h, svg } from "./dom.js";
import { dataOnce } from "./server.js";
import { t } from "./texts.js";

/** @import { Place } from "./tiles.js" */

/**
 * What a map shows: `x` is the longitude of its middle, `y` the negative latitude (as in a drawing,
 * it grows downwards), `width` and `height` in degrees.
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} MapBox
 */

/**
 * Photos that are shown as one, in the middle of them.
 *
 * @typedef {{ members: Place[], x: number, y: number }} Cluster
 */

const WIDEST = 360;
const NARROWEST = 0.02;
const ONE_SPOT = 0.02; // degrees: photos that are so near each other are one mark, with land around
const AROUND = 4;
const CELLS = 14; // on the way across the map; the photos in one of them are one mark
const CELL = 74; // pixels that one has at least
const APART = 0.7; // of a cell: so far marks are from each other
const DEGREE_KM = 111.2;

/**
 * All of the places, with some space around.
 *
 * @param {Place[]} places  At least one.
 * @param {number} ratio  The height of the map, divided by its width.
 * @returns {MapBox}
 */
export function boxAround(places, ratio = 0.5) {
  const longitudes = places.map((place) => place.longitude);
  const latitudes = places.map((place) => place.latitude);
  const [west, east] = [lowest(longitudes), -lowest(longitudes.map((one) => -one))];
  const [south, north] = [lowest(latitudes), -lowest(latitudes.map((one) => -one))];
  const apart = Math.max(east - west, (north - south) / ratio);
  const width = apart < ONE_SPOT ? AROUND : apart * 1.3;
  return onEarth({ x: (west + east) / 2, y: -(south + north) / 2, width, height: width * ratio });
}

/** @param {number[]} numbers  Any number of them: more than a function takes. */
const lowest = (numbers) => numbers.reduce((one, other) => Math.min(one, other));

/**
 * The part of the world that is nearest to a box: nothing is shown that lies beyond it.
 *
 * @param {MapBox} box
 * @returns {MapBox}
 */
export function onEarth(box) {
  const width = Math.min(WIDEST, Math.max(NARROWEST, box.width));
  const height = (box.height / box.width) * width;
  return { x: within(box.x, 180 - width / 2), y: within(box.y, 90 - height / 2), width, height };
}

/**
 * @param {number} value
 * @param {number} most  On either side of 0; below 0: nothing but 0 will do.
 */
const within = (value, most) => (most > 0 ? Math.max(-most, Math.min(most, value)) : 0);

/**
 * The point of the map at a share of its width and height.
 *
 * @param {MapBox} box
 * @param {number} across  0 to 1, from the left.
 * @param {number} down  0 to 1, from the top.
 */
export function pointAt({ x, y, width, height }, across, down) {
  return { x: x + (across - 0.5) * width, y: y + (down - 0.5) * height };
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
  const real = Math.min(WIDEST, Math.max(NARROWEST, box.width * factor)) / box.width;
  return onEarth({ x: at.x + (box.x - at.x) * real, y: at.y + (box.y - at.y) * real,
    width: box.width * real, height: box.height * real });
}

/**
 * How many marks stand side by side at most.
 *
 * @param {number} pixels  The width of the map; 0: not known yet.
 */
export const cellsAcross = (pixels) =>
  (pixels ? Math.max(3, Math.min(CELLS, Math.floor(pixels / CELL))) : CELLS);

/**
 * Photos that lie near each other, as one mark each; no two marks are too near to be told apart.
 *
 * @param {Place[]} places
 * @param {number} width  Of the map, in degrees.
 * @param {number} across  See `cellsAcross`.
 * @returns {Cluster[]}
 */
export function clustersOf(places, width, across = CELLS) {
  const cell = width / across;
  /** @type {Map<string, Cluster>} */
  const cells = new Map();
  for (const place of places)
    put(cells, cell, { members: [place], x: place.longitude, y: -place.latitude });
  // In the middle of their photos two marks may be nearer than the cells are.
  let near = true;
  while (near) {
    near = false;
    for (const cluster of cells.values()) {
      const other = neighbours(cells, cell, cluster)
        .find((one) => Math.hypot(one.x - cluster.x, one.y - cluster.y) < cell * APART);
      if (!other) continue;
      for (const one of [cluster, other]) cells.delete(keyOf(one.x, one.y, cell));
      put(cells, cell, together(cluster, other));
      near = true;
    }
  }
  return [...cells.values()];
}

/**
 * Add a cluster to the one that is in its cell; the two may then be in another cell.
 *
 * @param {Map<string, Cluster>} cells
 * @param {number} cell
 * @param {Cluster} cluster
 */
function put(cells, cell, cluster) {
  let added = cluster;
  for (;;) {
    const key = keyOf(added.x, added.y, cell);
    const there = cells.get(key);
    if (!there) { cells.set(key, added); return; }
    cells.delete(key);
    added = together(there, added);
  }
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 */
const keyOf = (x, y, cell) => `${Math.floor(x / cell)},${Math.floor(y / cell)}`;

/**
 * @param {Map<string, Cluster>} cells
 * @param {number} cell
 * @param {Cluster} cluster
 * @returns {Cluster[]}
 */
function neighbours(cells, cell, { x, y }) {
  const around = [];
  // In whole cells: with x + cell, rounded, a mark on a border would be its own neighbour.
  const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
  for (const right of [-1, 0, 1]) {
    for (const down of [-1, 0, 1]) {
      const one = right || down ? cells.get(`${column + right},${row + down}`) : null;
      if (one) around.push(one);
    }
  }
  return around;
}

/**
 * @param {Cluster} one
 * @param {Cluster} other
 * @returns {Cluster}
 */
function together(one, other) {
  const [first, second] = [one.members.length, other.members.length];
  const [more, less] = first < second ? [other, one] : [one, other];
  for (const member of less.members) more.members.push(member);
  return { members: more.members, x: (one.x * first + other.x * second) / (first + second),
    y: (one.y * first + other.y * second) / (first + second) };
}

/**
 * The whole kilometres from a point that take in all of the places.
 *
 * @param {Place[]} places
 * @param {number} x
 * @param {number} y
 */
export function radiusKm(places, x, y) {
  const narrower = Math.cos((y * Math.PI) / 180);
  let farthest = 0; // squared, in degrees of latitude
  for (const { latitude, longitude } of places)
    farthest = Math.max(farthest, (latitude + y) ** 2 + ((longitude - x) * narrower) ** 2);
  return Math.max(1, Math.ceil(Math.sqrt(farthest) * DEGREE_KM * 1.05));
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

/** The outline of the land, which is fetched once. */
export const landPath = dataOnce("land.json", pathOf);

/** A map says where its photos are without the land and the names, too: the next one has them. */
export const notThere = () => {};

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
  root.append(svg("circle", { cx: longitude, cy: -latitude, r: 0.9, class: "here" }));
  landPath().then((path) => root.prepend(svg("path", { d: path, class: "land" })), notThere);
  return h("figure", {}, root,
    h("figcaption", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
}
