// @ts-check
// What is done with photos and searches: marks, copies, downloads, names to keep.

import { copyText } from "./browser.js";
import { askName, askTag } from "./dialogs.js";
import { h, part } from "./dom.js";
import { ROUTE, everyFile, post, shownLibrary, upload } from "./server.js";
import { messageOf, missingText, taggedText } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */

const LARGEST_UPLOAD = 20e6; // bytes

export class Actions {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.dialog = part(app.root, ".ask", HTMLDialogElement);
  }

  /**
   * What went wrong is said on the page.
   *
   * @template Result
   * @param {() => Promise<Result>} work
   * @returns {Promise<Result | null>}  Null: it went wrong.
   */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.app.say(messageOf(error));
      return null;
    }
  }

  // -- photos --------------------------------------------------------------------------------

  /**
   * Favourites, all of them; or none if all are already, unless `add` says which. Only the server
   * knows that also of photos that nobody has scrolled to.
   *
   * @param {number[]} ids
   * @param {boolean | null} [add]
   */
  async favour(ids, add = null) {
    const { app } = this;
    await this.attempt(async () => {
      const done = await post("tag", { ids, favourite: true, add });
      app.grid?.markFavourites(ids, done.add);
      app.say(t(done.add ? "said.favourite" : "said.no-favourite", { count: ids.length }));
      app.panel.load();
    });
  }

  /** @param {number[]} ids */
  tag(ids) {
    return this.attempt(async () => {
      /** @type {[string, number][]} */
      const had = await post("tags", { ids });
      const chosen = await askTag(this.dialog, t("ask.tag", { count: ids.length }),
        had.map(([tag, count]) => [tag, t("count.photos", { count })]));
      if (!chosen) return;
      const add = chosen[0] === "+";
      const done = await post("tag", { ids, name: chosen.slice(1), add });
      this.app.say(taggedText(done, add));
      this.app.panel.load();
      if (!add) this.app.edit({ op: "again" });
    });
  }

  /**
   * @param {number} id
   * @param {string} name
   */
  untag(id, name) {
    return this.attempt(async () => {
      const done = await post("tag", { ids: [id], name, add: false });
      if (done.note) this.app.say(done.note);
      await this.app.panel.load();
    });
  }

  /** @param {number[]} ids */
  copyPaths(ids) {
    return this.attempt(async () => this.copyLines(await post("paths", { ids })));
  }

  /** @param {string[]} paths */
  copyLines(paths) {
    return this.attempt(async () => {
      await copyText(paths.join("\n"), this.app.front());
      this.app.say(t("said.paths", { count: paths.length }));
    });
  }

  /**
   * @param {number} id
   * @param {string} path  The one of its paths that is meant; empty for any.
   */
  reveal(id, path = "") { return this.attempt(() => post("reveal", { ids: [id], path })); }

  /**
   * The paths of those photos that can't be read now.
   *
   * @param {number[]} ids
   * @returns {Promise<string[]>}
   */
  async missing(ids) { return await this.attempt(() => post("missing", { ids })) ?? []; }

  /**
   * The files of photos: one as it is, several in a zip file.
   *
   * @param {number[]} ids
   */
  async download(ids) {
    const missing = await this.missing(ids);
    if (missing.length) this.app.say(missingText(missing, ids.length));
    if (missing.length === ids.length) return;
    if (ids.length === 1) {
      this.save(everyFile(ids[0]));
      return;
    }
    const form = h("form", { method: "post", action: `${ROUTE}zip` },
      h("input", { type: "hidden", name: "library", value: shownLibrary() }),
      h("input", { type: "hidden", name: "ids", value: ids.join(",") }));
    this.app.root.append(form);
    form.submit();
    form.remove();
  }

  /** @param {string} address  Of one file. */
  save(address) {
    const link = h("a", { href: address, download: "" });
    this.app.root.append(link);
    link.click();
    link.remove();
  }

  // -- searches ------------------------------------------------------------------------------

  /**
   * Search with a picture from outside.
   *
   * @param {File | undefined} file
   */
  async searchWith(file) {
    if (!file) return;
    if (file.size > LARGEST_UPLOAD) {
      this.app.say(t("said.too-large"));
      return;
    }
    this.app.say(t("said.looking"));
    await this.attempt(async () => {
      const { path } = await upload(file);
      this.app.edit({ op: "picture", path });
    });
  }

  async saveSearch() {
    const name = await askName(this.dialog, t("ask.search"));
    if (name) await this.attempt(async () => {
      await post("search", { name, query: this.app.data.q });
      this.app.say(t("said.saved", { name }));
      this.app.panel.open(true);
    });
  }

  /** @param {string} name */
  forgetSearch(name) {
    return this.attempt(async () => {
      await post("search", { name });
      await this.app.panel.load();
    });
  }

  /** @param {number[]} ids */
  async concept(ids) {
    const name = await askName(this.dialog, t("ask.concept"));
    if (name) await this.attempt(async () => {
      const done = await post("concept", { ids, name });
      this.app.say(t("said.concept", { name: done.name, count: done.examples }));
      this.app.panel.load();
    });
  }

  /** @param {string} name */
  forgetConcept(name) {
    return this.attempt(async () => {
      await post("concept", { name, forget: true });
      this.app.say(t("said.concept-forgotten", { name }));
      await this.app.panel.load();
    });
  }

  clearHistory() {
    return this.attempt(async () => {
      await post("history", {});
      await this.app.panel.load();
    });
  }
}
