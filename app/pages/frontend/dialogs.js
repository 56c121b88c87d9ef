// @ts-check
// The help overlay (keys, and the language of queries), and the question for a name.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";

const KEYS = [
  ["/", "go to the search box"], ["?", "this help"], ["arrows", "go from photo to photo"],
  ["Enter", "see it large"], ["x or space", "choose it"], ["Shift + arrows", "choose several"],
  ["Ctrl + A", "choose all results"], ["d", "choose the whole day"], ["m", "more like this"], ["f", "favourite"],
  ["Esc", "close, or choose none"], ["← →", "large: previous, next"], ["+ − 0", "large: zoom"],
  ["1", "large: its own pixels"], ["i", "large: facts"], ["s", "large: slideshow"],
  ["Shift + F", "large: full screen"], ["d", "large: download"],
];
const LANGUAGE = [
  ["a dog on a beach", "words: what the photo shows"],
  ["a street without people", "without, no, or -people: what it should not show"],
  ["2*beach + sunset", "two things, the first twice as important"],
  ["dog 2019 in:Trips", "filters, side by side"],
  ["year:2018..2020  on:2020-07-14", "when"],
  ["place:Paris  near:48.85,2.35~10km", "where"],
  ["camera:fuji  lens:35mm", "with what"],
  ["type:jpg,heic  size:>5mb  width:>2000", "kinds and sizes"],
  ["orientation:portrait", "portrait, landscape or square"],
  ["label:dog  -label:person", "what the model is sure that a photo shows"],
  ["is:favourite  tag:family  -tag:work", "marks; a minus turns any filter around"],
  ["keyword:holiday  title:wedding  by:Ana", "what files and sidecars say"],
  ["rating:>=4  colour-label:red", "stars and colours from other programs"],
  ["like:7  concept:avi", "like a photo, or like a concept"],
];

/** @param {HTMLDialogElement} dialog */
export function showHelp(dialog) {
  /**
   * @param {string[][]} rows
   * @param {"code" | "kbd"} tag
   */
  const list = (rows, tag) => h("dl", {}, rows.flatMap(([what, means]) => [
    h("dt", {}, h(tag, {}, what)), h("dd", {}, means)]));
  dialog.replaceChildren(
    h("button", { type: "button", class: "tool close", "aria-label": "Close",
      onclick: () => dialog.close() }, icon("x")),
    h("h2", {}, "What can be asked"), list(LANGUAGE, "code"),
    h("h2", {}, "Keys"), list(KEYS, "kbd"));
  dialog.showModal();
}

/**
 * Ask for a name.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} title
 * @returns {Promise<string>}  Empty if there is none.
 */
export function askName(dialog, title) {
  return new Promise((resolve) => {
    const input = h("input", { type: "text", maxlength: "100", required: true,
      "aria-label": title });
    const form = h("form", { method: "dialog" }, h("label", {}, title, input),
      h("div", { class: "actions" }, h("button", { class: "main" }, "OK"),
        button("Cancel", () => dialog.close("cancelled"))));
    dialog.replaceChildren(form);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(
      dialog.returnValue === "cancelled" ? "" : input.value.trim()), { once: true });
    dialog.addEventListener("cancel", () => { dialog.returnValue = "cancelled"; }, { once: true });
    dialog.showModal();
    input.focus();
  });
}
