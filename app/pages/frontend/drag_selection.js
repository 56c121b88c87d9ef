// @ts-check
// Choosing photos by dragging over them: with the mouse, or by a long press of a finger.

import { around } from "./dom.js";

/** @import { Grid } from "./grid.js" */

const FAR = 9; // pixels; less is a click
const LONG = 420; // milliseconds
const EDGE = 70; // pixels from the edge where it begins to scroll

export class DragSelection {
  /** @param {Grid} grid */
  constructor(grid) {
    this.grid = grid;
    this.away = new AbortController();
    this.dragging = false;
    this.ended = 0; // when the last one ended: the click that follows is not one
    this.start = -1;
    this.from = { x: 0, y: 0 };
    this.at = { x: 0, y: 0 };
    this.pressing = 0;
    /** @type {Set<number>} */
    this.before = new Set();
    const { root } = grid;
    const { signal } = this.away;
    root.addEventListener("pointerdown", (event) => this.down(event), { signal });
    window.addEventListener("pointermove", (event) => this.move(event), { signal });
    window.addEventListener("pointerup", () => this.up(), { signal });
    window.addEventListener("pointercancel", () => this.up(), { signal });
    root.addEventListener("contextmenu", (event) => {
      if (this.start >= 0 && this.touch) event.preventDefault();
    }, { signal });
    // Only this keeps a finger that is choosing from scrolling.
    root.addEventListener("touchmove", (event) => {
      if (this.dragging) event.preventDefault();
    }, { passive: false, signal });
  }

  leave() { this.away.abort(); this.up(); }

  /** Whether a click belongs to a drag that has just ended. */
  done() { return performance.now() - this.ended < 60; }

  /** @param {PointerEvent} event */
  down(event) {
    const node = around(event.target, ".tile");
    if (!node || event.button !== 0 || !event.isPrimary || event.shiftKey) return;
    this.start = Number(node.dataset.number);
    this.touch = event.pointerType === "touch";
    this.from = this.at = { x: event.clientX, y: event.clientY };
    if (this.touch) this.pressing = window.setTimeout(() => this.begin(), LONG);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.start < 0) return;
    this.at = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(this.at.x - this.from.x, this.at.y - this.from.y) > FAR;
    if (this.dragging) this.take();
    else if (far && this.touch) this.up(); // it scrolls
    else if (far) this.begin();
  }

  begin() {
    const { selection } = this.grid.app;
    this.dragging = true;
    this.before = new Set(selection.ids);
    this.grid.root.classList.add("dragging");
    this.take();
    const scroll = () => {
      const { scrolled } = this.grid;
      if (!this.dragging || !scrolled) return;
      const bottom = window.innerHeight;
      const by = this.at.y < EDGE + 56 ? this.at.y - EDGE - 56
        : this.at.y > bottom - EDGE ? this.at.y - bottom + EDGE : 0;
      if (by) {
        scrolled.by(by / 4);
        this.take();
      }
      requestAnimationFrame(scroll);
    };
    scroll();
  }

  /** Choose all from where it began to where it is, besides what was chosen before. */
  take() {
    const { grid } = this;
    const box = grid.root.getBoundingClientRect();
    const place = grid.arrangement.placeAt(this.at.x - box.left, this.at.y - box.top);
    grid.app.selection.between(this.start, place, this.before);
  }

  up() {
    clearTimeout(this.pressing);
    if (this.dragging) this.ended = performance.now();
    this.grid.root.classList.remove("dragging");
    this.dragging = false;
    this.start = -1;
  }
}
