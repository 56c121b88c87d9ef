// @ts-check
// The justified grid: rows of equal height made by CSS alone, filled as one scrolls.

import { besideInNextRow, joins } from "./arrangement.js";
import { dayName, dayRange } from "./dates.js";
import { around, h, part } from "./dom.js";
import { get, learn, thumb } from "./server.js";
import { messageOf } from "./text.js";
import { decodeTile, shapeOf, tileLabel } from "./tiles.js";

/** @import { App } from "./app.js" */
/** @import { Section } from "./arrangement.js" */
/** @import { Tile } from "./tiles.js" */
/** @import { GalleryData, ResultsPart, TileSlots } from "./types.d.ts" */

const PART = 120; // tiles fetched at once

export class Grid {
  /**
   * @param {App} app
   * @param {GalleryData} data  What it shows; more of it is fetched.
   */
  constructor(app, data) {
    this.app = app;
    this.data = data;
    /** @type {Tile[]} */
    this.tiles = [];
    this.total = data.total;
    /** @type {Map<number, HTMLElement>} */
    this.nodes = new Map();
    this.active = 0;
    this.loading = false;
    this.gone = false;
    /** @type {(Section & { header: HTMLElement, rows: HTMLElement }) | null} */
    this.section = null;
    this.byDate = !data.ranked || data.sort !== "best";
    this.root = h("div", {
      class: "grid", role: "listbox", "aria-label": "Photos", "aria-multiselectable": "true",
      onclick: (event) => this.click(event),
      ondblclick: (event) => event.preventDefault(),
      oncontextmenu: (event) => this.longPress(event),
      onkeydown: (event) => this.key(event),
    });
    this.end = h("div", { class: "end" });
    this.seen = new IntersectionObserver(
      (entries) => { if (entries.some((entry) => entry.isIntersecting)) this.more(); },
      { rootMargin: "1500px" });
    this.add(data.tiles);
    this.seen.observe(this.end);
  }

  leave() { this.seen.disconnect(); this.gone = true; }

  async more() {
    if (this.loading || this.tiles.length >= this.total) return;
    this.loading = true;
    const { q, sort, all } = this.data;
    try {
      /** @type {ResultsPart} */
      const next = await get("results", { q, sort, all, start: this.tiles.length, count: PART });
      if (this.gone) return;
      this.total = next.tiles.length ? next.total : this.tiles.length;
      this.add(next.tiles);
    } catch (error) {
      this.total = this.tiles.length; // no use in asking again and again
      this.app.say(messageOf(error));
    } finally {
      this.loading = false;
    }
    // The observer only reports changes: ask again while the end is still near.
    this.seen.unobserve(this.end);
    this.seen.observe(this.end);
  }

  /** @param {TileSlots[]} listed */
  add(listed) {
    const nodes = document.createDocumentFragment();
    for (const tile of listed.map(decodeTile)) {
      learn([[tile.id, tile.digest]]);
      if (this.nodes.has(tile.id)) continue;
      const number = this.tiles.push(tile) - 1;
      this.sectionFor(tile, number, nodes).append(this.node(tile, number));
    }
    this.root.append(nodes);
    this.mark(this.app.selection.ids);
  }

  /**
   * Which of the photos are chosen.
   *
   * @param {Set<number>} ids
   */
  mark(ids) {
    for (const [id, node] of this.nodes) node.setAttribute("aria-selected", String(ids.has(id)));
  }

  /**
   * @param {Tile[]} tiles
   * @param {boolean} favourite
   */
  markFavourites(tiles, favourite) {
    for (const tile of tiles) {
      tile.favourite = favourite;
      const node = this.nodes.get(tile.id);
      if (node) part(node, ".heart", HTMLElement).hidden = !favourite;
    }
  }

