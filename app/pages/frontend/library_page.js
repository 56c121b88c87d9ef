// @ts-check
// The page of the library, loaded when it is first opened: its numbers, its folders and what can be
// changed about it. It follows a run, and shows what others change meanwhile.

import { button, h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { FolderList } from "./library_folders.js";
import { numbers, unreadFiles, whereItIs } from "./library_parts.js";
import { LibraryRun } from "./library_run.js";
import { LibrarySwitches } from "./library_switches.js";
import { NoAnswer, get, post } from "./server.js";
import { messageOf } from "./text.js";
import { t, textLanguage, useMoreTexts } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { Attributes } from "./dom.js" */
/** @import { Catalogue } from "./texts.js" */
/** @import { Indexing, LibraryOverview } from "./types.d.ts" */

const EVERY = 500; // ms between two looks at a run
const RARELY = 3_000; // where there is none
const REST = 10; // the library is asked for again after this many times as long as that took
const OLD = 30_000; // and then at the latest: a drive comes and goes without a word

/**
 * @param {App} app
 * @returns {Promise<HTMLElement>}
 */
export async function libraryPage(app) {
  const [texts] = await Promise.all([laterTexts(textLanguage()), laterStyles(app.root, "library.css")])
    .catch(() => { throw new Error(t("page.failed")); });
  useMoreTexts(texts);
  const page = new LibraryPage(app);
  await page.glance();
  page.follow();
  return page.root;
}

export class LibraryPage {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {LibraryOverview | null} */
    this.library = null;
    this.generation = -1;
    this.asks = 0;
    this.rested = 0; // when the library may be asked for again
    this.waiting = 0;
    this.run = new LibraryRun(this);
    this.folders = new FolderList(this);
    this.switches = new LibrarySwitches(this);
    this.numbers = h("section", { "aria-label": t("library.numbers") });
    this.unread = h("section");
    this.where = h("section");
    this.told = h("p", { class: "told" });
    this.problem = h("p", { class: "hint", role: "alert", hidden: true });
    this.look = h("button", { type: "button", class: "main look",
      onclick: () => this.attempt(() => this.begin({})) }, icon("refresh-cw"), t("library.look"));
    this.root = h("div", { class: "library" },
      h("header", { class: "library-head" }, h("h2", {}, t("library.title")), this.look),
      this.problem, this.told, this.run.root, this.numbers, this.folders.root, this.switches.root, this.unread,
      this.where);
  }

  // Look at the run again and again, as long as the page is there.
  follow() {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(async () => {
      if (!this.root.isConnected) return;
      if (!document.hidden) try {
        await this.glance();
        this.say("");
      } catch (error) { // that no answer came is said by what watches the connection
        if (!(error instanceof NoAnswer)) this.say(messageOf(error));
      }
      this.follow();
    }, this.run.running ? EVERY : RARELY);
  }

  async glance() {
    const ask = ++this.asks;
    /** @type {Indexing} */
    const run = await get("indexing");
    if (ask !== this.asks) return; // what was begun, changed or asked since then is newer
    const ended = this.run.running && !run.running;
    const rested = performance.now() - this.rested;
    if (ended || (rested > 0 && run.generation !== this.generation) || rested > OLD) {
      const begun = performance.now();
      const library = await get("library");
      if (ask !== this.asks) return;
      this.rested = performance.now() + Math.max(RARELY, REST * (performance.now() - begun));
      this.generation = run.generation;
      this.show(library);
    }
    this.took(run);
  }

  /** @param {Indexing} run */
  took(run) {
    this.run.show(run);
    this.switches.watched(run);
    this.offer();
  }

  // While photos are being read, only the end of that is offered.
  offer() {
    const { running } = this.run;
    this.look.hidden = running || !this.library?.writable || !this.library.folders.length;
    const retry = this.unread.querySelector(".retry");
    if (retry instanceof HTMLElement) retry.hidden = running;
  }

  /** @param {LibraryOverview} library */
  show(library) {
    const before = this.library;
    this.library = library;
    if (JSON.stringify(before) === JSON.stringify(library)) {
      this.switches.show(library); // a switch that nothing came of goes back
      return;
    }
    const { folders, writable } = library;
    this.told.textContent = writable ? folders.length ? "" : t("library.nothing")
      : t("notice.read-only");
    this.told.hidden = !this.told.textContent;
    this.told.classList.toggle("hint", !writable);
    this.keep(this.numbers, folders.length ? numbers(library) : []);
    this.folders.show(library);
    this.switches.show(library);
    this.keep(this.unread, unreadFiles(library,
      () => this.attempt(() => this.begin({ retry: true }))));
    this.keep(this.where, library.where ? whereItIs(this.app, library.where) : []);
    this.offer();
  }

  /**
   * Fill a part anew; what had the focus in there, by its `data-name`, has it again.
   *
   * @param {HTMLElement} part
   * @param {Node[]} content
   */
  keep(part, content) {
    const open = [...part.querySelectorAll("details")].map((one) => [one.dataset.name, one.open]);
    const fresh = h("div", {}, ...content);
    for (const details of fresh.querySelectorAll("details")) {
      const was = open.find(([of]) => of === details.dataset.name);
      if (was) details.open = Boolean(was[1]);
    }
    refill(part, [...fresh.childNodes]);
    part.hidden = !content.length;
  }

  /**
   * Begin a run, or end it, and show how it stands.
   *
   * @param {Record<string, unknown>} asked
   */
  async begin(asked) {
    const run = await post("index", asked);
    this.asks += 1;
    this.took(run);
    if (this.run.running) this.run.stop.focus(); // what was pressed has gone
    this.follow();
  }

  /**
   * Change something about the library, and show it as it then is.
   *
   * @param {string} what
   * @param {Record<string, unknown>} asked
   */
  async change(what, asked) {
    const library = await post(`library/${what}`, asked);
    this.asks += 1;
    this.show(library);
    await this.glance();
  }

  /** @param {string} text  Why the library can't be read; empty: it can be. */
  say(text) {
    if (this.problem.textContent !== text) this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  /** @param {() => Promise<unknown>} work  What it throws is said. */
  attempt(work) { return this.app.actions.attempt(work); }

  /** A button whose work may fail.
   *
   * @param {string} text
   * @param {() => Promise<unknown>} work
   * @param {Attributes} attributes
   */
  button(text, work, attributes = {}) {
    return button(text, () => this.attempt(work), attributes);
  }
}

/**
 * The texts that the page of the library needs besides those that come with the first script.
 *
 * @param {string} language
 * @returns {Promise<Catalogue>}
 */
async function laterTexts(language) {
  return (await import(new URL(`texts-later-${language}.js`, import.meta.url).href)).default;
}

/**
 * Style sheets that the first visit does without; the promise is kept once they hold.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @returns {Promise<unknown>}  Broken if they can't be had.
 */
function laterStyles(root, name) {
  if (root.querySelector(`link[data-name="${name}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = h("link", { rel: "stylesheet", "data-name": name, onload: resolve,
      onerror: () => { link.remove(); reject(new Error(name)); },
      href: new URL(name, import.meta.url).href });
    root.append(link);
  });
}
