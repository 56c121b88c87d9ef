// @ts-check
// The help overlay (keys, and the language of queries), and questions.

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
  ["beach (dog OR cat)", "a beach with either of both"],
  ["dog 2019 in:Trips", "filters, side by side"],
  ["year:2018..2020  on:2020-07-14", "when"],
  ["place:Paris  near:48.85,2.35~10km", "where"],
  ["camera:fuji  lens:35mm", "with what"],
  ["type:jpg,heic  size:>5mb  width:>2000", "kinds and sizes"],
  ["orientation:portrait", "portrait, landscape or square"],
  ["label:dog  -label:person", "what the model is sure that a photo shows"],
  ["is:favourite  tag:family  -tag:work", "marks; a minus turns any filter around"],
  ['album:"Summer 2019"', "in this album"],
  ["keyword:holiday  title:wedding  by:Ana", "what files and sidecars say"],
  ['text:miami  text:"no parking"', "what can be read in the picture"],
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
 * @param {string} value  What is in the box at first.
 * @returns {Promise<string>}  Empty if there is none.
 */
export function askName(dialog, title, value = "") {
  return asked(dialog, (done) => [named(title, value, done)]);
}

/**
 * Ask for a tag: a new one ("+sea"), or one of those that photos have, to be taken away ("-sea").
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} title
 * @param {[name: string, said: string][]} had
 * @returns {Promise<string>}  Empty if there is none.
 */
export function askTag(dialog, title, had) {
  return asked(dialog, (done) => [
    named(title, "", (name) => done(name && `+${name}`)),
    had.length ? h("section", { class: "had" }, h("h3", {}, "Take a tag away"),
      h("ul", { class: "choices" }, had.map(([name, said]) => h("li", {},
        h("button", { type: "button", class: "choice", "aria-label": `Take away the tag ${name}`,
          onclick: () => done(`-${name}`) }, h("span", {}, name),
        h("span", { class: "count" }, said), icon("x")))))) : null]);
}

/**
 * Ask for one of some names, or a new one.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} title
 * @param {string[]} names
 * @param {string} label  Of the box for a new one.
 * @returns {Promise<string>}  Empty if there is none.
 */
export function chooseName(dialog, title, names, label) {
  return asked(dialog, (done) => [h("h2", {}, title),
    names.length ? h("ul", { class: "choices" }, names.map((name) => h("li", {},
      button(name, () => done(name), { class: "choice" })))) : null,
    named(label, "", done)]);
}

/**
 * Ask whether to do what can't be undone.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} title
 * @param {string} text
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export async function askSure(dialog, title, text, yes) {
  return Boolean(await asked(dialog, (done) => [h("h2", {}, title), h("p", {}, text),
    h("div", { class: "actions" }, button("Cancel", () => done("")),
      button(yes, () => done("yes"), { class: "danger" }))]));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {(done: (value: string) => void) => (Node | null)[]} content
 * @returns {Promise<string>}  Empty if it was closed.
 */
function asked(dialog, content) {
  return new Promise((resolve) => {
    let value = "";
    dialog.replaceChildren(...content((chosen) => {
      value = chosen;
      dialog.close();
    }).filter((node) => node !== null));
    dialog.addEventListener("close", () => resolve(value), { once: true });
    dialog.showModal();
  });
}

/**
 * A form for a name.
 *
 * @param {string} title
 * @param {string} value
 * @param {(name: string) => void} done
 */
function named(title, value, done) {
  const input = h("input", { type: "text", maxlength: "100", required: true, value,
    "aria-label": title });
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    done(input.value.trim());
  } }, h("label", {}, title, input), h("div", { class: "actions" },
    h("button", { class: "main" }, "OK"), button("Cancel", () => done(""))));
}
