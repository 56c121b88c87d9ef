// @ts-check
// What is done with albums.

import { askName, askSure, chooseName } from "./dialogs.js";
import { get, post } from "./server.js";
import { plural } from "./text.js";

/** @import { App } from "./app.js" */
/** @import { Albums } from "./types.d.ts" */

export class AlbumActions {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  get dialog() { return this.app.actions.dialog; }

  /** @param {number[]} ids */
  add(ids) {
    return this.app.actions.attempt(async () => {
      /** @type {Albums} */
      const { albums } = await get("albums", { only: "names" });
      const name = await chooseName(this.dialog, `Album for ${plural(ids.length, "photo")}`,
        albums.map(([known]) => known), "New album");
      if (!name) return;
      const done = await post("album", { name, ids, do: "add" });
      const there = ids.length - done.changed;
      this.app.say(`${plural(done.changed, "photo")} added to ${done.name}${
        there ? `, ${there} in it already` : ""}.`);
      this.changed();
    });
  }

  /** @param {number[]} ids */
  remove(ids, name = this.app.data.album) {
    return this.app.actions.attempt(async () => {
      const done = await post("album", { name, ids, do: "remove" });
      this.app.say(`${plural(done.changed, "photo")} taken out of ${name}. They stay in the library.`);
      this.app.selection.clear();
      this.changed();
    });
  }

  /**
   * @param {number[]} ids  In the order in which they are shown.
   * @param {"first" | "last"} where
   */
  move(ids, where) {
    const name = this.app.data.album;
    return this.app.actions.attempt(async () => {
      await post("album", { name, ids: inShownOrder(this.app, ids), do: where });
      this.changed();
    });
  }

  async rename() {
    const name = this.app.data.album;
    const to = await askName(this.dialog, "Name of the album", name);
    if (to && to !== name) await this.app.actions.attempt(async () => {
      const done = await post("album", { name, to, do: "rename" });
      this.app.edit({ op: "query", text: done.query });
    });
  }

  async delete() {
    const name = this.app.data.album;
    const sure = await askSure(this.dialog, `Delete the album ${name}?`,
      "The photos stay where they are, in the library and on disk. Their order in the album is lost.",
      "Delete the album");
    if (sure) await this.app.actions.attempt(async () => {
      await post("album", { name, do: "delete" });
      this.app.edit({ op: "show", view: "albums" });
    });
  }

  // The listing, where it is of an album or a tag, and what the panel says.
  changed() {
    this.app.panel.load();
    this.app.edit({ op: "again" });
  }
}

/**
 * @param {App} app
 * @param {number[]} ids
 */
function inShownOrder({ grid }, ids) {
  if (!grid) return ids;
  const place = new Map(ids.map((id) => [id, grid.placeOf(id)]));
  return [...ids].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
}
