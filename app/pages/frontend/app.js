// @ts-check
// The component as a whole: shows what the script has given, and gives back edits of the query.

import { Actions } from "./actions.js";
import { AddressTrail } from "./address_trail.js";
import { followTheme, remember, remembered } from "./browser.js";
import { showHelp } from "./dialogs.js";
import { button, h, part } from "./dom.js";
import { Grid } from "./grid.js";
import { Lightbox } from "./lightbox.js";
import { mapView } from "./map_view.js";
import { Panel } from "./panel.js";
import { PhotoSelection } from "./photo_selection.js";
import { get, learn, showLibrary, thumb } from "./server.js";
import { messageOf } from "./text.js";
import { duplicatesView, timelineView } from "./views.js";
import { listen } from "./window_events.js";

/** @import { Edit, GalleryData } from "./types.d.ts" */

export class App {
  /**
   * @param {ParentNode} parent
   * @param {GalleryData} data
   */
  constructor(parent, data) {
    this.data = data;
    /** @type {string | null} */
    this.shownKey = null;
    /** @type {(edit: Edit & { at: number }) => void} */
    this.send = () => undefined;
    /** @type {Grid | null} */
    this.grid = null;
    this.away = new AbortController();
    this.saying = 0;
    this.root = part(parent, ".app", HTMLElement);
    this.view = part(this.root, ".view", HTMLElement);
    this.toast = part(this.root, ".toast", HTMLElement);
    for (const dialog of this.root.querySelectorAll("dialog"))
      dialog.addEventListener("close", () => {
        if (!this.toast.hidden) this.front().append(this.toast);
      });
    this.actions = new Actions(this);
    this.trail = new AddressTrail();
    this.selection = new PhotoSelection(this);
    this.lightbox = new Lightbox(this);
    this.panel = new Panel(this);
    this.bar();
    listen(this, this.away.signal);
  }

  // The controls above the photos.
  bar() {
    const { root } = this;
    part(root, ".show-help", HTMLElement).addEventListener("click",
      () => showHelp(part(root, ".help", HTMLDialogElement)));
    part(root, ".save-search", HTMLElement).addEventListener("click",
      () => this.actions.saveSearch());
    const file = part(root, ".file", HTMLInputElement);
    part(root, ".pick-picture", HTMLElement).addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      this.actions.searchWith(file.files?.[0]);
      file.value = "";
    });
    const size = part(root, ".size input", HTMLInputElement);
    const resize = () => {
      root.style.setProperty("--h", size.value);
      remember("size", size.value);
      this.grid?.arrange();
    };
    size.value = remembered("size", matchMedia("(max-width: 640px)").matches ? "110" : "200");
    size.addEventListener("input", resize);
    resize();
  }

  // -- from and to the script ----------------------------------------------------------------

  /** @param {GalleryData} data */
  show(data) {
    showLibrary(data.library);
    this.data = data;
    followTheme(this.root);
    this.trail.keep(data.q);
    if (this.shownKey !== data.key) {
      this.shownKey = data.key;
      this.root.dataset.ready = "false";
      this.selection.ids.clear();
      this.draw().then(() => {
        this.selection.show();
        this.root.dataset.query = data.q;
        this.root.dataset.view = data.view;
        this.root.dataset.total = String(data.total);
        this.root.dataset.ready = "true";
      });
      this.panel.load();
    }
    part(this.root, ".summary", HTMLElement).replaceChildren(data.summary,
      ...learn(data.shown).map((id) => h("img", { src: thumb(id), alt: `photo ${id}` })),
      ...(data.literal ? [this.instead(data.literal)] : []),
      ...(data.note ? [h("span", { class: "unread" }, data.note)] : []));
    part(this.root, ".save-search", HTMLElement).hidden = !data.q;
    part(this.root, ".log-out", HTMLElement).hidden = data.local;
  }

  // What takes the words as they were typed.
  /** @param {string} literal */
  instead(literal) {
    return button(`search instead for ${literal}`,
      () => this.edit({ op: "query", text: literal }), { class: "quiet instead" });
  }

  async draw() {
    const { data } = this;
    const asked = { q: data.q, sort: data.sort, all: data.all };
    this.grid?.leave();
    this.grid = null;
    /** @param {Node} node */
    const place = (node) => { if (this.data === data) this.view.replaceChildren(node); };
    try {
      if (data.view === "map") place(mapView(this, await get("places", asked)));
      else if (data.view === "timeline") place(timelineView(this, await get("timeline", asked)));
      else if (data.view === "duplicates") {
        place(h("p", { class: "empty" }, "Looking for photos that are there more than once …"));
        place(duplicatesView(this, await get("duplicates")));
      } else {
        const grid = this.grid = new Grid(this, data);
        place(grid.frame);
        await grid.begin();
      }
    } catch (error) {
      place(h("p", { class: "empty" }, messageOf(error)));
    }
  }

  /** @param {Edit} edit */
  edit(edit) {
    this.root.dataset.ready = "false";
    this.send({ ...edit, at: Date.now() });
  }

  // Once more, after the component was away.
  listen() {
    if (!this.away.signal.aborted) return;
    this.away = new AbortController();
    listen(this, this.away.signal);
  }

  // -- the rest of the page ------------------------------------------------------------------

  openDialogs() { return [...this.root.querySelectorAll("dialog")].filter((one) => one.open); }

  /**
   * What lies in front: the last open dialog, else the page itself.
   *
   * @returns {HTMLElement}
   */
  front() { return this.openDialogs().pop() ?? this.root; }

  /** @param {string} text */
  say(text) {
    const { toast } = this;
    this.front().append(toast); // an open dialog hides all that is not in it
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.saying);
    this.saying = window.setTimeout(() => { toast.hidden = true; }, 5000);
  }
}