  /**
   * By day; days of few photos share a header, but not those of different halves of a year.
   *
   * @param {Tile} tile
   * @param {number} number
   * @param {DocumentFragment} nodes  Where a new section goes.
   * @returns {HTMLElement}  The rows that the tile belongs to.
   */
  sectionFor(tile, number, nodes) {
    const weak = number >= this.data.clear;
    const day = this.byDate ? tile.day : 0;
    const before = this.section;
    if (before && joins(before, day, weak)) {
      if (before.last !== day) {
        before.last = day;
        before.header.textContent = dayRange(before.first, day);
        before.rows.setAttribute("aria-label", before.header.textContent);
      }
      before.count += 1;
      return before.rows;
    }
    // A list box may hold options and groups only: what the headers say is the groups' name.
    const told = { "aria-hidden": "true" };
    if (weak && !before?.weak) nodes.append(h("p", { class: "line", ...told }, this.data.clear
      ? "Weaker matches" : "Nothing here clearly matches; the nearest are:"));
    const name = this.byDate ? dayName(day) : "";
    const header = h("div", { class: "head", ...told }, name);
    const rows = h("div", { class: "rows", role: "group",
      "aria-label": name || (weak ? "Weaker matches" : "Matches") });
    this.section = { weak, first: day, last: day, count: 1, header, rows };
    nodes.append(h("section", { role: "presentation" }, this.byDate ? header : null, rows));
    return rows;
  }

  /**
   * @param {Tile} tile
   * @param {number} number
   */
  node(tile, number) {
    const { id, burst } = tile;
    const node = h("div", {
      class: "tile", role: "option", "aria-selected": "false", "aria-label": tileLabel(tile, number),
      tabindex: number === this.active ? "0" : "-1", "data-id": id, "data-number": number,
      "data-level": tile.level, style: `--r:${shapeOf(tile)}`,
    },
    h("img", { loading: "lazy", decoding: "async", alt: "", src: thumb(id), draggable: "false",
      onerror: (event) => event.target.replaceWith(h("span", { class: "missing" }, "No picture")) }),
    h("span", { class: "check", "aria-hidden": "true" }),
    h("span", { class: "heart", "aria-hidden": "true", hidden: !tile.favourite }, "♥"),
    tile.offline ? h("span", { class: "offline", "aria-hidden": "true", title: "Not there now" }, "⏏")
      : null,
    burst ? h("span", { class: "burst", "aria-hidden": "true" }, `+${burst}`) : null,
    h("span", { class: "alike", "aria-hidden": "true" }, "More like this"));
    this.nodes.set(id, node);
    return node;
  }

  /** @param {MouseEvent} event */
  click(event) {
    const node = around(event.target, ".tile");
    if (!node) return;
    const number = Number(node.dataset.number);
    const { selection } = this.app;
    this.focus(number, false);
    if (around(event.target, ".alike")) this.app.edit({ op: "like", ids: [this.tiles[number].id] });
    else if (event.shiftKey) selection.extend(number);
    else if (event.ctrlKey || event.metaKey || around(event.target, ".check") || selection.ids.size)
      selection.toggle(number);
    else this.app.lightbox.open(number);
  }

  /** @param {PointerEvent} event */
  longPress(event) {
    if (event.pointerType !== "touch") return;
    const node = around(event.target, ".tile");
    if (!node) return;
    event.preventDefault();
    this.app.selection.toggle(Number(node.dataset.number));
  }

  /** @param {number} number */
  focus(number, scroll = true) {
    const next = this.nodes.get(this.tiles[number]?.id);
    if (!next) return;
    const old = this.nodes.get(this.tiles[this.active]?.id);
    if (old) old.tabIndex = -1;
    this.active = number;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    if (scroll) next.scrollIntoView({ block: "nearest" });
    if (number > this.tiles.length - 20) this.more();
  }

  /** @param {number} step  1: the row below, -1: above. */
  beside(step) {
    const boxes = [...this.nodes.values()].map((node) => node.getBoundingClientRect());
    return besideInNextRow(boxes, this.active, step);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { selection, lightbox, actions } = this.app;
    const id = this.tiles[this.active]?.id;
    if (id === undefined) return;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowRight: () => this.active + 1, ArrowLeft: () => this.active - 1,
      ArrowDown: () => this.beside(1), ArrowUp: () => this.beside(-1),
      Home: () => 0, End: () => this.tiles.length - 1,
    };
    if (Object.hasOwn(moves, event.key)) {
      const target = moves[event.key]();
      if (event.shiftKey && this.tiles[target]) selection.extend(target, this.active);
      this.focus(target);
    } else if (event.key === "Enter") lightbox.open(this.active);
    else if (event.key === " " || event.key === "x") selection.toggle(this.active);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.all();
    else if (event.key === "m") this.app.edit({ op: "like", ids: selection.chosen(id) });
    else if (event.key === "f") actions.favour(selection.chosen(id));
    else return;
    event.preventDefault();
  }
}
