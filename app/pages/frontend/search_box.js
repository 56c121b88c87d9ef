// @ts-check
// The box that the query is written in, and what it suggests meanwhile. Only Enter or a choice
// searches: words that are half written when the box loses the focus are left as they are.

import { h, named, part } from "./dom.js";
import { icon } from "./icons.js";
import { get } from "./server.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { TextKey } from "./texts.js" */
/** @import { GalleryData, Suggestion } from "./types.d.ts" */

const PAUSE = 90; // ms without a key after which suggestions are asked for
/** @type {Record<string, string>} */
const ICONS = { recent: "history", saved: "bookmark", example: "search", place: "map-pin",
  label: "image", concept: "sparkles", tag: "tag", album: "book-image", keyword: "tag",
  camera: "camera", folder: "folder", file: "file-image", date: "clock" };
/** @type {Record<string, TextKey>} */
const KINDS = { recent: "box.recent", saved: "box.saved", example: "box.try", place: "box.place",
  label: "box.shows", concept: "box.concept", tag: "box.tag", album: "box.album",
  keyword: "box.keyword", camera: "box.camera", folder: "box.folder", file: "box.file" };

/** @param {Suggestion} suggestion */
function kindOf({ kind }) {
  const key = KINDS[kind];
  return key ? t(key) : kind;
}

export class SearchBox {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.box = part(app.root, ".box", HTMLInputElement);
    this.list = part(app.root, ".suggestions", HTMLElement);
    /** @type {Suggestion[]} */
    this.shown = [];
    this.active = -1;
    this.waiting = 0;
    /** @type {string | null} */
    this.query = null; // the one that is shown
    this.asked = 0;
    const form = part(app.root, ".search", HTMLFormElement);
    form.prepend(icon("search"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(this.shown[this.active]?.query ?? this.box.value);
    });
    form.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) this.close();
    });
    this.box.addEventListener("input", () => this.suggestSoon());
    this.box.addEventListener("focus", () => this.suggestSoon());
    this.box.addEventListener("click", () => { if (this.list.hidden) this.suggestSoon(); });
    // The cross that browsers show in the box.
    this.box.addEventListener("search", () => {
      if (!this.box.value && this.app.data.q) this.search("");
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {GalleryData} data */
  show(data) {
    // The same query once more, as when a photo is closed: what is typed meanwhile stays, also if
    // the photo's dialog gives the focus back to what had it before.
    if (data.q === this.query) return;
    this.query = data.q;
    this.close();
    this.box.value = data.q;
  }

  /** @param {string} text */
  search(text) {
    clearTimeout(this.waiting);
    this.asked += 1;
    this.close();
    this.box.value = text;
    this.app.search(text);
  }

  suggestSoon() {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.suggest(), PAUSE);
  }

  async suggest() {
    const asked = this.asked += 1;
    const text = this.box.value;
    const typed = text !== this.app.data.q; // else what is there already is not completed
    try {
      /** @type {Suggestion[]} */
      const listed = await get("suggestions", { text: typed ? text : "" });
      if (asked === this.asked) this.open(listed);
    } catch { /* the box works without */ }
  }

  /** @param {Suggestion[]} listed */
  open(listed) {
    this.shown = listed;
    this.active = -1;
    this.list.replaceChildren(...listed.map((one, number) => h("div", { class: "suggestion",
      role: "option", id: `suggestion-${number}`, "aria-selected": "false",
      // Before the box loses the focus.
      onmousedown: (event) => { event.preventDefault(); this.search(one.query); } },
    icon(ICONS[one.kind] ?? "search"), h("span", { class: "suggested" }, named(one.text)),
    h("span", { class: "kind" }, kindOf(one)))));
    this.reveal(listed.length > 0);
  }

  close() {
    clearTimeout(this.waiting);
    this.asked += 1;
    this.shown = [];
    this.active = -1;
    this.reveal(false);
  }

  /** @param {boolean} yes */
  reveal(yes) {
    this.list.hidden = !yes;
    this.box.setAttribute("aria-expanded", String(yes));
    this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length) {
      const places = this.shown.length + 1; // one of them: the box itself
      this.choose((this.active + 1 + step + places) % places - 1);
    } else if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Escape") this.box.value = this.app.data.q;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} number  -1: none. */
  choose(number) {
    this.active = number;
    [...this.list.children].forEach((node, place) => {
      node.setAttribute("aria-selected", String(place === number));
      if (place === number) node.scrollIntoView({ block: "nearest" });
    });
    if (number < 0) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `suggestion-${number}`);
  }
}
