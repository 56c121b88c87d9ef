// @ts-check
// The buttons above the photo that is open.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/** @import { Grid } from "./grid.js" */
/** @import { Lightbox } from "./lightbox.js" */

const QUIET = 2600; // milliseconds without the mouse, in a slideshow

export class LightboxTools {
  /** @param {Lightbox} lightbox */
  constructor(lightbox) {
    this.lightbox = lightbox;
    this.counted = h("span", { class: "counted" });
    this.favourite = tool("heart", t("photo.favourite-key"), () => lightbox.favour(), "loved");
    this.live = h("button", { type: "button", class: "photo-tool live", hidden: true,
      "aria-pressed": "false", title: t("photo.play-live"),
      onclick: () => lightbox.film.live.toggle() }, icon("circle-dot"), t("photo.live"));
    this.nearer = tool("zoom-in", t("photo.own-pixels"), () => lightbox.stage.toggle());
    this.playing = tool("play", t("photo.slideshow"), () => lightbox.show.toggle());
    this.filling = tool("maximize", t("photo.full-screen"), () => this.fill());
    this.telling = tool("info", t("photo.about-key"),
      () => lightbox.tellMore(lightbox.inner.dataset.facts === "no"));
    this.root = h("div", { class: "photo-tools" },
      tool("arrow-left", t("page.close"), () => lightbox.dialog.close(), "close"), this.counted,
      h("span", { class: "space" }), this.live, this.nearer, this.playing, this.filling, this.favourite,
      this.telling);
    this.resting = 0;
    document.addEventListener("fullscreenchange", () => this.filling.replaceChildren(
      icon(document.fullscreenElement ? "minimize" : "maximize")));
  }

  /** @param {boolean} yes */
  markFavourite(yes) { this.favourite.setAttribute("aria-pressed", String(yes)); }

  get isFavourite() { return this.favourite.getAttribute("aria-pressed") === "true"; }

  /**
   * @param {Grid | null} grid
   * @param {number} place  Among its photos; -1: it is none of them.
   */
  tellPlace(grid, place) {
    const { inner } = this.lightbox;
    this.counted.textContent = grid && place >= 0 ? t("photo.place", { place: place + 1, total: grid.total }) : "";
    inner.dataset.first = String(place <= 0);
    inner.dataset.last = String(!grid || place < 0 || place + 1 >= grid.total);
  }

  /**
   * @param {number} scale
   * @param {number} own
   */
  zoomed(scale, own) {
    this.lightbox.inner.dataset.zoomed = String(scale > 1);
    const name = t(scale > 1 ? "photo.whole" : own > 1.2 ? "photo.own-pixels" : "photo.nearer");
    if (this.nearer.title === name) return;
    this.nearer.replaceChildren(icon(scale > 1 ? "zoom-out" : "zoom-in"));
    this.nearer.title = name;
    this.nearer.setAttribute("aria-label", name);
  }

  fill() {
    const { app, inner } = this.lightbox;
    if (document.fullscreenElement) document.exitFullscreen();
    else inner.requestFullscreen().catch(() => app.say(t("said.no-full-screen")));
  }

  /** @param {boolean} running */
  showing(running) {
    this.lightbox.inner.dataset.show = String(running);
    this.playing.replaceChildren(icon(running ? "pause" : "play"));
    this.playing.setAttribute("aria-pressed", String(running));
    this.wake();
  }

  // In a slideshow, the controls go while the mouse rests.
  wake() {
    const { inner, show } = this.lightbox;
    delete inner.dataset.resting;
    clearTimeout(this.resting);
    if (show.running)
      this.resting = window.setTimeout(() => { inner.dataset.resting = "yes"; }, QUIET);
  }
}

/**
 * @param {string} drawn
 * @param {string} name
 * @param {() => unknown} onclick
 */
export function tool(drawn, name, onclick, kind = "") {
  return h("button", { type: "button", class: `photo-tool ${kind}`, "aria-label": name, title: name,
    onclick }, icon(drawn));
}
