// @ts-check
// The justified grid: only what is near the view has elements, however many photos there are.

import { Arrangement } from "./arrangement.js";
import { DragSelection } from "./drag_selection.js";
import { around, focused, h } from "./dom.js";
import { gridKey } from "./grid_keys.js";
import { Scrolled } from "./scrolled.js";
import { Scrubber } from "./scrubber.js";
import { loadShapes, noShapes } from "./shapes.js";
import { messageOf } from "./text.js";
import { TileFacts } from "./tile_facts.js";
import { fillTile, placeTile, sectionNode, tellTile, tileNode } from "./tile_nodes.js";

/** @import { App } from "./app.js" */
/** @import { Section } from "./arrangement.js" */
/** @import { GalleryData } from "./types.d.ts" */

const NEAR = 700; // pixels above and below the view that have tiles too
const FAST = 6; // pixels a millisecond: pictures are not asked for on the way
const SETTLED = 90; // milliseconds
const SPACES = { head: 44, line: 58, space: 14 };

export class Grid {
  /**
   * @param {App} app
   * @param {GalleryData} data
   */
  constructor(app, data) {
    this.app = app;
    this.data = data;
    this.byDate = !data.ranked || data.sort !== "best";
    this.shapes = noShapes();
    /** @type {Map<number, HTMLElement>} */
    this.nodes = new Map(); // of the tiles near the view, by place
    /** @type {Map<number, { root: HTMLElement, rows: HTMLElement }>} */
    this.sections = new Map(); // by their first place
    this.active = 0;
    this.gone = false;
    this.settling = 0;
    this.facts = new TileFacts(app, data, () => this.draw());
    this.root = h("div", {
      class: "grid", role: "listbox", "aria-label": "Photos", "aria-multiselectable": "true",
      onclick: (event) => this.click(event),
      ondblclick: (event) => event.preventDefault(),
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
    this.scrolled = new Scrolled(this.root, () => this.draw());
    this.resized.observe(this.root);
    /** @type {Promise<void>} */
    const shown = new Promise((resolve, reject) => {
      this.loaded = loadShapes(this.data, (shapes) => {
        if (this.gone) return false;
        this.shapes = shapes;
        this.arrange();
        resolve();
        return true;
      }).catch((error) => {
        if (!this.gone && this.length) this.app.say(messageOf(error));
        reject(error);
      });
    });
    this.loaded?.catch(() => undefined);
    return shown;
  }

  leave() {
    this.gone = true;
    this.facts.ended = true;
    this.scrolled?.leave();
    this.drag.leave();
    this.resized.disconnect();
    clearTimeout(this.settling);
  }

  get length() { return this.shapes.length; }
  get total() { return this.shapes.total; }

  /** @param {number} place */
  idAt(place) { return this.shapes.ids[place]; }

  /** @param {number} id  Its place, or -1. */
  placeOf(id) { return this.shapes.ids.indexOf(id); }

  /** @param {number} place */
  pixelsOf(place) {
    return { width: this.shapes.widths[place], height: this.shapes.heights[place] };
  }

  // -- laying out ----------------------------------------------------------------------------

  arranged() {
    const height = Number(this.app.root.style.getPropertyValue("--h")) || 200;
    return new Arrangement(this.shapes, { ...SPACES, height, width: this.root.clientWidth, gap: 4,
      head: this.byDate ? SPACES.head : 0, byDate: this.byDate, clear: this.data.clear });
  }

  /** Lay out anew, with what is seen staying where it is. */
  arrange() {
    if (this.gone || !this.root.clientWidth) return;
    const { wanted } = this.arrangement;
    const before = this.arrangement.length && this.scrolled && this.scrolled.top > 0
      && wanted.width > 0 ? this.arrangement.placeAt(0, this.scrolled.top) : -1;
    const away = before >= 0 && this.scrolled
      ? this.arrangement.boxOf(before).top - this.scrolled.top : 0;
    this.arrangement = this.arranged();
    const { height, length } = this.arrangement;
    const unseen = length ? ((this.total - length) * height) / length : 0;
    this.root.style.height = `${height + unseen}px`;
    this.clear();
    if (before >= 0) this.scrolled?.to(this.arrangement.boxOf(before).top - away);
    this.scrubber.arrange();
    this.draw();
  }

  clear() {
    for (const { root } of this.sections.values()) root.remove();
    this.sections.clear();
    this.nodes.clear();
  }

  /** Bring the tiles near the view, and take the others away. */
  draw() {
    const { scrolled, arrangement, shapes } = this;
    if (this.gone || !scrolled || !shapes.length) return;
    const { top, height } = scrolled;
    const [first, end] = arrangement.rowsBetween(top - NEAR, top + height + NEAR);
    const start = arrangement.rowStart(first);
    const stop = end > first ? arrangement.rowEnd[end - 1] : start;
    const held = focused(this.root);
    const fast = scrolled.speed > FAST;
    this.forget(start, stop, held);
    if (!fast) this.facts.want(shapes.ids, start, stop);
    for (let row = first; row < end; row += 1) this.drawRow(row, fast);
    this.nodes.get(this.active)?.setAttribute("tabindex", "0");
    if (!this.nodes.has(this.active)) this.nodes.get(start)?.setAttribute("tabindex", "0");
    this.scrubber.moved(top);
    clearTimeout(this.settling);
    if (fast) this.settling = window.setTimeout(() => {
      scrolled.speed = 0;
      this.draw();
    }, SETTLED);
  }

  /**
   * Take away the tiles before `start` and from `stop` on, but not one that has the focus.
   *
   * @param {number} start
   * @param {number} stop
   * @param {HTMLElement | null} held
   */
  forget(start, stop, held) {
    for (const [place, node] of this.nodes) {
      if ((place >= start && place < stop) || node === held) continue;
      node.remove();
      this.nodes.delete(place);
    }
    for (const [place, { root, rows }] of this.sections)
      if (!rows.firstChild) { root.remove(); this.sections.delete(place); }
  }

  /**
   * @param {number} row
   * @param {boolean} fast
   */
  drawRow(row, fast) {
    const { arrangement, shapes, nodes } = this;
    const from = arrangement.rowStart(row);
    const section = arrangement.sectionOf(from);
    /** @type {import("./arrangement.js").Box[] | null} */
    let boxes = null;
    for (let place = from; place < arrangement.rowEnd[row]; place += 1) {
      const id = shapes.ids[place];
      let node = nodes.get(place);
      if (!node) {
        boxes ??= arrangement.boxesOf(row);
        node = tileNode(id, place);
        placeTile(node, boxes[place - from], section.rowsTop);
        node.setAttribute("aria-selected", String(this.app.selection.ids.has(id)));
        nodes.set(place, node);
        this.insert(node, place, this.sectionNode(section).rows);
      }
      const tile = this.facts.byId.get(id);
      if (tile && node.dataset.known !== (tile.blur ? "blur" : "facts")) tellTile(node, tile);
      if (tile && !fast && !node.dataset.filled) {
        boxes ??= arrangement.boxesOf(row);
        node.dataset.filled = "yes";
        fillTile(node, id, this.pixelsOf(place), boxes[place - from]);
      }
    }
  }

  /** @param {Section} section */
  sectionNode(section) {
    let node = this.sections.get(section.start);
    if (node) return node;
    node = sectionNode(section, { byDate: this.byDate, clear: this.data.clear,
      choose: ({ start, end }) => this.app.selection.toggleAll(start, end) });
    const next = [...this.sections].filter(([start]) => start > section.start)
      .sort(([one], [other]) => one - other)[0];
    this.root.insertBefore(node.root, next?.[1].root ?? null);
    this.sections.set(section.start, node);
    return node;
  }

  /**
   * In order: Tab, screen readers and tests go by it.
   *
   * @param {HTMLElement} node
   * @param {number} place
   * @param {HTMLElement} rows
   */
  insert(node, place, rows) {
    let after = /** @type {HTMLElement | null} */ (rows.lastElementChild);
    while (after && Number(after.dataset.number) > place)
      after = /** @type {HTMLElement | null} */ (after.previousElementSibling);
    rows.insertBefore(node, after ? after.nextSibling : rows.firstChild);
  }

  // -- marks ---------------------------------------------------------------------------------

  /** @param {Set<number>} ids  Of the photos that are chosen. */
  mark(ids) {
    for (const [place, node] of this.nodes)
      node.setAttribute("aria-selected", String(ids.has(this.idAt(place))));
    this.root.classList.toggle("choosing", ids.size > 0);
  }

  /** @param {number[]} ids */
  areFavourites(ids) { return ids.every((id) => this.facts.byId.get(id)?.favourite); }

  /**
   * @param {number[]} ids
   * @param {boolean} favourite
   */
  markFavourites(ids, favourite) {
    for (const id of ids) {
      const tile = this.facts.byId.get(id);
      if (tile) tile.favourite = favourite;
    }
    for (const node of this.nodes.values()) delete node.dataset.known; // said anew
    this.draw();
  }

  // -- what people do ------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  hover(event) {
    const node = event.pointerType === "mouse" ? around(event.target, ".tile") : null;
    if (!node || node.querySelector(".alike")) return;
    this.root.querySelector(".alike")?.remove();
    node.append(h("span", { class: "alike", "aria-hidden": "true" }, "More like this"));
  }

  /** @param {MouseEvent} event */
  click(event) {
    const node = around(event.target, ".tile");
    if (!node || this.drag.done()) return;
    const place = Number(node.dataset.number);
    const { selection } = this.app;
    this.focus(place, false);
    if (around(event.target, ".alike")) this.app.edit({ op: "like", ids: [this.idAt(place)] });
    else if (event.shiftKey) selection.extend(place);
    else if (event.ctrlKey || event.metaKey || around(event.target, ".check") || selection.ids.size)
      selection.toggle(place);
    else this.app.lightbox.open(place);
  }

  /** @param {number} place */
  focus(place, scroll = true) {
    if (!(place >= 0 && place < this.length)) return;
    this.nodes.get(this.active)?.setAttribute("tabindex", "-1");
    this.active = place;
    if (scroll || !this.nodes.has(place)) {
      const covered = this.scrubber.covered + SPACES.head;
      this.scrolled?.show(this.arrangement.boxOf(place), covered);
      this.draw();
    }
    const node = this.nodes.get(place);
    node?.setAttribute("tabindex", "0");
    node?.focus({ preventScroll: true });
  }
}
