// @ts-check
// Two photos of a group side by side, moved and enlarged together.

import { button, h, named, part } from "./dom.js";
import { icon } from "./icons.js";
import { original, preview } from "./server.js";
import { fileSize } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { CopySlots } from "./types.d.ts" */

const NEAR = 3; // times as large

export class Comparison {
  /**
   * @param {App} app
   * @param {CopySlots[]} copies
   * @param {number} kept  The place of the one that is kept, on the left at first.
   * @param {(place: number) => void} keep
   */
  constructor(app, copies, kept, keep) {
    this.copies = copies;
    this.keep = keep;
    this.kept = kept;
    this.other = kept ? 0 : 1;
    this.near = false;
    this.dialog = part(app.root, ".compared", HTMLDialogElement);
    this.sides = h("div", { class: "sides", onclick: (event) => this.zoom(event),
      onpointermove: (event) => { if (event.pointerType === "mouse") this.point(event); } });
  }

  open() {
    const several = this.copies.length > 2;
    this.dialog.replaceChildren(
      h("button", { type: "button", class: "tool close", "aria-label": t("page.close"),
        onclick: () => this.dialog.close() }, icon("x")),
      h("h2", {}, t("copies.compare")), this.sides,
      h("div", { class: "actions" },
        several ? button(t("copies.previous"), () => this.step(-1)) : null,
        several ? button(t("copies.next"), () => this.step(1)) : null));
    this.dialog.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step && several) this.step(step);
    };
    this.draw();
    this.dialog.showModal();
  }

  /** @param {number} step  To another one beside the one that is kept. */
  step(step) {
    const count = this.copies.length;
    do this.other = (this.other + step + count) % count; while (this.other === this.kept);
    this.draw();
  }

  draw() {
    this.near = false;
    this.sides.replaceChildren(this.side(this.kept), this.side(this.other));
  }

  /** @param {number} place */
  side(place) {
    const [id, , path, width, height, bytes] = this.copies[place];
    const is = place === this.kept;
    return h("figure", {}, h("div", { class: "frame" }, h("img", { src: preview(id), alt: path,
      "data-id": String(id) })),
    h("figcaption", {}, h("span", { class: "path", title: path }, named(path)),
      h("span", {}, `${width} × ${height}, ${fileSize(bytes)}`)),
    h("button", { type: "button", class: is ? "main" : "", "aria-pressed": String(is), onclick: (event) => {
      event.stopPropagation();
      if (is) return;
      [this.kept, this.other] = [place, this.kept];
      this.keep(place);
      this.draw();
    } }, ...(is ? [icon("check"), t("copies.kept")] : [t("copies.keep")])));
  }

  /** @param {MouseEvent} event */
  zoom(event) {
    if (!(event.target instanceof HTMLImageElement)) return;
    this.near = !this.near;
    for (const image of this.sides.querySelectorAll("img")) {
      // Only now are the files' own pixels of use.
      if (this.near) image.src = original(Number(image.dataset.id));
      image.style.transform = this.near ? `scale(${NEAR})` : "";
    }
    this.point(event);
  }

  /** @param {MouseEvent} event  What is under the mouse in one of them is seen in both. */
  point(event) {
    if (!(event.target instanceof Element)) return;
    const frame = event.target.closest(".frame");
    if (!frame || !this.near) return;
    const box = frame.getBoundingClientRect();
    const at = `${(100 * (event.clientX - box.left)) / box.width}% ${
      (100 * (event.clientY - box.top)) / box.height}%`;
    for (const image of this.sides.querySelectorAll("img")) image.style.transformOrigin = at;
  }
}
