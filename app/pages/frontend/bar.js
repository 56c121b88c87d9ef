// @ts-check
// The bar: name, search box, views, help; and the way to the library, which is a page of its own.

import { h, part } from "./dom.js";
import { showHelp } from "./dialogs.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { TextKey } from "./texts.js" */
/** @import { GalleryData, View } from "./types.d.ts" */

/** @type {[View, string, TextKey][]} */
const VIEWS = [["photos", "images", "bar.photos"], ["map", "map", "bar.map"],
  ["albums", "book-image", "bar.albums"],
  ["duplicates", "copy", "bar.duplicates"]];

export class Bar {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    const { root } = app;
    withIcon(part(root, ".pick-picture", HTMLElement), "image-up");
    withIcon(part(root, ".toggle-panel", HTMLElement), "sliders-horizontal");
    withIcon(part(root, ".show-help", HTMLElement), "circle-question-mark");
    withIcon(part(root, ".log-out", HTMLElement), "log-out");
    part(root, ".show-help", HTMLElement).addEventListener("click",
      () => showHelp(part(root, ".help", HTMLDialogElement)));
    part(root, ".skip", HTMLElement).addEventListener("click", () => this.skip());
    part(root, ".brand a", HTMLElement).addEventListener("click", (event) => {
      if (!plain(event)) return;
      if (app.data.page === "search") app.edit({ op: "query", text: "" });
      else app.edit({ op: "page", page: "search" });
    });
    this.upload();
    this.library = h("a", { class: "view-link", href: "/library", onclick: this.toLibrary.bind(this) },
      icon("library-big"), h("span", {}, t("bar.library")));
    this.tabs = VIEWS.map(([view, name, text]) => h("a", { class: "view-link", "data-view": view,
      href: view === "photos" ? "/" : `/?view=${view}`, onclick: this.toView.bind(this, view),
      onkeydown: this.key.bind(this) }, icon(name), h("span", {}, t(text))));
    part(root, ".views", HTMLElement).append(...this.tabs, this.library);
  }

  // A picture from this machine to search with.
  upload() {
    const { root, actions } = this.app;
    const file = part(root, ".file", HTMLInputElement);
    part(root, ".pick-picture", HTMLElement).addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      actions.searchWith(file.files?.[0]);
      file.value = "";
    });
  }

  /** @param {GalleryData} data */
  show(data) {
    part(this.app.root, ".log-out", HTMLElement).hidden = data.local;
    for (const tab of this.tabs) {
      const here = data.page === "search" && tab.dataset.view === data.view;
      mark(tab, here);
      // One stop of Tab for all of them: the arrows lead on.
      tab.tabIndex = here || (data.page !== "search" && tab === this.tabs[0]) ? 0 : -1;
    }
    mark(this.library, data.page === "library");
  }

  /**
   * @param {View} view
   * @param {MouseEvent} event
   */
  toView(view, event) {
    if (plain(event)) this.app.edit({ op: "show", view });
  }

  /** @param {MouseEvent} event */
  toLibrary(event) {
    if (plain(event)) this.app.edit({ op: "page", page: "library" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey) return;
    const all = this.tabs;
    const at = all.indexOf(/** @type {HTMLAnchorElement} */ (event.currentTarget));
    all[(at + step + all.length) % all.length].focus();
    event.preventDefault();
  }

  skip() {
    const { view } = this.app;
    const first = view.querySelector('.tile[tabindex="0"]');
    (first instanceof HTMLElement ? first : view).focus();
  }
}

/**
 * A control that shows an icon; its text becomes its name.
 *
 * @param {HTMLElement} node
 * @param {string} name
 */
function withIcon(node, name) {
  const text = node.textContent?.trim() ?? "";
  node.setAttribute("aria-label", text);
  node.title = text;
  node.replaceChildren(icon(name));
}

/**
 * @param {HTMLElement} node
 * @param {boolean} here
 */
function mark(node, here) {
  if (here) node.setAttribute("aria-current", "page");
  else node.removeAttribute("aria-current");
}

/**
 * Whether a click is to be followed here, and not in a new tab or window; then nothing else is.
 *
 * @param {MouseEvent} event
 */
function plain(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return false;
  event.preventDefault();
  return true;
}
