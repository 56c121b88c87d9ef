// @ts-check
// The keys of the lightbox.

import { around } from "./dom.js";
import { alike } from "./film.js";

/** @import { Lightbox } from "./lightbox.js" */

/**
 * @param {Lightbox} lightbox
 * @param {KeyboardEvent} event
 */
export function lightboxKey(lightbox, event) {
  if (around(event.target, "input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const { app, id, stage, show, place } = lightbox;
  const { scale } = stage.zoom;
  /** @type {Record<string, () => unknown>} */
  const keys = {
    ArrowRight: () => lightbox.step(1), ArrowLeft: () => lightbox.step(-1),
    Home: () => lightbox.go(0), End: () => lightbox.go((lightbox.grid?.length ?? 0) - 1),
    "+": () => stage.scaleTo(scale * 1.4), "=": () => stage.scaleTo(scale * 1.4),
    "-": () => stage.scaleTo(scale / 1.4), 0: () => stage.scaleTo(1),
    1: () => stage.scaleTo(stage.own),
    i: () => lightbox.tellMore(lightbox.inner.dataset.facts === "no"),
    s: () => show.toggle(), F: () => lightbox.tools.fill(), f: () => lightbox.favour(),
    x: () => { if (place >= 0) app.selection.toggle(place); },
    m: () => {
      const edit = alike(app, "like", [id]);
      return lightbox.leave(() => app.edit(edit));
    },
    d: () => app.actions.download([id]),
  };
  if (event.key === " " && show.running) show.stop();
  else if (event.key === "Escape" && show.running) show.stop();
  else if (event.key === "Escape" && stage.zoom.scale > 1) stage.scaleTo(1);
  else if (Object.hasOwn(keys, event.key)) keys[event.key]();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
