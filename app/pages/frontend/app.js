// @ts-check
// The component as a whole: shows what the script has given, and gives back edits of the query.

import { Actions } from "./actions.js";
import { Ahead } from "./ahead.js";
import { AlbumActions } from "./album_actions.js";
import { albumsView } from "./albums.js";
import { Bar } from "./bar.js";
import { followTheme } from "./browser.js";
import { watchConnection } from "./connection.js";
import { button, h, part } from "./dom.js";
import { DuplicatesView } from "./duplicates.js";
import { Grid } from "./grid.js";
import { Lightbox } from "./lightbox.js";
import { mapView } from "./map_view.js";
import { noticeView } from "./notice.js";
import { Panel } from "./panel.js";
import { PhotoSelection } from "./photo_selection.js";
import { SearchBox } from "./search_box.js";
import { get, showLibrary } from "./server.js";
import { StatusLine } from "./status.js";
import { messageOf } from "./text.js";
import { t } from "./texts.js";
import { samplesBanner } from "./welcome.js";
import { listen } from "./window_events.js";

/** @import { Edit, GalleryData } from "./types.d.ts" */

const SAID = 5000; // milliseconds

export class App {
  /**
   * @param {ParentNode} parent
   * @param {GalleryData} data
   */
  constructor(parent, data) {
    this.data = data;
    /** @type {string | null} */
    this.shownKey = null;
    this.draws = 0; // so many have begun: an answer to an earlier one comes too late
    this.isDrawn = false; // the last one has ended
    /** @type {(edit: Edit & { at: number }) => void} */
    this.send = () => undefined;
    /** @type {Grid | null} */
    this.grid = null;
    /** @type {Edit[] | null} */
    this.held = null;
    this.away = new AbortController();
    this.saying = 0;
    this.root = part(parent, ".app", HTMLElement);
    this.view = part(this.root, ".view", HTMLElement);
    this.toast = part(this.root, ".toast", HTMLElement);
    this.gone = part(this.root, ".gone", HTMLElement);
    for (const dialog of this.root.querySelectorAll("dialog"))
      dialog.addEventListener("close", () => { // what was said in it stays to be read
        for (const said of [this.toast, this.gone]) if (!said.hidden) this.front().append(said);
      });
    this.actions = new Actions(this);
    this.ahead = new Ahead(this);
    this.albums = new AlbumActions(this);
    this.selection = new PhotoSelection(this);
    this.lightbox = new Lightbox(this);
    this.panel = new Panel(this);
    this.bar = new Bar(this);
    this.box = new SearchBox(this);
    this.status = new StatusLine(this);
    this.begin();
  }

  // What lasts as long as the component is on the page.
  begin() {
    // Streamlit's own part around is a stop of Tab; what scrolls has photos to go to.
    document.getElementById("stMain")?.setAttribute("tabindex", "-1");
    listen(this, this.away.signal);
    watchConnection(this, this.away.signal);
  }

  // -- from and to the script ----------------------------------------------------------------

  /** @param {GalleryData} data */
  show(data) {
    showLibrary(data.library);
    this.data = data;
    followTheme(this.root);
    this.root.dataset.page = data.page;
    this.view.setAttribute("aria-label", t(data.page === "library" ? "bar.library" : "grid.photos"));
    this.bar.show(data);
    this.status.show(data);
    part(this.root, ".banners", HTMLElement).replaceChildren(
      ...(data.samples ? [samplesBanner(this)] : []),
      ...data.banners.map((line) => h("p", { class: "banner" }, line)));
    if (this.shownKey !== data.key) {
      this.shownKey = data.key;
      this.box.show(data);
      this.root.dataset.ready = "false";
      this.selection.ids.clear();
      this.isDrawn = false;
      this.draw().then((shown) => {
        if (!shown) return; // another view has come meanwhile, and says what it is
        this.isDrawn = true;
        this.selection.show();
        this.root.dataset.query = data.q;
        this.root.dataset.view = data.view;
        this.root.dataset.total = String(data.total);
        this.root.dataset.ready = "true";
        this.lightbox.follow();
      });
      this.panel.load();
    } else if (this.isDrawn && this.root.dataset.query === data.q) this.root.dataset.ready = "true";
  }

  /** @returns {Promise<boolean>}  Whether it is still what is to be shown. */
  async draw() {
    const { data } = this;
    const number = this.draws += 1;
    const asked = { q: data.q, sort: data.sort, all: data.all };
    const begun = this.ahead.take(data); // used now or never: it is of this moment
    this.grid?.leave();
    this.grid = null;
    /** @param {Node} node */
    const place = (node) => { if (this.draws === number) this.view.replaceChildren(node); };
    try {
      if (data.notice) place(noticeView(this, data.notice));
      else if (data.page === "library") {
        const { libraryPage } = await import("./library_page.js")
          .catch(() => { throw new Error(t("page.failed")); }); // of an earlier version of clipsearch
        place(await libraryPage(this));
      } else if (data.view === "map") place(mapView(this, await get("places", asked)));
      else if (data.view === "albums") place(albumsView(this, await get("albums")));
      else if (data.view === "duplicates") {
        const view = new DuplicatesView(this, data);
        place(view.root);
        view.show("copies"); // it may take minutes, and says how far it is
      } else {
        const grid = this.grid = new Grid(this, data, begun);
        place(grid.frame);
        await grid.begin();
      }
    } catch (error) {
      place(h("p", { class: "empty" }, messageOf(error)));
    }
    return this.draws === number;
  }

  /** @param {string} text  What is searched for from now on. */
  search(text) {
    const { page, view, q } = this.data;
    if (page !== "search") location.assign(`/?${new URLSearchParams({ q: text })}`);
    // From the other views an edit of the query leads to the photos, even if it is the same query.
    else if (text !== q || !["photos", "map"].includes(view)) this.edit({ op: "query", text });
  }

  /** @param {Edit} edit */
  edit(edit) {
    this.root.dataset.ready = "false";
    if (this.held) this.held.push(edit);
    else {
      this.send({ ...edit, at: Date.now() });
      this.ahead.begin(edit);
    }
  }

  // Keep edits until `release`: as long as a new server does not know this page, they would be lost.
  hold() { this.held ??= []; }

  release() {
    const last = this.held?.pop();
    this.held = null;
    if (last) this.edit(last);
  }

  // Once more, after the component was away.
  listen() {
    if (!this.away.signal.aborted) return;
    this.away = new AbortController();
    this.begin();
  }

  // -- the rest of the page ------------------------------------------------------------------

  openDialogs() { return [...this.root.querySelectorAll("dialog")].filter((one) => one.open); }

  /**
   * What lies in front: the last open dialog, else the page itself.
   *
   * @returns {HTMLElement}
   */
  front() {
    const front = this.openDialogs().pop();
    return front?.querySelector(".photo-page") instanceof HTMLElement ? this.lightbox.inner
      : front ?? this.root; // what fills the screen has to hold what is said
  }

  /**
   * @param {string} text
   * @param {{ text: string, work: () => unknown } | null} offer  What can be done about it.
   */
  say(text, offer = null) {
    const { toast } = this;
    this.front().append(toast); // an open dialog hides all that is not in it
    toast.replaceChildren(text, ...(offer ? [button(offer.text, offer.work)] : []));
    toast.hidden = false;
    const rest = () => {
      if (toast.matches(":hover, :focus-within")) this.saying = window.setTimeout(rest, SAID / 2);
      else toast.hidden = true;
    };
    clearTimeout(this.saying);
    this.saying = window.setTimeout(rest, offer ? 2 * SAID : SAID);
  }
}
