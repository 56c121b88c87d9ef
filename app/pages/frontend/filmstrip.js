// @ts-check
// The neighbours of the photo that is open, in a row below it.

import { h } from "./dom.js";
import { preview, thumb } from "./server.js";
import { t } from "./texts.js";

/** @import { Grid } from "./grid.js" */

const EACH_SIDE = 12;

export class Filmstrip {
  /** @param {(place: number) => void} open */
  constructor(open) {
    this.root = h("div", { class: "filmstrip", role: "group", "aria-label": t("photo.around") });
    this.open = open;
    /** @type {Map<number, HTMLElement>} */
    this.nodes = new Map();
    this.shown = 0; // how often others were: those that are known too late are not
  }

  /**
   * The pictures of the nearest are loaded too.
   *
   * @param {Grid | null} grid
   * @param {number} place  Of the photo that is open; -1: it is not one of the results.
   */
  async show(grid, place) {
    const shown = this.shown += 1;
    this.root.hidden = !grid || place < 0 || grid.length < 2;
    if (this.root.hidden || !grid) return;
    const first = Math.max(0, place - EACH_SIDE);
    const end = Math.min(grid.length, place + EACH_SIDE + 1);
    const nodes = [];
    for (let at = first; at < end; at += 1) {
      const id = grid.idAt(at);
      if (id < 0) continue;
      grid.learn(at);
      const node = this.nodes.get(id) ?? this.make(id, at);
      node.setAttribute("aria-current", String(at === place));
      node.tabIndex = at === place ? 0 : -1;
      nodes.push(node);
    }
    this.nodes = new Map(nodes.map((node) => [Number(node.dataset.id), node]));
    this.root.replaceChildren(...nodes);
    const here = this.nodes.get(grid.idAt(place));
    if (here) this.root.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - this.root.clientWidth / 2;
    for (const at of [place + 1, place - 1, place + 2])
      if (grid.idAt(at) >= 0) new Image().src = preview(grid.idAt(at));
    if (grid.parts.has(first, end) || !(await grid.need(first, end))) return;
    if (shown === this.shown) this.show(grid, place);
  }

  /**
   * @param {number} id
   * @param {number} place
   */
  make(id, place) {
    return h("button", { type: "button", class: "frame", tabindex: "-1", "data-id": id,
      "aria-label": t("photo.number", { place: place + 1 }), onclick: () => this.open(place) },
    h("img", { src: thumb(id), alt: "", decoding: "async", draggable: "false" }));
  }

  clear() {
    this.shown += 1;
    this.nodes.clear();
    this.root.replaceChildren();
  }
}
