// @ts-check
// Other ways to see results: along time, and what is there more than once.

import { MONTHS } from "./dates.js";
import { button, h } from "./dom.js";
import { learn, original, thumb } from "./server.js";
import { plural } from "./text.js";

/** @import { App } from "./app.js" */
/** @import { Duplicates, TimelineMonth } from "./types.d.ts" */

/**
 * @param {App} app
 * @param {TimelineMonth[]} months
 */
export function timelineView(app, months) {
  if (!months.length) return h("p", { class: "empty" }, "There is nothing to show.");
  const top = Math.max(...months.map((one) => one.count));
  const nodes = [];
  let year = "";
  for (const { month, count, photos } of months) {
    if (month.slice(0, 4) !== year) {
      year = month.slice(0, 4);
      const [from, until] = [`${year}-01`, `${year}-12`];
      nodes.push(h("h2", {}, button(year, () => app.edit({ op: "dates", from, until }))));
    }
    nodes.push(h("div", { class: "month" },
      button(MONTHS[Number(month.slice(5)) - 1],
        () => app.edit({ op: "dates", from: month, until: month }), { class: "name" }),
      h("span", { class: "count" }, plural(count, "photo")),
      h("span", { class: "amount", style: `--share:${count / top}` }),
      h("span", { class: "strip" }, learn(photos).map((id) => h("img", { src: thumb(id), alt: "",
        loading: "lazy", decoding: "async" })))));
  }
  return h("div", { class: "timeline" }, nodes);
}

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
