// @ts-check
// The picture itself: first its thumbnail, then larger ones, to its own pixels.

import { h } from "./dom.js";
import { original, preview, thumb } from "./server.js";
import { TextMarks } from "./text_lines.js";
import { WHOLE, fitted, held, mostScale, ownScale, zoomed } from "./zoom.js";

/** @import { Point, Size, Zoom } from "./zoom.js" */

const PREVIEW = 1600; // pixels of its longer side

export class PhotoStage {
  /** @param {{ failed: (id: number) => void, zoomed: (scale: number, own: number) => void }} told */
  constructor(told) {
    this.told = told;
    this.image = h("img", { class: "photo", alt: "", draggable: "false" });
    this.root = h("div", { class: "stage", tabindex: "-1" }, this.image);
    this.marks = new TextMarks();
    this.root.append(this.marks.root);
    /** @type {Zoom} */
    this.zoom = { ...WHOLE };
    this.id = -1;
    this.has = 0; // pixels of the longer side of what is shown
    /** @type {Size | null} */
    this.pixels = null;
    new ResizeObserver(() => this.show(this.zoom)).observe(this.root);
  }

  /** @returns {Size} */
  get size() { return { width: this.root.clientWidth, height: this.root.clientHeight }; }

  /** @returns {Size}  The whole picture, on the stage. */
  get whole() { return fitted(this.pixels ?? { width: 3, height: 2 }, this.size); }

  get own() { return this.pixels ? ownScale(this.pixels, this.whole) : 1; }
  get most() { return mostScale(this.own); }

  /**
   * @param {number} id
   * @param {Size | null} pixels  Of the photo; null: not known yet.
   * @param {string} alt
   */
  open(id, pixels, alt) {
    this.id = id;
    this.pixels = pixels;
    this.image.alt = alt;
    this.image.hidden = false;
    this.has = 0;
    this.marks.mark([]); // those of the photo before
    this.image.src = thumb(id); // there at once; the preview takes its place when it has come
    this.show({ ...WHOLE });
    this.load(preview(id), PREVIEW, () => this.told.failed(id));
  }

  /** There is no such photo. */
  close() {
    this.id = -1;
    this.marks.mark([]);
    this.image.removeAttribute("src");
    this.image.hidden = true;
  }

  /** @param {Size} pixels */
  measure(pixels) {
    if (this.pixels) return;
    this.pixels = pixels;
    this.show(this.zoom);
  }

  /**
   * A larger picture in place of the one that is shown.
   *
   * @param {string} source
   * @param {number} side  Pixels of its longer side.
   * @param {() => void} failed
   */
  load(source, side, failed) {
    const { id } = this;
    const large = new Image();
    large.onload = () => {
      if (this.id !== id || this.has >= side) return;
      this.has = side;
      this.image.src = large.src;
      this.show(this.zoom); // which may need still more
    };
    large.onerror = () => { if (this.id === id) failed(); };
    large.src = source;
  }

  /** @param {Zoom} zoom */
  show(zoom) {
    const { whole, size, pixels } = this;
    if (!size.width) return;
    this.zoom = held(zoom, whole, size);
    const { x, y, scale } = this.zoom;
    // As large as it is shown, so that its own pixels are drawn, and not those of a smaller layer.
    for (const { style } of [this.image, this.marks.root]) {
      style.width = `${(whole.width * scale).toFixed(1)}px`;
      style.height = `${(whole.height * scale).toFixed(1)}px`;
      style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
    this.root.dataset.scale = scale.toFixed(2);
    this.told.zoomed(scale, this.own);
    if (!pixels || !this.has) return;
    const longer = Math.max(pixels.width, pixels.height);
    const wanted = Math.min(longer, Math.max(whole.width, whole.height) * scale * devicePixelRatio);
    if (this.has === PREVIEW && longer > PREVIEW && wanted > PREVIEW * 1.15) {
      this.has = PREVIEW + 1; // asked for once; where the browser can't show it, the preview stays
      this.load(original(this.id), longer, () => undefined);
    }
  }

  /**
   * @param {number} scale
   * @param {Point | null} at
   */
  scaleTo(scale, at = null) { this.show(zoomed(this.zoom, scale, at, this.most)); }

  /**
   * Between the whole picture and its own pixels.
   *
   * @param {Point | null} at
   */
  toggle(at = null) {
    this.scaleTo(this.zoom.scale > 1 ? 1 : this.own > 1.2 ? this.own : 2.5, at);
  }

  /**
   * The whole picture under a finger.
   *
   * @param {number} x
   * @param {number} y
   */
  follow(x, y) {
    if (this.zoom.scale > 1) return;
    const down = Math.max(0, y);
    const shown = Math.abs(x) > Math.abs(y) ? `translate(${x}px, 0)`
      : `translate(0, ${down}px) scale(${1 - Math.min(0.3, down / 1200)})`;
    for (const { style } of [this.image, this.marks.root]) style.transform = x || y ? shown : "";
    this.root.style.opacity = Math.abs(x) > Math.abs(y) ? "" : String(1 - Math.min(0.6, down / 500));
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}  From the middle of the stage.
   */
  pointOf(event) {
    const box = this.root.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }
}
