// @ts-check
// What is there more than once.

import { button, h } from "./dom.js";
import { learn, original, thumb } from "./server.js";
import { plural } from "./text.js";

/** @import { App } from "./app.js" */
/** @import { Duplicates } from "./types.d.ts" */

/**
 * @param {App} app
 * @param {Duplicates} duplicates
 */
export function duplicatesView(app, { total, groups }) {
  if (!total) return h("p", { class: "empty" }, "No photo is there more than once.");
  const shown = groups.length < total ? `, the first ${groups.length} of them` : "";
  return h("div", { class: "duplicates" },
    h("p", { class: "note" }, `${plural(total, "group")} of photos${shown}. The best one ` +
      "of each comes first. Nothing is ever deleted from here."),
    groups.map((group) => h("section", {},
      h("h2", {}, group.kind === "same" ? `${group.paths.length} times the same file`
        : `${group.paths.length} nearly the same`),
      h("div", { class: "pair" }, learn(group.photos).map((id) => h("a", { href: original(id),
        target: "_blank", rel: "noopener", "aria-label": "Open the photo" },
      h("img", { src: thumb(id), alt: "", loading: "lazy" })))),
      h("ul", {}, group.paths.map((path) => h("li", {}, path))),
      button("Copy paths", () => app.actions.copyLines(group.paths)))));
}
