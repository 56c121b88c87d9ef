// @ts-check
// On the page of the library: its settings, each a switch.

import { focused, h } from "./dom.js";
import { t } from "./texts.js";

/** @import { LibraryPage } from "./library_page.js" */
/** @import { Indexing, LibraryOverview } from "./types.d.ts" */

export class LibrarySwitches {
  /** @param {LibraryPage} page */
  constructor(page) {
    this.page = page;
    this.lines = h("div", { class: "lines", role: "status" });
    this.watch = this.row("watch", t("library.watch"), t("library.watch-how"), this.lines);
    this.sidecars = this.row("sidecars", t("library.sidecars"), t("library.sidecars-how"));
    this.root = h("section", {}, h("h3", {}, t("library.options")),
      h("div", { class: "panel-card switches" }, this.watch.row, this.sidecars.row));
  }

  /** @param {LibraryOverview} library */
  show({ folders, writable, at_machine, sidecars, where }) {
    this.watch.row.hidden = !folders.length;
    this.sidecars.row.hidden = !at_machine || !where;
    this.root.hidden = !writable || (this.watch.row.hidden && this.sidecars.row.hidden);
    this.sidecars.input.checked = sidecars;
  }

  /** @param {Indexing} run */
  watched({ watching, watched }) {
    if (!this.watch.input.disabled) this.watch.input.checked = watching;
    if (watched.join("\n") === this.lines.dataset.said) return;
    this.lines.dataset.said = watched.join("\n");
    this.lines.replaceChildren(...watched.map((line) => h("p", { class: "note", dir: "auto" }, line)));
  }

  /**
   * @param {"watch" | "sidecars"} what
   * @param {string} title
   * @param {string} how
   * @param {HTMLElement | null} more
   */
  row(what, title, how, more = null) {
    const input = h("input", { type: "checkbox", role: "switch", "aria-describedby": `${what}-how`,
      onchange: async () => {
        const on = input.checked;
        input.disabled = true; // it takes a moment
        const done = await this.page.attempt(async () => {
          await this.page.change(what, { on });
          return true;
        });
        input.disabled = false;
        if (!done) input.checked = !on;
        if (!focused(input)) input.focus(); // it was lost, unless somebody has gone on meanwhile
      } });
    return { input, row: h("div", { class: "switch-row" },
      h("label", {}, h("span", { class: "switch-name" }, title), input),
      h("p", { class: "note", id: `${what}-how` }, how), more) };
  }
}
