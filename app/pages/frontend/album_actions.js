// @ts-check
// What is done with albums.

import { askName, askSure, chooseName } from "./dialogs.js";
import { get, post } from "./server.js";
import { t } from "./texts.js";

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
      const name = await chooseName(this.dialog, t("ask.album", { count: ids.length }),
        albums.map(([known]) => known), t("ask.new-album"));
      if (!name) return;
      const done = await post("album", { name, ids, do: "add" });
      const there = ids.length - done.changed;
      this.app.say(t(there ? "said.in-album-some" : "said.in-album",
        { count: done.changed, name: done.name, there }));
      this.changed();
    });
  }

  /** @param {number[]} ids */
  remove(ids, name = this.app.data.album) {
    return this.app.actions.attempt(async () => {
      const done = await post("album", { name, ids, do: "remove" });
      this.app.say(t("said.out-of-album", { count: done.changed, name }));
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
    const to = await askName(this.dialog, t("ask.album-name"), name);
    if (to && to !== name) await this.app.actions.attempt(async () => {
      const done = await post("album", { name, to, do: "rename" });
      this.app.edit({ op: "query", text: done.query });
    });
  }

  async delete() {
    const name = this.app.data.album;
    const sure = await askSure(this.dialog, t("ask.delete-album", { name }),
      t("ask.delete-why"), t("ask.delete"));
    if (sure) await this.app.actions.attempt(async () => {
      await post("album", { name, do: "delete" });
      this.app.edit({ op: "show", view: "albums", text: "" }); // the query is for that album
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
