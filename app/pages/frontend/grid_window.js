// @ts-check
// The part of the grid that has elements: what is near the view.

import { around, focused } from "./dom.js";
import { PROMPT, fillTile, placeTile, sectionNode, tellTile, tileNode } from "./tile_nodes.js";

/** @import { Arrangement, Box, Section } from "./arrangement.js" */
/** @import { Grid } from "./grid.js" */

const NEAR = 700; // pixels above and below the view that have tiles too
const AT_FIRST = 120; // the same before anybody has scrolled: a visit may end with the first photos
const FAST = 6; // pixels a millisecond: pictures are not asked for on the way
const SETTLED = 90; // milliseconds

export class GridWindow {
  /** @param {Grid} grid */
  constructor(grid) {
    this.grid = grid;
    this.near = AT_FIRST;
    /** @type {Map<number, HTMLElement>} */
    this.nodes = new Map(); // tiles, by place
    /** @type {Map<number, { root: HTMLElement, rows: HTMLElement }>} */
    this.sections = new Map(); // by their first place
    this.settling = 0;
    this.moving = 0;
    this.blurs = false;
    this.waiting = 0;
  }

  leave() {
    clearTimeout(this.waiting);
    clearTimeout(this.settling);
    clearTimeout(this.moving);
  }

  /** The grid has been scrolled. Pictures fade in only while it rests: many at once take long. */
  moved() {
    this.near = NEAR;
    this.blurs = true;
    if (!this.moving) this.grid.root.classList.add("moving");
    clearTimeout(this.moving);
    this.moving = window.setTimeout(() => {
      this.moving = 0;
      this.grid.root.classList.remove("moving");
    }, SETTLED);
    this.draw();
  }

  /**
   * The grid is arranged anew. What lies where it lay stays, and so do the pictures on their way.
   *
   * @param {Arrangement} former
   */
  rearranged(former) {
    const { arrangement } = this.grid;
    for (const [start, { root }] of this.sections) {
      if (arrangement.hasAlike(former, start)) continue;
      root.remove();
      this.sections.delete(start);
    }
    for (const [place, node] of this.nodes) if (!node.isConnected) this.nodes.delete(place);
  }

  /** Bring the tiles near the view, and take the others away. */
  draw() {
    const { scrolled, arrangement, shapes, root, active, facts } = this.grid;
    if (this.grid.gone || !scrolled || !shapes.length) return;
    const { top, height } = scrolled;
    const [first, end] = arrangement.rowsBetween(top - this.near, top + height + this.near);
    const start = arrangement.rowStart(first);
    const stop = end > first ? arrangement.rowEnd[end - 1] : start;
    const held = focused(root);
    const fast = scrolled.speed > FAST;
    this.forget(start, stop, held);
    if (!fast) {
      this.grid.near(start, stop);
      facts.want(shapes.ids, start, stop, this.blurs);
    }
    for (let row = first; row < end; row += 1) this.drawRow(row, fast);
    if (end > first) this.stopAt(this.nodes.has(active) ? active : arrangement.placeAt(0, top));
    this.waiting ||= window.setTimeout(() => this.bridge(), PROMPT);
    this.grid.scrubber.moved(top);
    clearTimeout(this.settling);
    if (fast) this.settling = window.setTimeout(() => {
      scrolled.speed = 0;
      this.draw();
    }, SETTLED);
  }

  /**
   * A photo has got the focus, also by Tab or from a dialog that was closed: the keys are about it.
   *
   * @param {FocusEvent} event
   */
  reached(event) {
    const node = around(event.target, ".tile");
    if (!node) return;
    this.grid.active = Number(node.dataset.number);
    this.stopAt(this.grid.active);
  }

  /**
   * Of all tiles one is a stop of Tab: the arrows lead to the others.
   *
   * @param {number} place
   */
  stopAt(place) {
    for (const [at, node] of this.nodes) {
      const wanted = at === place ? 0 : -1;
      if (node.tabIndex !== wanted) node.tabIndex = wanted;
    }
  }

  /** Show something of the first photos until their pictures have come, if these take long. */
  bridge() {
    if (this.blurs || [...this.nodes.values()].every((node) => node.querySelector("img.in, .missing")))
      return;
    this.blurs = true;
    this.draw();
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
    const { nodes } = this;
    const { app, arrangement, shapes, facts } = this.grid;
    const from = arrangement.rowStart(row);
    const section = arrangement.sectionOf(from);
    /** @type {Box[] | null} */
    let boxes = null;
    for (let place = from; place < arrangement.rowEnd[row]; place += 1) {
      const id = shapes.ids[place];
      let node = nodes.get(place);
      if (!node) {
        boxes ??= arrangement.boxesOf(row);
        node = tileNode(place);
        placeTile(node, boxes[place - from], section.rowsTop);
        nodes.set(place, node);
        this.insert(node, place, this.sectionNode(section).rows);
      }
      if (id < 0) continue; // its address is on the way
      if (!node.dataset.id) {
        node.dataset.id = String(id);
        node.setAttribute("aria-selected", String(app.selection.ids.has(id)));
      }
      const tile = facts.byId.get(id);
      if (tile && node.dataset.known !== (tile.blur ? "blur" : "facts")) tellTile(node, tile);
      if (!fast && !node.dataset.filled) {
        boxes ??= arrangement.boxesOf(row);
        node.dataset.filled = "yes";
        this.grid.learn(place);
        fillTile(node, id, this.grid.pixelsOf(place), boxes[place - from], tile?.moment ?? -1);
      }
    }
  }

  /** @param {Section} section */
  sectionNode(section) {
    let node = this.sections.get(section.start);
    if (node) return node;
    const { app, byDate, data, root } = this.grid;
    node = sectionNode(section, { byDate, clear: data.clear,
      choose: ({ start, end }) => app.selection.toggleAll(start, end) });
    const next = [...this.sections].filter(([start]) => start > section.start)
      .sort(([one], [other]) => one - other)[0];
    root.insertBefore(node.root, next?.[1].root ?? null);
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

  /** @param {Set<number>} ids  Of the photos that are chosen. */
  mark(ids) {
    for (const [place, node] of this.nodes)
      node.setAttribute("aria-selected", String(ids.has(this.grid.idAt(place))));
    this.grid.root.classList.toggle("choosing", ids.size > 0);
  }
}
