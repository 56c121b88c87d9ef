// @ts-check
// Which photo is to be opened, until it is known: of several that are asked for, the last one.

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
