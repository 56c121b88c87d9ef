// @ts-check
// What is shown of the photos near the part that is looked at, fetched when they come near.

import { get, learn } from "./server.js";
import { messageOf } from "./text.js";
import { decodeTile } from "./tiles.js";

/** @import { App } from "./app.js" */
/** @import { Tile } from "./tiles.js" */
/** @import { GalleryData, ResultsPart, TileSlots } from "./types.d.ts" */

const PART = 60; // photos asked for at once
const AT_ONCE = 3; // questions

export class TileFacts {
  /**
   * @param {App} app
   * @param {GalleryData} data
   * @param {() => void} changed  Called when more are known.
   * @param {(path: string, parameters: Record<string, string | number>) => Promise<any>} load
   */
  constructor(app, data, changed, load = get) {
    this.app = app;
    this.asked = { q: data.q, sort: data.sort, all: data.all };
    this.changed = changed;
    this.load = load;
    /** @type {Map<number, Tile>} */
    this.byId = new Map();
    /** @type {Set<number>} */
    this.coming = new Set(); // the ids of those that were asked for
    this.open = 0;
    this.ended = false;
    this.add(data.tiles);
  }

  /** @param {TileSlots[]} listed */
  add(listed) {
    for (const tile of listed.map(decodeTile)) {
      const before = this.byId.get(tile.id);
      learn([[tile.id, tile.digest]]);
      // How it matches stays as it was: it may be none of the server's results any more.
      const { favourite, level, burst } = before ?? tile;
      this.byId.set(tile.id, { ...tile, favourite, level, burst });
    }
  }

  /**
   * Fetch what is shown of the photos from `start` to before `end`, as far as that is not known. It
   * is asked for by their ids: what lies at a place may be a different photo for the server by now.
   *
   * @param {ArrayLike<number>} ids  Of all results.
   * @param {number} start
   * @param {number} end
   * @param {boolean} blurs  Whether also those that lack nothing but what is shown before a picture.
   */
  want(ids, start, end, blurs = true) {
    for (let part = Math.floor(start / PART); part * PART < end; part += 1) {
      if (this.open >= AT_ONCE || this.ended) return; // asked again once an answer has come
      const last = Math.min((part + 1) * PART, ids.length);
      const wanted = [];
      for (let place = part * PART; place < last; place += 1) {
        const id = ids[place];
        const tile = this.byId.get(id);
        if (id >= 0 && !(blurs ? tile?.blur : tile) && !this.coming.has(id)) wanted.push(id);
      }
      if (wanted.length) this.fetch(wanted);
    }
  }

  /** @param {number[]} ids */
  async fetch(ids) {
    for (const id of ids) this.coming.add(id);
    this.open += 1;
    try {
      /** @type {ResultsPart} */
      const answer = await this.load("results", { ...this.asked, ids: ids.join(",") });
      this.add(answer.tiles);
    } catch (error) {
      if (!this.ended) this.app.say(messageOf(error));
      setTimeout(() => { // asked again, but not at once
        for (const id of ids) this.coming.delete(id);
      }, 5000);
    } finally {
      this.open -= 1;
      if (!this.ended) this.changed();
    }
  }
}
