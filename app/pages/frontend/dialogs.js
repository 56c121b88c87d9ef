// @ts-check
// The help overlay (keys, and the language of queries), and questions.

import { button, h, named as bdi } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/** @returns {string[][]} */
const keys = () => [
  ["/", t("help.key-box")], ["?", t("help.key-help")], [t("help.arrows"), t("help.key-arrows")],
  [t("help.enter"), t("help.key-enter")], [t("help.space"), t("help.key-space")],
  [t("help.shift-arrows"), t("help.key-several")], [t("help.ctrl-a"), t("help.key-all")],
  ["d", t("help.key-day")], ["m", t("help.key-alike")], ["f", t("help.key-favourite")],
  ["Esc", t("help.key-esc")], ["← →", t("help.key-steps")], ["+ − 0", t("help.key-zoom")],
  ["1", t("help.key-own")], ["i", t("help.key-facts")], ["s", t("help.key-show")],
  [t("help.shift-f"), t("help.key-full")], ["d", t("help.key-download")],
];
/** @returns {string[][]} */
const language = () => [
  [t("help.words"), t("help.words-means")], [t("help.without"), t("help.without-means")],
  ["2*beach + sunset", t("help.two-means")], ["beach (dog OR cat)", t("help.or-means")],
  ["dog 2019 in:Trips", t("help.filters-means")],
  ["year:2018..2020  on:2020-07-14", t("help.when-means")],
  ["place:Paris  near:48.85,2.35~10km", t("help.where-means")],
  ["camera:fuji  lens:35mm", t("help.with-means")],
  ["type:jpg,heic  size:>5mb  width:>2000", t("help.kinds-means")],
  ["orientation:portrait", t("help.shape-means")],
  ["label:dog  -label:person", t("help.label-means")],
  ["is:favourite  tag:family  -tag:work", t("help.marks-means")],
  ['album:"Summer 2019"', t("help.album-means")],
  ["keyword:holiday  title:wedding  by:Ana", t("help.files-means")],
  ['text:miami  text:"no parking"', t("help.text-means")],
  ["rating:>=4  colour-label:red", t("help.stars-means")],
  ["like:7  concept:avi", t("help.like-means")],
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
    h("button", { type: "button", class: "tool close", "aria-label": t("page.close"),
      onclick: () => dialog.close() }, icon("x")),
    h("h2", {}, t("help.asked")), list(language(), "code"),
    h("h2", {}, t("help.keys")), list(keys(), "kbd"));
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
    had.length ? h("section", { class: "had" }, h("h3", {}, t("ask.untag")),
      h("ul", { class: "choices" }, had.map(([name, said]) => h("li", {},
        h("button", { type: "button", class: "choice", "aria-label": t("ask.untag-one", { name }),
          onclick: () => done(`-${name}`) }, h("span", {}, bdi(name)),
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
    h("div", { class: "actions" }, button(t("page.cancel"), () => done("")),
      button(yes, () => done("yes"), { class: "danger" }))]));
}

/**
 * Ask with whatever stands in the dialog.
 *
 * @param {HTMLDialogElement} dialog
 * @param {(done: (value: string) => void) => (Node | null)[]} content
 * @returns {Promise<string>}  Empty if it was closed.
 */
export function asked(dialog, content) {
  return new Promise((resolve) => {
    let value = "";
    dialog.replaceChildren(...content((chosen) => {
      value = chosen;
      dialog.close();
    }).filter((node) => node !== null));
    dialog.setAttribute("aria-label", dialog.querySelector("h2")?.textContent ?? t("page.name"));
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
    dir: "auto", "aria-label": title });
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    done(input.value.trim());
  } }, h("label", {}, title, input), h("div", { class: "actions" },
    h("button", { class: "main" }, t("page.ok")), button(t("page.cancel"), () => done(""))));
}
