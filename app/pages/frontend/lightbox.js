// @ts-check
// One photo large, with its facts. The neighbours are loaded ahead.

import { around, button, h, part } from "./dom.js";
import { factNodes } from "./photo_facts.js";
import { get, preview, thumb } from "./server.js";
import { messageOf, missingText } from "./text.js";

/** @import { App } from "./app.js" */
/** @import { PhotoFacts } from "./types.d.ts" */

/** @typedef {{ x: number, y: number, scale: number }} Zoom  Where the picture is, in pixels. */

/**
 * The picture nearer or farther, with what lies under a point staying where it is.
 *
 * @param {Zoom} zoom
 * @param {number} scale  1 to 8: what is beyond is not gone to.
 * @param {{ x: number, y: number } | null} at  From the middle of the stage; null: its middle.
 * @returns {Zoom}
 */
export function zoomed({ x, y, scale: before }, scale, at = null) {
  const next = Math.min(8, Math.max(1, scale));
  if (next === 1) return { x: 0, y: 0, scale: 1 };
  if (!at) return { x, y, scale: next };
  return { x: at.x - ((at.x - x) * next) / before, y: at.y - ((at.y - y) * next) / before,
    scale: next };
}

export class Lightbox {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.number = 0;
    /** @type {Zoom} */
    this.view = { x: 0, y: 0, scale: 1 };
    this.gone = false;
    this.entry = false; // whether the browser's history has one for the photo that is open
    /** @type {(() => void) | null} */
    this.left = null;
    /** @type {Promise<void>} */
    this.leaving = Promise.resolve();
    this.dialog = part(app.root, ".lightbox", HTMLDialogElement);
    this.image = h("img", { class: "photo", alt: "", draggable: "false" });
    this.stage = h("div", { class: "stage" }, this.image);
    this.facts = h("aside", { class: "facts", "aria-label": "About this photo" });
    this.dialog.replaceChildren(
      this.stage,
      button("‹", () => this.step(-1), { class: "previous", "aria-label": "Previous photo" }),
      button("›", () => this.step(1), { class: "next", "aria-label": "Next photo" }),
      button("✕", () => this.dialog.close(), { class: "close", "aria-label": "Close" }),
      this.facts,
    );
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.closed());
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(this.view.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), event);
    }, { passive: false });
    this.stage.addEventListener("dblclick",
      (event) => this.zoom(this.view.scale > 1 ? 1 : 2.5, event));
    this.stage.addEventListener("pointerdown", (event) => this.drag(event));
  }

  get tiles() { return this.app.grid?.tiles ?? []; }

  /** The photo that is open. */
  get id() { return this.tiles[this.number]?.id; }

  /** @param {number} number */
  open(number) {
    this.number = number;
    if (!this.dialog.open) {
      this.dialog.showModal();
      // Back is to lead from the photo to where it was opened, not to the search before. From one
      // address with a hash to another, Streamlit does not run the page again.
      history.replaceState(history.state, "", "#");
      history.pushState({ ...history.state, photo: number }, "", "#photo");
      this.entry = true;
    }
    this.show();
  }

  closed() {
    this.app.grid?.focus(this.number);
    if (!this.entry) return; // closed by Back
    this.entry = false;
    this.leaving = new Promise((resolve) => {
      this.left = () => { this.left = null; resolve(); };
    });
    history.back();
    setTimeout(() => this.left?.(), 500); // in case the browser does not go back
  }

  // Somebody went back or forward, or ``closed`` did. Whether that was all about the photo.
  travelled() {
    if (this.left) {
      this.left();
      return true;
    }
    if (this.entry) {
      this.entry = false;
      // A name that was being asked for is not one yet.
      for (const dialog of this.app.openDialogs()) dialog.close("cancelled");
      return true;
    }
    const number = history.state?.photo;
    if (!this.tiles[number]) return false;
    this.number = number;
    this.dialog.showModal();
    this.entry = true;
    this.show();
    return true;
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
      await this.leaving;
    }
    work();
  }

  // Whether the photo is still there is asked again when one comes back to the window.
  async look() {
    if (!this.dialog.open) return;
    const { id } = this;
    const gone = (await this.app.actions.missing([id])).length > 0;
    if (this.dialog.open && this.id === id && gone !== this.gone) this.tell(id);
  }

  /** @param {number} by */
  async step(by) {
    const { grid } = this.app;
    const target = this.number + by;
    if (!grid) return;
    if (target >= grid.tiles.length) await grid.more();
    if (!grid.tiles[target]) return;
    this.number = target;
    this.show();
    if (target > grid.tiles.length - 10) grid.more();
  }

  show() {
    const { id } = this;
    this.zoom(1);
    this.facts.replaceChildren(); // those of the photo before
    // The thumbnail is there at once; the preview takes its place when it has come.
    this.image.src = thumb(id);
    this.image.alt = `Photo ${this.number + 1} of ${this.app.grid?.total}`;
    const large = new Image();
    large.onload = () => {
      if (this.id === id) this.image.src = large.src;
      for (const by of [1, -1, 2]) {
        const next = this.tiles[this.number + by];
        if (next) new Image().src = preview(next.id);
      }
    };
    large.onerror = async () => {
      if (this.id !== id) return;
      const paths = await this.app.actions.missing([id]);
      if (paths.length) this.app.say(missingText(paths, 1));
    };
    large.src = preview(id);
    this.tell(id);
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
      this.facts.replaceChildren(h("p", {}, messageOf(error)));
      return;
    }
    if (this.id !== id) return;
    this.gone = facts.missing || facts.offline;
    this.facts.replaceChildren(...factNodes(this.app, facts));
  }

  /**
   * @param {number} scale
   * @param {MouseEvent | null} event  Where the mouse is.
   */
  zoom(scale, event = null) {
    const box = this.stage.getBoundingClientRect();
    const at = event && { x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2 };
    this.view = zoomed(this.view, scale, at);
    const { x, y } = this.view;
    this.image.style.transform = `translate(${x}px, ${y}px) scale(${this.view.scale})`;
    this.stage.dataset.scale = this.view.scale.toFixed(2);
  }

  /** @param {PointerEvent} down */
  drag(down) {
    const [startX, startY] = [down.clientX - this.view.x, down.clientY - this.view.y];
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (this.view.scale === 1) return;
      this.view.x = event.clientX - startX;
      this.view.y = event.clientY - startY;
      this.zoom(this.view.scale);
    };
    /** @param {PointerEvent} event */
    const up = (event) => {
      this.stage.removeEventListener("pointermove", move);
      const far = event.clientX - down.clientX;
      if (this.view.scale === 1 && Math.abs(far) > 60) this.step(far < 0 ? 1 : -1); // a swipe
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", up, { once: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (around(event.target, "input, textarea")) return;
    const { app, id } = this;
    const { scale } = this.view;
    /** @type {Record<string, () => unknown>} */
    const keys = {
      ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1),
      "+": () => this.zoom(scale * 1.4), "=": () => this.zoom(scale * 1.4),
      "-": () => this.zoom(scale / 1.4), 0: () => this.zoom(1),
      f: () => app.actions.favour([id]).then(() => this.tell(id)),
      x: () => app.selection.toggle(this.number),
      m: () => this.leave(() => app.edit({ op: "like", ids: [id] })),
      d: () => app.actions.download([id]),
    };
    if (event.ctrlKey || event.metaKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }
}
