// @ts-check
// On the page of the library: how far a run is that reads photos, and what the last one said.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";
import { told } from "./welcome.js";

/** @import { LibraryPage } from "./library_page.js" */
/** @import { Indexing } from "./types.d.ts" */

export class LibraryRun {
  /** @param {LibraryPage} page */
  constructor(page) {
    this.page = page;
    this.running = false;
    this.shown = "";
    this.bar = h("progress", { "aria-label": t("welcome.read") });
    this.title = h("h3", {});
    this.said = h("p", {});
    this.lines = h("div", { class: "lines" });
    this.stop = page.button(t("welcome.stop"), () => page.begin({ stop: true }), { class: "stop" });
    this.mark = h("span", { class: "run-mark" });
    // How far it is changes twice a second: only that it runs, and what it said, is read aloud.
    this.aloud = h("p", { class: "hidden", role: "status" });
    this.card = h("div", { class: "run panel-card", hidden: true }, this.mark,
      h("div", { class: "run-text" }, this.title, this.said, this.lines), this.stop, this.bar);
    this.root = h("section", {}, this.card, this.aloud);
  }

  /** @param {Indexing} run */
  show(run) {
    const { card } = this;
    const state = run.running ? "running" : run.failed ? "failed" : run.result.length ? "done" : "";
    const said = state === "running" ? told(run) : "";
    const shown = [state, ...(state === "running" ? [] : run.result)].join("\n");
    const changed = this.shown !== shown; // somebody else's run may have begun and ended meanwhile
    this.shown = shown;
    const focus = this.stop.matches(":focus");
    this.running = run.running;
    card.dataset.state = state;
    card.hidden = !state;
    this.said.textContent = said;
    this.said.hidden = !said;
    this.bar.hidden = this.stop.hidden = state !== "running";
    const [done, of] = run.naming ?? [run.seen, run.total];
    if (of) {
      this.bar.max = of;
      this.bar.value = Math.min(done, of);
    } else this.bar.removeAttribute("value");
    if (!changed) return;
    this.mark.replaceChildren(icon(state === "running" ? "loader-circle"
      : state === "failed" ? "triangle-alert" : "circle-check"));
    this.title.textContent = state === "running" ? t("library.reading")
      : state === "failed" ? t("library.ended") : t("library.last-run");
    this.lines.replaceChildren(...(state === "running" ? [t("library.meanwhile")] : run.result)
      .map((line) => h("p", { dir: "auto" }, line)));
    this.aloud.textContent = state ? [this.title, this.lines].map((one) => one.textContent).join(" ")
      : "";
    if (focus && !run.running) setTimeout(() => this.page.look.focus());
  }
}
