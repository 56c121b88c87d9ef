// @ts-check
// What is fetched of other results in the moment in which somebody asks for them, while the script
// still runs that shows them: how the first ones lie, and their pictures.

import { Arrangement } from "./arrangement.js";
import { bring } from "./picture_packs.js";
import { learn } from "./server.js";
import { ShapeParts } from "./shape_parts.js";
import { digestAt, pixelsAt } from "./shapes.js";
import { pictureOf } from "./tile_nodes.js";

/** @import { App } from "./app.js" */
/** @import { Shapes } from "./shapes.js" */
/** @import { Edit, GalleryData } from "./types.d.ts" */

/** @typedef {Pick<GalleryData, "q" | "sort" | "all">} Asked  What decides which photos are shown. */

export class Ahead {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {ShapeParts | null} */
    this.parts = null;
  }

  /** @param {Edit} edit  Which the script is about to follow. */
  async begin(edit) {
    const asked = askedBy(this.app.data, edit);
    const parts = this.parts = asked && new ShapeParts(asked);
    const shapes = await parts?.ahead();
    if (shapes && parts === this.parts) this.fetchPictures(shapes);
  }

  /**
   * What was begun of the results that are to be shown now; null: nothing of these.
   *
   * @param {Asked} asked
   */
  take({ q, sort, all }) {
    const { parts } = this;
    this.parts = null;
    return parts?.asked.q === q && parts.asked.sort === sort && parts.asked.all === all ? parts : null;
  }

  /**
   * Fetch the pictures of the first screen, as it most likely will be.
   *
   * @param {Shapes} shapes
   */
  fetchPictures(shapes) {
    const { grid } = this.app;
    if (!grid?.scrolled || !(grid.arrangement.wanted.width > 0)) return;
    const arrangement = new Arrangement(shapes,
      { ...grid.arrangement.wanted, head: 0, byDate: false, clear: Infinity });
    const [, end] = arrangement.rowsBetween(0, grid.scrolled.height);
    for (let row = 0; row < end; row += 1) {
      const start = arrangement.rowStart(row);
      for (const [at, box] of arrangement.boxesOf(row).entries()) {
        const place = start + at;
        const id = shapes.ids[place];
        learn([[id, digestAt(shapes, place)]]);
        bring(new Image(), pictureOf(id, pixelsAt(shapes, place), box));
      }
    }
  }
}

/**
 * What an edit asks for, where that is known before the script has run, and photos are to be shown.
 *
 * @param {Pick<GalleryData, "page" | "view" | "q" | "sort" | "all">} data  What is shown now.
 * @param {Edit} edit
 * @returns {Asked | null}
 */
export function askedBy({ page, view, q, sort, all }, edit) {
  if (page !== "search") return null;
  if (edit.op === "query" && view !== "map") return { q: edit.text, sort, all };
  if (edit.op === "show" && (edit.view ?? view) === "photos")
    return { q, sort: edit.sort ?? sort, all: edit.all ?? all };
  return null;
}
