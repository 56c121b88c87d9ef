// @ts-check
// Which photos are chosen. It stays in the browser; ids go up only with an action.

import { h, part } from "./dom.js";
import { alike } from "./film.js";
import { hide, hidingWords } from "./hiding.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */

export class PhotoSelection {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Set<number>} */
    this.ids = new Set();
    this.anchor = 0;
    this.asked = 0; // how often something was chosen: a stretch that is known too late is not
    this.cleared = 0; // how often all was let go, also what was not known by then
    this.coming = 0; // so much is chosen once it is known
    this.bar = part(app.root, ".selection", HTMLElement);
  }

  get grid() { return this.app.grid; }

  /**
   * What is chosen, else the one photo.
   *
   * @param {number} id
   */
  chosen(id) { return this.ids.size ? [...this.ids] : [id]; }

  /** @param {number} place */
  async toggle(place) {
    const there = await this.known(place, place + 1);
    const id = this.grid?.idAt(place) ?? -1;
    if (!there || id < 0) return;
    this.asked += 1;
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = place;
    this.show();
  }

  /** @param {number} place */
  extend(place, from = this.anchor) {
    if (!this.ids.size && !this.coming) this.anchor = from;
    return this.between(this.anchor, place, this.ids);
  }

  /**
   * All photos from one place to another, both included, whichever comes first.
   *
   * @param {number} one
   * @param {number} other
   * @param {Set<number>} besides  What else is chosen.
   */
  async between(one, other, besides) {
    const [start, end] = [Math.min(one, other), Math.max(one, other) + 1];
    const asked = this.asked += 1;
    if (!(await this.known(start, end)) || asked !== this.asked) return;
    this.ids = new Set(besides);
    this.add(start, end);
    this.show();
  }

  /**
   * Wait until the ids of some results are known, which may be far from those that are looked at.
   *
   * @param {number} start
   * @param {number} end
   * @returns {Promise<boolean>}  Whether they are, and the same results are still shown, and nobody
   *   has let go of what was chosen.
   */
  async known(start, end) {
    const { grid, cleared } = this;
    this.coming += 1;
    const there = await grid?.need(start, end) ?? false;
    this.coming -= 1;
    return there && grid === this.grid && cleared === this.cleared;
  }

  /**
   * Those of a day: all of them, or none if all are chosen already.
   *
   * @param {number} start
   * @param {number} end  The place behind the last one.
   */
  async toggleAll(start, end) {
    this.anchor = start;
    if (!(await this.known(start, end))) return;
    const ids = this.idsOf(start, end);
    if (ids.every((id) => this.ids.has(id))) for (const id of ids) this.ids.delete(id);
    else this.add(start, end);
    this.show();
  }

  /** All results, also those that nobody has scrolled to. */
  async all() {
    if (!(await this.known(0, Infinity))) return;
    this.add(0, Infinity);
    this.show();
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  idsOf(start, end) {
    return [...this.grid?.shapes.ids.subarray(start, end) ?? []].filter((id) => id >= 0);
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  add(start, end) { for (const id of this.idsOf(start, end)) this.ids.add(id); }

  clear() { this.cleared += 1; this.ids.clear(); this.show(); }

  show() {
    const { app, bar } = this;
    const { actions } = app;
    app.grid?.mark(this.ids);
    const ids = [...this.ids];
    const hiding = hidingWords(app.data.of_hidden);
    bar.hidden = !ids.length;
    if (!ids.length) {
      bar.replaceChildren();
      return;
    }
    bar.replaceChildren(
      h("strong", {}, t("selection.count", { count: ids.length })),
      act("sparkles", t(ids.length > 1 ? "selection.alike" : "photo.alike"),
        () => app.edit(alike(app, "like", ids)), { class: "main" }),
      act("circle-minus", t("selection.without"), () => app.edit(alike(app, "without", ids)),
        { title: t("selection.without-why") }),
      act("heart", t("do.favourite"), () => actions.favour(ids)),
      act("tag", t("do.tag"), () => actions.tag(ids)),
      act("book-image", t("do.album"), () => app.albums.add(ids)),
      ...(app.data.album ? [
        act("list-minus", t("selection.take-out"), () => app.albums.remove(ids),
          { title: t("selection.take-out-of", { name: app.data.album }) }),
        act("arrow-up-to-line", t("selection.to-front"), () => app.albums.move(ids, "first"))] : []),
      act("layers", t("selection.concept"), () => actions.concept(ids),
        { title: t("selection.concept-why") }),
      act(hiding.drawn, hiding.text, () => hide(app, ids, !app.data.of_hidden),
        { title: hiding.title }),
      act("copy", t("selection.copy-paths"), () => actions.copyPaths(ids)),
      act("download", t("do.download"), () => actions.download(ids), { title: t("selection.zip") }),
      ...(app.data.local && ids.length === 1
        ? [act("folder-open", t("do.reveal"), () => actions.reveal(ids[0]))] : []),
      act("x", t("selection.clear"), () => this.clear(), { title: "Esc" }),
    );
  }
}

/**
 * A button of the bar; on a phone only its icon is seen.
 *
 * @param {string} drawn
 * @param {string} text
 * @param {() => unknown} onclick
 * @param {Record<string, string>} attributes
 */
function act(drawn, text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, "aria-label": text, title: text, ...attributes },
    icon(drawn), h("span", { class: "act" }, text));
}
