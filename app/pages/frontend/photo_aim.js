// @ts-check
// Which photo is to be opened, until it is known: of several that are asked for, the last one. And
// where a photo lies that an address names.

import { get } from "./server.js";
import { messageOf } from "./text.js";

/** @import { Grid } from "./grid.js" */

export class PhotoAim {
  constructor() {
    this.place = -1; // of the photo that is waited for; -1: none is
    this.asked = 0;
  }

  /**
   * Wait until it is known which photo is at a place.
   *
   * @param {Pick<Grid, "idAt" | "need" | "gone">} grid
   * @param {number} place
   * @returns {Promise<"there" | "none" | "late">}  Late: another one is wanted by now, or none.
   */
  async reach(grid, place) {
    const asked = this.asked += 1;
    this.place = place;
    if (grid.idAt(place) < 0) await grid.need(place, place + 1);
    if (asked !== this.asked) return "late";
    this.place = -1;
    return !grid.gone && grid.idAt(place) >= 0 ? "there" : "none";
  }

  /** Nobody waits any more. */
  drop() {
    this.asked += 1;
    this.place = -1;
  }
}

/**
 * The place of a photo among the results, with what is known of it loaded: only that part of them.
 *
 * @param {Grid} grid
 * @param {number} id
 * @param {(path: string, parameters: Record<string, string | number>) => Promise<any>} load
 * @returns {Promise<number>}  -1: it is none of them.
 */
export async function seek(grid, id, load = get) {
  const here = grid.placeOf(id);
  if (here >= 0 || (grid.length === grid.total && grid.parts.has(0, grid.total))) return here;
  try {
    const { place } = await load("place", { ...grid.parts.asked, id });
    if (place >= grid.length) await grid.more();
    if (place >= 0) await grid.parts.need(place, place + 1);
  } catch (error) {
    if (!grid.gone) grid.app.say(messageOf(error));
  }
  return grid.placeOf(id);
}
