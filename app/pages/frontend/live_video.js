// @ts-check
// The short video of a live photo: it plays once over its picture, without sound, and goes again.

import { h } from "./dom.js";
import { beside } from "./server.js";
import { t } from "./texts.js";

/** @import { Lightbox } from "./lightbox.js" */
/** @import { PhotoFacts } from "./types.d.ts" */

export class LiveVideo {
  /** @param {Lightbox} lightbox */
  constructor(lightbox) {
    this.lightbox = lightbox;
    this.id = -1;
    this.file = -1;
    /** @type {HTMLVideoElement | null} */
    this.player = null;
  }

  /**
   * Offer what a photo has.
   *
   * @param {PhotoFacts} facts
   */
  show(facts) {
    if (this.id !== facts.id) this.stop();
    this.id = facts.id;
    this.file = facts.beside.find((one) => one.video)?.id ?? -1;
    this.lightbox.tools.live.hidden = this.file < 0;
  }

  /** Another photo is shown, or none. */
  stop() {
    this.clear();
    this.id = -1;
    this.lightbox.tools.live.hidden = true;
  }

  toggle() {
    if (this.player) this.clear();
    else this.play();
  }

  play() {
    const { id, file, lightbox: { stage, tools } } = this;
    stage.scaleTo(1);
    const { width, height } = stage.image.style;
    const player = h("video", { class: "live-video", autoplay: "", playsinline: "",
      src: beside(id, file) });
    Object.assign(player.style, { width, height });
    player.muted = true;
    player.addEventListener("ended", () => this.clear());
    player.addEventListener("error", () => this.refused());
    stage.root.append(player);
    tools.live.setAttribute("aria-pressed", "true");
    this.player = player;
  }

  clear() {
    const { player } = this;
    if (!player) return;
    this.player = null;
    player.pause();
    player.removeAttribute("src"); // so that no more of it is fetched
    player.remove();
    this.lightbox.tools.live.setAttribute("aria-pressed", "false");
  }

  refused() {
    if (!this.player) return;
    this.clear();
    const { id, file, lightbox } = this;
    lightbox.warn(t("photo.no-live-video"));
    lightbox.notice.append(" ", h("a", { href: beside(id, file, true), download: "" }, t("photo.download")));
  }
}
