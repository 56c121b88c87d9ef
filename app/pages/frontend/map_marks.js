// @ts-check
// The marks of a map, and what is said of each. A map is drawn anew at each movement, and a mark may
// stand for all of the photos: what was worked out is kept for as long as the marks are the same.

import { clustersOf, radiusKm } from "./map.js";
import { markLabel, placeOf } from "./map_names.js";

/** @import { Cluster } from "./map.js" */
/** @import { Place } from "./tiles.js" */

/**
 * What is said of a mark: the name written below it, what it is called for those who can't see it,
 * and the distance in kilometres that takes in all of its photos.
 *
 * @typedef {{ name: string, label: string, radius: number }} MarkFacts
 */

export class MapMarks {
  /** @param {Place[]} places */
  constructor(places) {
    this.places = places;
    /** @type {{ of: string, clusters: Cluster[] }} */
    this.sorted = { of: "", clusters: [] };
    /** @type {WeakMap<Cluster, MarkFacts>} */
    this.known = new WeakMap();
  }

  /**
   * The marks of all photos: the same ones until the map is nearer, farther, wider or narrower.
   *
   * @param {number} width  Of the map, in degrees.
   * @param {number} across  See `cellsAcross`.
   */
  clusters(width, across) {
    const of = `${width},${across}`;
    if (this.sorted.of !== of)
      this.sorted = { of, clusters: clustersOf(this.places, width, across) };
    return [...this.sorted.clusters];
  }

  /**
   * @param {Cluster} cluster
   * @returns {MarkFacts}
   */
  facts(cluster) {
    const known = this.known.get(cluster);
    if (known) return known;
    const { members, x, y } = cluster;
    const place = placeOf(members);
    const facts = { name: place.name, label: markLabel(place, members.length, -y, x),
      radius: radiusKm(members, x, y) };
    this.known.set(cluster, facts);
    return facts;
  }
}
