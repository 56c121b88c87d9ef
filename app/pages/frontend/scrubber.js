// @ts-check
// The time at the right edge: where one is among the months of the results, and the way to others.

import { monthName } from "./dates.js";
import { h } from "./dom.js";
import { markAt, marksOf, monthDots, yearLabels } from "./scrubber_marks.js";
import { t } from "./texts.js";

/** @import { Grid } from "./grid.js" */

const LEAST = 22; // pixels between two years
const DOTS = 7;

export class Scrubber {
  /** @param {Grid} grid */
  constructor(grid) {
    this.grid = grid;
    /** @type {import("./scrubber_marks.js").Mark[]} */
    this.marks = [];
    this.hand = h("span", { class: "hand" });
    this.bubble = h("span", { class: "bubble" });
    this.scale = h("span", { class: "scale", "aria-hidden": "true" });
    this.root = h("div", { class: "scrubber", role: "slider", tabindex: "0", hidden: true,
      "aria-label": t("grid.date"), "aria-orientation": "vertical", "aria-valuemin": "0",
      onkeydown: (event) => this.key(event),
      onpointerdown: (event) => this.drag(event),
      onpointermove: (event) => this.point(event),
      onpointerleave: () => this.say(this.at),
    }, this.scale, this.hand, this.bubble);
    this.at = 0;
    this.resting = 0;
  }

  /** What covers the photos at the upper edge, in pixels. */
  get covered() {
    return parseFloat(getComputedStyle(this.root).getPropertyValue("--sticky")) || 0;
  }

  get track() { return this.root.clientHeight; }

  /** How far the grid can be scrolled. */
  get whole() {
    const { scrolled, arrangement } = this.grid;
    return Math.max(1, arrangement.height - (scrolled?.height ?? 0) + this.covered);
  }

  arrange() {
    const { grid } = this;
    this.marks = grid.byDate ? marksOf(grid.shapes.days, grid.arrangement) : [];
    const long = grid.arrangement.height > (grid.scrolled?.height ?? 0) * 1.5;
    this.root.hidden = this.marks.length < 2 || !long;
    grid.frame.classList.toggle("scrubbed", !this.root.hidden);
    if (this.root.hidden) return;
    const { track, marks, whole } = this;
    this.root.setAttribute("aria-valuemax", String(marks.length - 1));
    this.scale.replaceChildren(
      ...monthDots(marks, whole, track, DOTS).map((y) => placed("i", {}, y)),
      ...yearLabels(marks, whole, track, LEAST).map(({ year, y }) => placed("b", {}, y, `${year}`)));
  }

  /**
   * The grid has been scrolled.
   *
   * @param {number} top
   */
  moved(top) {
    if (this.root.hidden || !this.marks.length) return;
    const share = Math.min(1, Math.max(0, top / this.whole));
    this.hand.style.transform = `translateY(${(share * this.track).toFixed(1)}px)`;
    this.at = markAt(this.marks, top + this.covered + 60);
    if (this.root.matches(":focus, :active") && !this.root.matches(":hover")) this.say(this.at);
    if (this.root.getAttribute("aria-valuenow") !== String(this.at)) {
      this.root.setAttribute("aria-valuenow", String(this.at));
      this.root.setAttribute("aria-valuetext", monthName(this.marks[this.at].month));
    }
    this.root.classList.add("moving");
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.root.classList.remove("moving"), 900);
  }

  /**
   * The month beside the hand, or beside the mouse.
   *
   * @param {number} mark
   */
  say(mark, y = NaN) {
    const here = Number.isNaN(y)
      ? Math.min(1, Math.max(0, (this.grid.scrolled?.top ?? 0) / this.whole)) * this.track : y;
    this.bubble.textContent = monthName(this.marks[mark].month);
    this.bubble.style.transform = `translateY(${here.toFixed(1)}px)`;
  }

  /** @param {PointerEvent} event */
  shareAt(event) {
    const box = this.root.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  }

  /** @param {PointerEvent} event */
  point(event) {
    const share = this.shareAt(event);
    this.say(markAt(this.marks, share * this.whole + 60), share * this.track);
  }

  /** @param {PointerEvent} down */
  drag(down) {
    down.preventDefault();
    this.root.focus({ preventScroll: true });
    this.root.setPointerCapture(down.pointerId);
    const away = new AbortController();
    /** @param {PointerEvent} event */
    const move = (event) => {
      this.point(event);
      this.grid.scrolled?.to(this.shareAt(event) * this.whole);
    };
    move(down);
    this.root.addEventListener("pointermove", move, { signal: away.signal });
    for (const end of ["pointerup", "pointercancel"])
      this.root.addEventListener(end, () => away.abort(), { once: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { marks, at } = this;
    if (!marks.length || event.altKey) return;
    const year = Math.floor(marks[at].month / 12);
    /** @param {number} step */
    const byYear = (step) => {
      let target = at;
      while (marks[target + step] && Math.floor(marks[target].month / 12) === year) target += step;
      return target;
    };
    /** @type {Record<string, () => number>} */
    const moves = { ArrowDown: () => at + 1, ArrowRight: () => at + 1, ArrowUp: () => at - 1,
      ArrowLeft: () => at - 1, PageDown: () => byYear(1), PageUp: () => byYear(-1), Home: () => 0,
      End: () => marks.length - 1 };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    this.go(Math.min(marks.length - 1, Math.max(0, moves[event.key]())));
  }

  /** @param {number} mark */
  go(mark) {
    const section = this.grid.arrangement.sectionOf(this.marks[mark].place);
    const top = this.marks[mark].place === section.start ? section.top : this.marks[mark].top - 48;
    this.grid.scrolled?.to(top - this.covered);
    this.at = mark;
    this.root.setAttribute("aria-valuenow", String(mark));
    this.root.setAttribute("aria-valuetext", monthName(this.marks[mark].month));
  }
}

/**
 * @param {"i" | "b"} tag
 * @param {Record<string, string>} attributes
 * @param {number} y
 */
function placed(tag, attributes, y, text = "") {
  const node = h(tag, attributes, text);
  node.style.top = `${y.toFixed(1)}px`;
  return node;
}
