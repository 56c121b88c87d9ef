// @ts-check
// Filters with counts. Each click is an edit of the query's text; the panel only shows what it says.

import { remember, remembered } from "./browser.js";
import { button, h, named, part, refill } from "./dom.js";
import { icon } from "./icons.js";
import { histogram } from "./histogram.js";
import { get } from "./server.js";
import { grouped, has, messageOf } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { One } from "./dom.js" */
/** @import { Counted, Facets, Folder } from "./types.d.ts" */

export class Panel {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.root = part(app.root, ".panel", HTMLElement);
    this.toggle = part(app.root, ".toggle-panel", HTMLElement);
    this.toggle.addEventListener("click", () => this.open(Boolean(this.root.hidden)));
    // Photos come first: it is open only where somebody has opened it, and there is room.
    this.reveal(remembered("panel", "closed") === "open" && app.root.clientWidth > 900);
  }

  /** @param {boolean} yes */
  open(yes) {
    this.reveal(yes);
    remember("panel", yes ? "open" : "closed");
    this.load();
  }

  /** @param {boolean} yes */
  reveal(yes) {
    this.root.hidden = !yes;
    this.toggle.setAttribute("aria-expanded", String(yes));
  }

  async load() {
    if (this.root.hidden || this.app.data.page !== "search") return;
    const { q } = this.app.data;
    try {
      const facets = await get("facets", { q });
      if (q === this.app.data.q) this.show(facets);
    } catch (error) {
      // Where the query is the matter, that is said instead of photos.
      this.root.replaceChildren(...(this.app.data.notice ? []
        : [h("p", { class: "note" }, messageOf(error))]));
    }
  }

  /** @param {Facets} facets */
  show(facets) {
    const open = new Set([...this.root.querySelectorAll("details")]
      .filter((details) => details.open).map((details) => details.dataset.of ?? ""));
    const { app } = this;
    const { chosen } = facets;
    refill(this.root, [
      h("div", { class: "panel-head" }, t("panel.filters"), this.tool(t("page.close"), "x", () => this.open(false))),
      ...group(t("panel.when"), facets.months.length > 1 ? histogram(facets,
        (from, until) => app.edit({ op: "dates", from, until })) : []),
      ...this.favourites(facets),
      ...group(t("panel.folders"), facets.folders.length ? [h("ul", { class: "tree" },
        facets.folders.map((one) => this.folder(one, facets.in, open)))] : []),
      ...this.values(t("panel.places"), "place", facets.place, chosen.place, facets.place_names),
      ...this.values(t("panel.cameras"), "camera", facets.camera, chosen.camera),
      ...this.values(t("panel.shows"), "label", facets.label, chosen.label, facets.label_names,
        facets.label_at_least ? "+" : ""),
      ...this.values(t("panel.tags"), "tag", facets.tag, chosen.tag),
      ...this.values(t("panel.keywords"), "keyword", facets.keyword, chosen.keyword),
      ...this.values(t("panel.types"), "type", facets.type, chosen.type,
        { video: t("panel.videos"), raw: t("panel.raws") }),
      ...group(t("panel.albums"), facets.albums.map((name) => this.choice(`album:${name}`, name, null,
        has(chosen.album, name), () => app.edit({ op: "toggle", key: "album", value: name })))),
      ...group(t("panel.concepts"), this.concepts(facets)),
      ...group(t("panel.saved"), this.saved(facets)),
      ...group(t("panel.recent"), this.recent(facets)),
    ]);
  }

  /**
   * The values of one kind of filter.
   *
   * @param {string} title
   * @param {string} key
   * @param {Counted[]} listed
   * @param {string[]} chosen
   * @param {Record<string, string>} names what to show for a value, where that is something else
   * @param {string} more what to show behind each count: "+" if there may be more
   */
  values(title, key, listed, chosen, names = {}, more = "") {
    return group(title, listed.length ? [h("ul", {}, listed.map(([value, count]) => h("li", {},
      this.choice(`${key}:${value}`, names[value] ?? value, count, has(chosen, value),
        () => this.app.edit({ op: "toggle", key, value }), { more }))))] : []);
  }

  /** @param {Facets} facets */
  favourites({ favourites, chosen }) {
    const asked = has(chosen.is, "favourite");
    if (!favourites && !asked) return [];
    return [h("section", {}, this.choice("is:favourite", t("panel.favourites"), favourites, asked,
      () => this.app.edit({ op: "toggle", key: "is", value: "favourite" }), { drawn: "heart" }))];
  }

  /** @param {Facets} facets */
  concepts({ concepts, chosen }) {
    const { app } = this;
    return concepts.map((name) => h("div", { class: "saved" },
      this.choice(`concept:${name}`, name, null, has(chosen.concept, name),
        () => app.edit({ op: "concept", name })),
      this.tool(t("panel.forget-concept", { name }), "x", () => app.actions.forgetConcept(name))));
  }

  /** @param {Facets} facets */
  saved({ saved }) {
    const { app } = this;
    return Object.entries(saved).map(([name, query]) => h("div", { class: "saved" },
      button(name, () => app.edit({ op: "query", text: query }),
        { class: "choice", title: query, "data-name": `saved:${name}` }),
      this.tool(t("panel.forget", { name }), "x", () => app.actions.forgetSearch(name))));
  }

  /** @param {Facets} facets */
  recent({ history: queries }) {
    const { app } = this;
    if (!queries.length) return [];
    return [
      ...queries.map((query) => h("div", {},
        button(query, () => app.edit({ op: "query", text: query }),
          { class: "choice", "data-name": `recent:${query}` }))),
      button(t("panel.clear"), () => app.actions.clearHistory(), { class: "quiet" })];
  }

  /**
   * @param {string} name  By which it is known when the panel is shown anew; no other has it.
   * @param {string} text
   * @param {number | null} count  Null: it is not counted.
   * @param {boolean} chosen
   * @param {() => void} onclick
   * @param {{ drawn?: string, more?: string }} [also]  The name of an icon before the text, and what
   *   stands behind the count.
   */
  choice(name, text, count, chosen, onclick, { drawn, more } = {}) {
    return h("button", { type: "button", class: "choice", "aria-pressed": String(chosen), onclick,
      "data-name": name }, h("span", { class: "named" }, drawn ? icon(drawn) : null, named(text)),
    count === null ? null : h("span", { class: "count" }, grouped(count) + (more ?? "")));
  }

  /**
   * @param {string} name
   * @param {string} drawn  The name of its icon.
   * @param {() => unknown} onclick
   */
  tool(name, drawn, onclick) {
    return h("button", { type: "button", class: "tool", "aria-label": name, title: name, onclick },
      icon(drawn));
  }

  /**
   * @param {Folder} folder
   * @param {string[]} chosen  Paths of folders.
   * @param {Set<string>} open  Paths of those whose inner folders are shown.
   * @returns {HTMLElement}
   */
  folder({ name, path, count, inner }, chosen, open) {
    const pick = this.choice(`in:${path}`, name, count, has(chosen, path),
      () => this.app.edit({ op: "toggle", key: "in", value: path }));
    if (!inner.length) return h("li", {}, pick);
    return h("li", {}, pick, h("details", { "data-of": path,
      open: open.has(path) || chosen.some((one) => one.startsWith(path)) },
    h("summary", { "data-name": `inner:${path}` }, icon("chevron-right"),
      h("span", { class: "hidden" }, t("panel.folders-in", { name }))),
    h("ul", { class: "tree" }, inner.map((one) => this.folder(one, chosen, open)))));
  }
}

/**
 * @param {string} title
 * @param {One[]} nodes
 */
function group(title, nodes) {
  return nodes.length ? [h("section", {}, h("h3", {}, title), ...nodes)] : [];
}
