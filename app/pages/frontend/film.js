// @ts-check
// A video in the lightbox: it plays from the moment that fits, in place of its picture. Where nobody
// has clicked yet, browsers wait for a click before they let it sound.

import { h } from "./dom.js";
import { LiveVideo } from "./live_video.js";
import { original, preview, thumb } from "./server.js";
import { clock } from "./text.js";
import { t } from "./texts.js";

/** @import { Lightbox } from "./lightbox.js" */
/** @import { App } from "./app.js" */
/** @import { Edit, PhotoFacts } from "./types.d.ts" */

const OWN_KEYS = new Set([" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * The edit that asks for photos like some, or unlike them: of a video, at the moment that it shows.
 *
 * @param {App} app
 * @param {"like" | "without"} op
 * @param {number[]} ids
 * @returns {Edit}
 */
export function alike({ lightbox }, op, ids) {
  return { op, ids, moments: ids.map((id) => lightbox.film.momentOf(id)) };
}

export class Film {
  /** @param {Lightbox} lightbox */
  constructor(lightbox) {
    this.lightbox = lightbox;
    this.live = new LiveVideo(lightbox);
    this.id = -1;
    /** @type {HTMLVideoElement | null} */
    this.player = null;
  }

  /**
   * Show what is known of a photo by now: a player, if it is a video whose file is there.
   *
   * @param {PhotoFacts} facts
   */
  show(facts) {
    const { stage, gone } = this.lightbox;
    this.live.show(facts);
    if (facts.duration === null || gone) {
      this.end();
      return;
    }
    if (this.id === facts.id) return; // it plays, or can't be played
    this.end();
    this.id = facts.id;
    const moment = this.momentOf(facts.id);
    const from = moment > 0 ? `#t=${(moment / 1000).toFixed(2)}` : "";
    const player = h("video", { class: "film", controls: "", playsinline: "", autoplay: "",
      preload: "metadata", poster: moment > 0 ? thumb(facts.id, moment) : preview(facts.id),
      src: original(facts.id) + from, "aria-label": facts.name });
    player.addEventListener("error", () => this.refused(facts.id, moment));
    // Its own clicks and keys are not the stage's.
    for (const kind of ["pointerdown", "click", "dblclick"])
      player.addEventListener(kind, (event) => event.stopPropagation());
    player.addEventListener("keydown", (event) => {
      if (OWN_KEYS.has(event.key)) event.stopPropagation();
    });
    stage.image.hidden = true;
    stage.root.append(player);
    this.player = player;
  }

  /**
   * Where a video stands, or where it fits best, in milliseconds; -1: of a photo, or not known.
   *
   * @param {number} id
   */
  momentOf(id) {
    const { player } = this;
    if (this.id === id && player?.readyState) return Math.round(player.currentTime * 1000);
    return this.lightbox.grid?.facts.byId.get(id)?.moment ?? -1;
  }

  /** Another photo is shown, or none. */
  stop() {
    this.end();
    this.live.stop();
  }

  /** No more of it; the picture is shown again. */
  end() {
    this.id = -1;
    this.clear();
  }

  clear() {
    if (!this.player) return;
    this.player.pause();
    this.player.removeAttribute("src"); // so that no more of it is fetched
    this.player.remove();
    this.player = null;
    this.lightbox.stage.image.hidden = false;
  }

  /**
   * @param {number} id  Of a video that the browser can't play.
   * @param {number} moment  Of it that fits, in milliseconds; -1: none is asked for.
   */
  refused(id, moment) {
    if (this.id !== id || !this.player) return;
    this.clear();
    this.lightbox.warn(moment > 0 ? t("photo.no-video-at", { time: clock(moment / 1000) })
      : t("photo.no-video"));
    this.lightbox.notice.append(" ", h("a", { href: original(id, true), download: "" }, t("photo.download")));
  }
}
