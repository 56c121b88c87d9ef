// @ts-check
// The justified grid: only what is near the view has elements, however many photos there are.

import { Arrangement } from "./arrangement.js";
import { DragSelection } from "./drag_selection.js";
import { around, focused, h } from "./dom.js";
import { alike } from "./film.js";
import { gridKey } from "./grid_keys.js";
import { GridWindow } from "./grid_window.js";
import { Scrolled } from "./scrolled.js";
import { Scrubber } from "./scrubber.js";
import { learn } from "./server.js";
import { RESTS, ShapeParts } from "./shape_parts.js";
import { NONE, digestAt, pixelsAt } from "./shapes.js";
import { messageOf } from "./text.js";
import { t } from "./texts.js";
import { TileFacts } from "./tile_facts.js";

/** @import { App } from "./app.js" */
/** @import { GalleryData } from "./types.d.ts" */

const AHEAD = 300; // results beyond what is looked at whose addresses are loaded too
const SPACES = { head: 32, line: 58, space: 14 };

export class Grid {
  /**
   * @param {App} app
   * @param {GalleryData} data
   * @param {ShapeParts | null} begun  What was loaded ahead.
   */
  constructor(app, data, begun) {
    this.app = app;
    this.data = data;
    this.byDate = !(data.ranked || data.album) || data.sort !== "best";
    this.parts = begun ?? new ShapeParts(data);
    /** @type {Promise<void> | null} */
    this.loaded = null;
    this.take = () => false;
    this.nearing = -1; // about where somebody looks at what is being loaded
    this.active = 0;
    this.gone = false;
    this.window = new GridWindow(this);
    this.facts = new TileFacts(app, data, () => this.window.draw());
    this.root = h("div", {
      class: "grid", role: "listbox", "aria-label": t("grid.photos"), "aria-multiselectable": "true",
      onclick: (event) => this.click(event),
      ondblclick: (event) => event.preventDefault(),
      onfocusin: (event) => this.window.reached(event),
      onkeydown: (event) => gridKey(this, event),
      onpointerover: (event) => this.hover(event),
    });
    this.scrubber = new Scrubber(this);
    this.frame = h("div", { class: "grid-frame" }, this.root, this.scrubber.root);
    this.drag = new DragSelection(this);
    this.arrangement = this.arranged();
    /** @type {Scrolled | null} */
    this.scrolled = null;
    this.resized = new ResizeObserver(() => this.arrange());
  }

  /** Load what is to be laid out, once the grid is in the page. Resolves when the first is shown. */
  begin() {
    this.scrolled = new Scrolled(this.root, () => this.window.moved());
    this.resized.observe(this.root);
    /** @type {Promise<void>} */
    const shown = new Promise((resolve, reject) => {
      this.take = () => {
        if (this.gone) return false;
        this.arrange();
        resolve();
        return true;
      };
      this.more().catch((error) => {
        if (!this.gone && this.length) this.app.say(messageOf(error));
        reject(error);
      });
    });
    return shown;
  }

  /** Load how those lie that are not laid out yet; after a failure again, but not at once. */
  more() {
    this.loaded ??= this.parts.begin(this.take).catch((error) => {
      setTimeout(() => { this.loaded = null; }, RESTS);
      throw error;
    });
    return this.loaded;
  }

  leave() {
    this.gone = true;
    this.facts.ended = true;
    this.scrolled?.leave();
    this.drag.leave();
    this.resized.disconnect();
    this.window.leave();
  }

  get shapes() { return this.parts.shapes; }
  get length() { return this.shapes.length; }
  get total() { return this.shapes.total; }

  /**
   * Load what is not known by now of the results from `start` to before `end`: ids and addresses.
   *
   * @param {number} start
   * @param {number} end  Infinity: of all, also those that are not laid out yet.
   * @returns {Promise<boolean>}  Whether it is known now, and the grid still shown.
   */
  async need(start, end) {
    try {
      if (end === Infinity) await this.more();
      return await this.parts.need(start, end) && !this.gone;
    } catch (error) {
      if (!this.gone) this.app.say(messageOf(error));
      return false;
    }
  }

