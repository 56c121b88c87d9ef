// @ts-check
// One photo large, with its neighbours and its facts. It has an address of its own.

import { remember, remembered } from "./browser.js";
import { focused, h, part } from "./dom.js";
import { Film } from "./film.js";
import { Filmstrip } from "./filmstrip.js";
import { gestures } from "./gestures.js";
import { lightboxKey } from "./lightbox_keys.js";
import { LightboxTools, tool } from "./lightbox_tools.js";
import { PhotoAim, seek } from "./photo_aim.js";
import { PhotoEntry } from "./photo_entry.js";
import { factNodes } from "./photo_facts.js";
import { PhotoStage } from "./photo_stage.js";
import { get, learn } from "./server.js";
import { Slideshow } from "./slideshow.js";
import { absence, messageOf, missingText } from "./text.js";
import { t } from "./texts.js";
import { tileLabel } from "./tiles.js";

/** @import { App } from "./app.js" */
/** @import { PhotoFacts } from "./types.d.ts" */

const NARROW = "(max-width: 900px)";

export class Lightbox {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.place = 0; // among the results; -1: it is not one of them
    this.id = -1;
    this.gone = false;
    this.entry = new PhotoEntry();
    this.aim = new PhotoAim();
    this.dialog = part(app.root, ".lightbox", HTMLDialogElement);
    this.stage = new PhotoStage({ failed: (id) => this.failed(id),
      zoomed: (scale, own) => this.tools?.zoomed(scale, own) });
    this.strip = new Filmstrip((place) => this.go(place));
    this.show = new Slideshow(() => this.step(1), (running) => this.tools.showing(running));
    this.facts = h("aside", { class: "facts", "aria-label": t("photo.about") });
    this.film = new Film(this);
    this.notice = h("p", { class: "photo-notice", role: "alert", hidden: true });
    this.tools = new LightboxTools(this);
    this.inner = h("div", { class: "photo-page", "data-facts": "no" }, this.stage.root, this.tools.root,
      this.notice,
      tool("chevron-left", t("photo.previous"), () => this.step(-1), "previous"),
      tool("chevron-right", t("photo.next"), () => this.step(1), "next"), this.strip.root, this.facts);
    this.dialog.replaceChildren(this.inner);
    this.dialog.addEventListener("keydown", (event) => lightboxKey(this, event));
    this.dialog.addEventListener("close", () => this.closed());
    // A button that goes takes the focus along, and the keys would not come here any more.
    this.inner.addEventListener("focusout", () => setTimeout(() => {
      if (this.dialog.open && this.app.openDialogs().pop() === this.dialog && document.hasFocus()
        && !this.dialog.contains(focused(this.dialog))) this.stage.root.focus();
    }));
    this.inner.addEventListener("pointermove", () => this.tools.wake());
    gestures(this.stage, (meant) => {
      if (meant === "close") this.dialog.close();
      else if (meant === "facts") this.tellMore(true);
      else this.step(meant === "next" ? 1 : -1);
    });
    const open = remembered("facts", "yes") === "yes" && !matchMedia(NARROW).matches;
    this.inner.dataset.facts = open ? "yes" : "no";
    this.tools.telling.setAttribute("aria-pressed", String(open));
  }

  get grid() { return this.app.grid; }

  // -- opening and closing -------------------------------------------------------------------

  /** @param {number} place  Resolves to false if there is no photo. */
  async open(place) {
    const { grid } = this;
    const reached = grid ? await this.aim.reach(grid, place) : "none";
    if (grid && reached === "there") this.openPhoto(grid.idAt(place), grid.learn(place), place);
    return reached !== "none";
  }

  /**
   * @param {number} id
   * @param {string} digest
   * @param {number} place
   */
  openPhoto(id, digest, place) {
    this.aim.drop();
    this.place = place;
    this.entry.open(id, digest);
    if (!this.dialog.open) {
      if (matchMedia(NARROW).matches) this.tellMore(false); // it covers the picture
      this.dialog.showModal();
      this.stage.root.focus();
    }
    this.see(id);
  }

  /** Open what the address names, when the results are there or somebody has gone forward. */
  async follow() {
    const { asked } = this.entry;
    const { grid } = this;
    if (!asked) return;
    let place = grid?.placeOf(asked.id) ?? -1;
    if (this.dialog.open && this.id === asked.id && this.place === place)
      return this.tools.tellPlace(grid, place); // of another number of photos, perhaps
    if (place < 0 && grid?.length) {
      place = await seek(grid, asked.id); // it may be farther down
      if (grid !== this.grid || this.entry.asked?.id !== asked.id) return; // somebody went on
    }
    learn([[asked.id, asked.digest]]);
    if (place >= 0) grid?.facts.want(grid.shapes.ids, place, place + 1);
    this.openPhoto(asked.id, asked.digest, place);
  }

  closed() {
    this.aim.drop();
    this.show.stop();
    if (document.fullscreenElement) document.exitFullscreen();
    this.film.stop();
    this.stage.close();
    this.stage.root.style.opacity = "";
    this.strip.clear();
    this.id = -1;
    if (this.place >= 0) this.grid?.focus(this.place);
    this.entry.close();
  }

  // Somebody went back or forward, or ``closed`` did.
  travelled() {
    if (this.entry.travelled()) return;
    if (this.entry.asked) this.follow();
    else if (this.dialog.open) // a name that was being asked for is not one yet
      for (const dialog of this.app.openDialogs()) dialog.close("cancelled");
  }

  /**
   * Close, and then (the address is that of the page again) do something else.
   *
   * @param {() => void} work
   */
  async leave(work) {
    if (this.dialog.open) {
      await new Promise((done) => {
        this.dialog.addEventListener("close", done, { once: true });
        this.dialog.close();
      });
      await this.entry.leaving;
    }
    work();
  }

  // -- one photo -----------------------------------------------------------------------------

  /** @param {number} by */
  step(by) { return this.go((this.aim.place < 0 ? this.place : this.aim.place) + by); }

  /**
   * To the photo at a place, if there is one.
   *
   * @param {number} place
   */
  async go(place) {
    const { grid } = this;
    if (!grid || this.place < 0 || place < 0 || place >= grid.length || !this.dialog.open) return false;
    grid.facts.want(grid.shapes.ids, place, place + 1);
    return this.open(place);
  }

  /** @param {number} id */
  see(id) {
    const { grid, place } = this;
    const tile = grid?.facts.byId.get(id);
    this.id = id;
    this.film.stop();
    this.warn("");
    this.facts.replaceChildren(); // those of the photo before
    this.tools.markFavourite(Boolean(tile?.favourite));
    this.tools.tellPlace(grid, place);
    this.stage.open(id, grid && place >= 0 ? grid.pixelsOf(place) : null,
      tile ? tileLabel(tile) : t("photo.photo"));
    this.strip.show(grid, place);
    this.tell(id);
  }

  /** @param {number} id  Of a photo whose picture did not come. */
  async failed(id) {
    if (this.id !== id || this.gone) return;
    const paths = await this.app.actions.missing([id]);
    if (this.id === id && !this.gone) this.warn(paths.length ? missingText(paths, 1)
      : t("photo.no-picture"));
  }

  // Whether the photo is still there is asked again when one comes back to the window.
  async look() {
    if (!this.dialog.open) return;
    const { id } = this;
    const gone = (await this.app.actions.missing([id])).length > 0;
    if (this.dialog.open && this.id === id && gone !== this.gone) this.tell(id);
  }

  /**
   * Show the facts of a photo as they are now.
   *
   * @param {number} id
   */
  async tell(id) {
    /** @type {PhotoFacts} */
    let facts;
    try {
      facts = await get(`photo/${id}`, { q: this.app.data.q });
    } catch (error) {
      if (this.id !== id) return;
      this.gone = true;
      this.warn(messageOf(error));
      this.facts.replaceChildren(h("p", {}, messageOf(error)));
      if (this.place < 0) this.stage.close();
      return;
    }
    if (this.id !== id) return;
    this.warn(absence(facts));
    this.gone = facts.missing || facts.offline;
    this.stage.measure(facts);
    this.film.show(facts);
    this.tools.markFavourite(facts.favourite);
    this.stage.marks.mark(facts.text);
    this.facts.replaceChildren(...factNodes(this.app, facts));
  }

  /** @param {string} text  Above the picture; empty: nothing. */
  warn(text) {
    if (this.notice.textContent !== text) this.notice.textContent = text;
    this.notice.hidden = !text;
    if (!text) this.gone = false;
  }

  // -- what can be done ----------------------------------------------------------------------

  favour() {
    const { id } = this;
    return this.app.actions.favour([id], !this.tools.isFavourite)
      .then(() => this.tell(id));
  }

  /** @param {boolean} yes  Whether the facts stand beside the picture. */
  tellMore(yes) {
    this.inner.dataset.facts = yes ? "yes" : "no";
    this.tools.telling.setAttribute("aria-pressed", String(yes));
    if (!matchMedia(NARROW).matches) remember("facts", yes ? "yes" : "no");
  }
}
