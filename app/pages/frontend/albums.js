// @ts-check
// Albums as places: each with its first photo; and the saved searches beside them.

import { button, h, named } from "./dom.js";
import { icon } from "./icons.js";
import { learn, thumb } from "./server.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { Albums, PlaceCard } from "./types.d.ts" */

/**
 * @param {App} app
 * @param {Albums} listed
 */
export function albumsView(app, { albums, saved }) {
  learn([...albums, ...saved].flatMap(([, , , id, digest]) => id ? [[id, digest]] : []));
  if (!albums.length && !saved.length)
    return h("section", { class: "notice" }, h("h2", {}, t("albums.none")),
      h("p", {}, t("albums.how")),
      h("div", { class: "actions" }, button(t("albums.to-photos"),
        () => app.edit({ op: "show", view: "photos" }), { class: "main" })));
  return h("div", { class: "places" },
    ...cards(app, t("panel.albums"), albums), ...cards(app, t("panel.saved"), saved));
}

/**
 * @param {App} app
 * @param {string} title
 * @param {PlaceCard[]} listed
 */
function cards(app, title, listed) {
  if (!listed.length) return [];
  return [h("h2", {}, title), h("ul", { class: "cards" }, listed.map(([name, query, count, id]) =>
    h("li", {}, h("a", { class: "card", href: `/?${new URLSearchParams({ q: query })}`, title: query,
      onclick: (/** @type {MouseEvent} */ event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        app.edit({ op: "query", text: query });
      } },
    h("span", { class: "cover" }, id ? h("img", { src: thumb(id), alt: "", loading: "lazy" })
      : icon("image")),
    h("span", { class: "card-name" }, named(name)),
    h("span", { class: "count" }, t("count.photos", { count }))))))];
}
