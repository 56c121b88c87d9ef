// @ts-check
// On the page of the library: its folders, each a card, and where another one is added.

import { asked } from "./dialogs.js";
import { button, h, named } from "./dom.js";
import { folderForm } from "./folder_form.js";
import { icon } from "./icons.js";
import { get } from "./server.js";
import { t } from "./texts.js";

/** @import { LibraryPage } from "./library_page.js" */
/** @import { LibraryFolder, LibraryOverview } from "./types.d.ts" */

export class FolderList {
  /** @param {LibraryPage} page */
  constructor(page) {
    this.page = page;
    this.title = h("h3", { tabindex: "-1" }, t("library.folders"));
    this.list = h("div", { class: "folder-list" });
    this.form = h("div", { class: "panel-card add-card" });
    this.elsewhere = h("p", { class: "note" }, t("library.at-machine"));
    this.root = h("section", {}, this.title, this.list, this.form, this.elsewhere);
  }

  /** @param {LibraryOverview} library */
  show(library) {
    const { folders, writable } = library;
    const may = writable && library.at_machine;
    if (may && !this.form.hasChildNodes()) this.form.append(this.adding());
    this.form.hidden = !may;
    this.elsewhere.hidden = library.at_machine || !writable;
    this.root.hidden = !writable && !folders.length;
    this.page.keep(this.list, [
      h("ul", { class: "folders" }, folders.map((folder) => this.card(folder, may))),
      ...(folders.every(({ online }) => online) ? [] : [h("div", { class: "hint" }, icon("unplug"),
        h("div", {}, h("p", {}, t("library.away")),
          h("p", {}, h("code", {}, "clipsearch relocate OLD NEW"))))])]);
  }

  adding() {
    const form = folderForm(async (folder) => {
      await this.page.begin({ folder });
      form.input.value = "";
    }, { label: t("library.add") });
    return form.root;
  }

  /**
   * @param {LibraryFolder} folder
   * @param {boolean} may  Whether it may be taken out of the library.
   */
  card(folder, may) {
    const { path, online, excludes } = folder;
    return h("li", { class: "folder panel-card", "data-online": String(online) },
      h("span", { class: "folder-mark" }, icon(online ? "folder" : "unplug")),
      h("div", { class: "folder-text" },
        h("p", { class: "folder-name" }, named(nameOf(path)), h("span", { class: "state" },
          t(online ? "library.online" : "library.offline"))),
        h("p", { class: "folder-path" }, named(path)),
        h("p", { class: "folder-counts" }, counts(folder)),
        excludes.length ? h("p", { class: "note" },
          t("library.excluded", { patterns: excludes.join(", ") })) : null),
      may ? h("button", { type: "button", class: "tool remove", "data-name": `remove ${folder.id}`,
        title: t("removal.ask"), "aria-label": t("removal.ask-one", { folder: path }),
        onclick: () => this.page.attempt(() => this.remove(folder)) }, icon("trash-2")) : null);
  }

  /** @param {LibraryFolder} folder */
  async remove(folder) {
    const { app } = this.page;
    /** @type {{ marks: number, pictures: number }} */
    const { marks, pictures } = await get("library/at-stake", { id: folder.id });
    const said = marks ? t("removal.marks", { count: marks,
      photos: t("count.photos", { count: pictures }) }) : "";
    const answer = await askRemoval(app.actions.dialog, folder, said);
    if (!answer) return;
    await this.page.change("remove", { id: folder.id, marks: answer === "marks" });
    app.say(t("removal.done", { folder: folder.path }));
    this.title.focus(); // what was pressed has gone
  }
}

/**
 * Ask whether a folder is to be taken out of the library.
 *
 * @param {HTMLDialogElement} dialog
 * @param {{ path: string, photos: number }} folder
 * @param {string} marks  What is said of the marks at stake; empty if there are none.
 * @returns {Promise<string>}  "marks": with these; empty: not at all.
 */
function askRemoval(dialog, { path, photos }, marks) {
  const box = h("input", { type: "checkbox", name: "marks" });
  return asked(dialog, (done) => [h("h2", {}, t("removal.title")),
    h("p", { class: "folder-path" }, named(path)), h("p", {}, t("removal.what", { count: photos })),
    ...(marks ? [h("p", {}, marks), h("label", { class: "check-row" }, box,
      h("span", {}, t("removal.delete-marks")))] : []),
    h("div", { class: "actions" }, button(t("removal.keep"), () => done("")),
      button(t("removal.do"), () => done(box.checked ? "marks" : "yes"), { class: "danger" }))]);
}

/** @param {LibraryFolder} folder */
function counts({ id, query, photos, unread, away, gone }) {
  const said = t("count.photos", { count: photos });
  return [photos ? h("a", { href: `/?${new URLSearchParams({ q: query })}`,
    "data-name": `photos ${id}` }, said) : said,
  unread ? ` · ${t("library.unread-count", { count: unread })}` : "",
  away ? ` · ${t("library.away-count", { count: away })}` : "",
  gone ? ` · ${t("library.gone-count", { count: gone })}` : ""];
}

/**
 * @param {string} path
 * @returns {string}  The last part of it; of a drive or of all, the path itself.
 */
export const nameOf = (path) => path.split(/[\\/]/).filter(Boolean).pop() ?? path;
