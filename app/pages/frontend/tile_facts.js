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
   */
  constructor(app, data, changed) {
    this.app = app;
    this.asked = { q: data.q, sort: data.sort, all: data.all };
    this.changed = changed;
    /** @type {Map<number, Tile>} */
    this.byId = new Map();
    /** @type {Set<number>} */
    this.parts = new Set(); // asked for already
    this.open = 0;
    this.ended = false;
    this.add(data.tiles);
  }

  /** @param {TileSlots[]} listed */
  add(listed) {
    for (const tile of listed.map(decodeTile)) {
      const before = this.byId.get(tile.id);
      learn([[tile.id, tile.digest]]);
      this.byId.set(tile.id, before ? { ...tile, favourite: before.favourite } : tile);
    }
  }

  /**
   * Fetch what is shown of the photos from `start` to before `end`, as far as that is not known.
   *
   * @param {ArrayLike<number>} ids  Of all results.
   * @param {number} start
   * @param {number} end
   * @param {boolean} blurs  Whether also those that lack nothing but what is shown before a picture.
   */
  want(ids, start, end, blurs = true) {
    for (let part = Math.floor(start / PART); part * PART < end; part += 1) {
      if (this.open >= AT_ONCE || this.ended) return; // asked again once an answer has come
      if (this.parts.has(part)) continue;
      const last = Math.min((part + 1) * PART, ids.length);
      let known = true;
      for (let place = part * PART; place < last && known; place += 1) {
        const tile = this.byId.get(ids[place]);
        known = Boolean(blurs ? tile?.blur : tile);
      }
      if (!known) this.fetch(part);
    }
  }

  /** @param {number} part */
  async fetch(part) {
    this.parts.add(part);
    this.open += 1;
    try {
      /** @type {ResultsPart} */
      const answer = await get("results", { ...this.asked, start: part * PART, count: PART });
      this.add(answer.tiles);
    } catch (error) {
      if (!this.ended) this.app.say(messageOf(error));
      setTimeout(() => this.parts.delete(part), 5000); // asked again, but not at once
    } finally {
      this.open -= 1;
      if (!this.ended) this.changed();
    }
  }
}
