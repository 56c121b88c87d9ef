// @ts-check
// On the page of the library: its numbers, the files that could not be read, and where it is.

import { copyText } from "./browser.js";
import { button, h, named } from "./dom.js";
import { icon } from "./icons.js";
import { fileSize, grouped } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { LibraryOverview, UnreadFiles } from "./types.d.ts" */

const FEW = 8; // files that are seen without a click

/** @param {LibraryOverview} library */
export function numbers({ shown, hidden, unread, more_unread, model, bytes, building }) {
  const failed = more_unread + unread.reduce((sum, { files }) => sum + files.length, 0);
  /** @type {[name: string, drawn: string, what: string, value: string][]} */
  const tiles = [
    ["shown", "images", t("library.can-be-found"), grouped(shown)],
    ["failed", failed ? "triangle-alert" : "circle-check", t("library.unread"), grouped(failed)],
    ["model", "sparkles", t("library.model"), model || t("library.no-model")],
    ["size", "layers", t("library.size"), fileSize(bytes)],
  ];
  return [
    h("dl", { class: "numbers" }, tiles.map(([name, drawn, what, value]) =>
      h("div", { class: "panel-card number", "data-number": name },
        h("dt", {}, icon(drawn), h("span", {}, what)), h("dd", {}, named(value))))),
    ...(hidden ? [h("p", {}, h("a", { class: "offer", "data-name": "hidden", href: "/?q=is%3Ahidden" },
      icon("eye-off"), t("status.hidden", { count: hidden })))] : []),
    ...(building ? [h("p", { class: "hint" }, icon("loader-circle"), t("library.new-model"))] : []),
  ];
}

/**
 * @param {LibraryOverview} library
 * @param {() => Promise<unknown>} retry
 */
export function unreadFiles({ unread, more_unread, writable }, retry) {
  if (!unread.length) return [];
  return [
    h("div", { class: "part-head" }, h("h3", {}, t("library.unread")),
      writable ? button(t("library.retry"), retry, { class: "retry", "data-name": "retry" }) : null),
    h("div", { class: "panel-card unread-kinds" },
      unread.map((kind) => kindOf(kind, unread.length === 1 && kind.count <= FEW))),
    ...(more_unread ? [h("p", { class: "note" }, t("library.more-unread", { count: more_unread }), " ",
      h("code", {}, "clipsearch files --state failed"))] : []),
  ];
}

/**
 * @param {UnreadFiles} kind
 * @param {boolean} open
 */
function kindOf({ state, count, files }, open) {
  return h("details", { "data-name": state, open },
    h("summary", { "data-name": `kind ${state}` }, icon("chevron-right"), h("span", {}, state),
      h("span", { class: "count" }, grouped(count))),
    h("ul", {}, files.map(([path, reason]) => h("li", {}, h("p", { class: "file-path" }, named(path)),
      reason ? h("p", { class: "note", dir: "auto" }, reason) : null))));
}

/**
 * @param {App} app
 * @param {string} where
 */
export function whereItIs(app, where) {
  return [h("h3", {}, t("library.where")),
    h("div", { class: "panel-card where" }, h("code", {}, named(where)),
      h("button", { type: "button", class: "tool", title: t("photo.copy-path"), "data-name": "copy",
        "aria-label": t("photo.copy-path"), onclick: () => app.actions.attempt(async () => {
          await copyText(where, app.front());
          app.say(t("page.copied"));
        }) }, icon("copy")))];
}