  /**
   * The same of those that are looked at, and somewhat more; they are drawn once it is there.
   *
   * @param {number} start
   * @param {number} stop
   */
  async near(start, stop) {
    if (this.length < this.total) this.more().catch(() => undefined); // who began it has said so
    const here = Math.floor(start / AHEAD);
    if (this.nearing === here || this.parts.has(start - AHEAD, stop + AHEAD)) return;
    this.nearing = here;
    const { learned } = this.parts;
    await this.need(start - AHEAD, stop + AHEAD);
    if (this.nearing === here) this.nearing = -1;
    // After a mere failure drawing would only ask once more.
    if (this.parts.learned > learned) this.window.draw();
  }

  /**
   * @param {number} place
   * @returns {number}  Below 0: it is not known by now, or there is none.
   */
  idAt(place) { return this.shapes.ids[place] ?? NONE; }

  /**
   * Remember the address of a photo's pictures, which are to be shown now.
   *
   * @param {number} place
   * @returns {string}  Its digest.
   */
  learn(place) {
    const digest = digestAt(this.shapes, place);
    learn([[this.idAt(place), digest]]);
    return digest;
  }

  /** @param {number} id  Its place, or -1. */
  placeOf(id) { return this.shapes.ids.indexOf(id); }

  /** @param {number} place */
  pixelsOf(place) { return pixelsAt(this.shapes, place); }

  // -- laying out ----------------------------------------------------------------------------

  arranged() {
    const height = Number(this.app.root.style.getPropertyValue("--h")) || 200;
    return new Arrangement(this.shapes, { ...SPACES, height, width: this.root.clientWidth, gap: 4,
      head: this.byDate ? SPACES.head : 0, byDate: this.byDate, clear: this.data.clear });
  }

  /** Lay out anew, with what is seen staying where it is. */
  arrange() {
    if (this.gone || !this.root.clientWidth) return;
    const before = this.arrangement.length && this.scrolled && this.scrolled.top > 0
      && this.arrangement.wanted.width > 0 ? this.arrangement.placeAt(0, this.scrolled.top) : -1;
    const away = before >= 0 && this.scrolled
      ? this.arrangement.boxOf(before).top - this.scrolled.top : 0;
    const held = focused(this.root);
    const former = this.arrangement;
    this.arrangement = this.arranged();
    const { height, length } = this.arrangement;
    const unseen = length ? ((this.total - length) * height) / length : 0;
    this.root.style.height = `${height + unseen}px`;
    this.window.rearranged(former);
    if (before >= 0) this.scrolled?.to(this.arrangement.boxOf(before).top - away);
    this.scrubber.arrange();
    this.window.draw();
    const place = held && !held.isConnected ? Number(held.dataset.number) : -1; // drawn anew
    if (this.window.nodes.has(place)) this.focus(place, false);
  }

  /** @param {Set<number>} ids  Of the photos that are chosen. */
  mark(ids) { this.window.mark(ids); }

  // -- marks ---------------------------------------------------------------------------------

  /**
   * @param {number[]} ids
   * @param {boolean} favourite
   */
  markFavourites(ids, favourite) {
    for (const id of ids) {
      const tile = this.facts.byId.get(id);
      if (tile) tile.favourite = favourite;
    }
    for (const node of this.window.nodes.values()) delete node.dataset.known; // said anew
    this.window.draw();
  }

  // -- what people do ------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  hover(event) {
    const node = event.pointerType === "mouse" ? around(event.target, ".tile") : null;
    if (!node?.dataset.id || node.querySelector(".alike")) return;
    this.root.querySelector(".alike")?.remove();
    node.append(h("span", { class: "alike", "aria-hidden": "true" }, t("grid.alike")));
  }

  /** @param {MouseEvent} event */
  click(event) {
    const node = around(event.target, ".tile");
    if (!node || this.drag.done()) return;
    const place = Number(node.dataset.number);
    const { selection } = this.app;
    this.focus(place, false);
    if (around(event.target, ".alike")) this.app.edit(alike(this.app, "like", [this.idAt(place)]));
    else if (event.shiftKey) selection.extend(place);
    else if (event.ctrlKey || event.metaKey || around(event.target, ".check") || selection.ids.size)
      selection.toggle(place);
    else this.app.lightbox.open(place);
  }

  /** @param {number} place */
  focus(place, scroll = true) {
    if (!(place >= 0 && place < this.length)) return;
    this.active = place;
    if (scroll || !this.window.nodes.has(place)) {
      const covered = this.scrubber.covered + SPACES.head;
      this.scrolled?.show(this.arrangement.boxOf(place), covered);
      this.window.draw();
    }
    this.window.stopAt(place);
    this.window.nodes.get(place)?.focus({ preventScroll: true });
  }
}
