// @ts-check
// Which photos are chosen. It stays in the browser; ids go up only with an action.

import { between } from "./arrangement.js";
import { button, h, part } from "./dom.js";
import { plural } from "./text.js";

/** @import { App } from "./app.js" */

export class PhotoSelection {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Set<number>} */
    this.ids = new Set();
    this.anchor = 0;
    this.bar = part(app.root, ".selection", HTMLElement);
  }

  get tiles() { return this.app.grid?.tiles ?? []; }

  /**
   * What is chosen, else the one photo.
   *
   * @param {number} id
   */
  chosen(id) { return this.ids.size ? [...this.ids] : [id]; }

  /** @param {number} number */
  toggle(number) {
    const { id } = this.tiles[number];
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = number;
    this.show();
  }

  /** @param {number} number */
  extend(number, from = this.anchor) {
    if (!this.ids.size) this.anchor = from;
    for (const tile of between(this.tiles, this.anchor, number)) this.ids.add(tile.id);
    this.show();
  }

  all() {
    for (const tile of this.tiles) this.ids.add(tile.id);
    this.show();
  }

  clear() { this.ids.clear(); this.show(); }

  show() {
    const { app, bar } = this;
    const { actions } = app;
    app.grid?.mark(this.ids);
    const ids = [...this.ids];
    bar.hidden = !ids.length;
    if (!ids.length) {
      bar.replaceChildren();
      return;
    }
    bar.replaceChildren(
      h("strong", {}, `${plural(ids.length, "photo")} chosen`),
      button(ids.length > 1 ? "More like these" : "More like this",
        () => app.edit({ op: "like", ids }), { class: "main" }),
      button("Without", () => app.edit({ op: "without", ids }),
        { title: "Photos that look like these count less" }),
      button("♥ Favourite", () => actions.favour(ids)),
      button("Tag…", () => actions.tag(ids)),
      button("Concept…", () => actions.concept(ids),
        { title: "Give what these have in common a name to search for" }),
      button("Copy paths", () => actions.copyPaths(ids)),
      button("Download", () => actions.download(ids), { title: "As a zip file" }),
      ...(app.data.local && ids.length === 1
        ? [button("Show in folder", () => actions.reveal(ids[0]))] : []),
      button("Clear", () => this.clear(), { title: "Esc" }),
    );
  }
}
