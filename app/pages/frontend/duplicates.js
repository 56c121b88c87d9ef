// @ts-check
// Photos of which one may be enough: copies of one picture, and photos of one moment. One of each
// group is kept in mind; of the rest, paths are copied, or they are tagged. Nothing is deleted.

import { Comparison } from "./comparison.js";
import { takenText } from "./dates.js";
import { askName } from "./dialogs.js";
import { button, h, named } from "./dom.js";
import { icon } from "./icons.js";
import { get, learn, post, thumb } from "./server.js";
import { fileSize, messageOf, percent, taggedText } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { AllDuplicates, CopySlots, Duplicates, GalleryData } from "./types.d.ts" */

/** @typedef {"copies" | "bursts"} Kind */

const EVERY = 500; // ms between two looks at how far it is

export class DuplicatesView {
  /**
   * @param {App} app
   * @param {GalleryData} data
   */
  constructor(app, data) {
    this.app = app;
    this.data = data;
    /** @type {Kind} */
    this.kind = "copies";
    this.content = h("div", {});
    this.tabs = /** @type {[Kind, string][]} */ (
      [["copies", t("copies.copies")], ["bursts", t("copies.bursts")]])
      .map(([kind, text]) => button(text, () => this.show(kind), { "data-kind": kind }));
    this.root = h("div", { class: "duplicates" },
      h("div", { class: "kinds", role: "group", "aria-label": t("copies.kinds") }, this.tabs),
      this.content);
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.measure(target);
    }, { rootMargin: "200px" });
    /** @type {WeakMap<Element, () => void>} */
    this.measuring = new WeakMap();
  }

  /** @param {Kind} kind */
  async show(kind) {
    this.kind = kind;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
    const said = h("p", { class: "empty", role: "status" }, t("copies.looking-photos"));
    this.content.replaceChildren(said);
    try {
      for (;;) {
        /** @type {AllDuplicates} */
        const all = await get("duplicates", { q: this.data.q, kind });
        if (this.kind !== kind || !this.root.isConnected) return;
        if (all.done === null) {
          this.content.replaceChildren(...this.listed(all));
          return;
        }
        said.textContent = lookedText(all);
        await new Promise((resolve) => { setTimeout(resolve, EVERY); });
      }
    } catch (error) {
      said.textContent = messageOf(error);
    }
  }

  /** @param {AllDuplicates} all */
  listed({ total, groups }) {
    const copies = this.kind === "copies";
    const among = Boolean(this.data.q);
    if (!total) return [h("p", { class: "empty" }, copies
      ? t(among ? "copies.none-among" : "copies.none")
      : t(among ? "copies.no-bursts-among" : "copies.no-bursts"))];
    const said = { groups: t(copies ? "copies.groups" : "copies.moments", { count: total }),
      shown: groups.length };
    return [h("p", { class: "note" }, groups.length < total
      ? t(among ? "copies.first-among" : "copies.first", said)
      : t(among ? "copies.all-among" : "copies.all", said)),
    ...groups.map((group) => this.group(group))];
  }

  /** @param {Duplicates} group */
  group(group) {
    const { app } = this;
    const { copies } = group;
    learn(copies.map(([id, digest]) => [id, digest]));
    let kept = 0;
    const cards = copies.map((copy, place) => this.card(copy, () => keep(place)));
    const rest = () => copies.filter((_, place) => place !== kept);
    const restIds = () => [...new Set(rest().map(([id]) => id))].filter((id) => id !== copies[kept][0]);
    const tagRest = button(t("copies.tag-rest"), async () => {
      const ids = restIds();
      const name = await askName(app.actions.dialog, t("ask.tag", { count: ids.length }),
        t("copies.tag"));
      if (name) await app.actions.attempt(async () => {
        const done = await post("tag", { ids, name });
        app.say(taggedText(done));
      });
    });
    /** @param {number} place */
    const keep = (place) => {
      kept = place;
      for (const [number, card] of cards.entries()) card.keep(number === place);
      tagRest.hidden = !restIds().length; // the same file has the same tags
    };
    const section = h("section", { class: "group" }, h("h2", {}, titleOf(group)),
      h("ul", { class: "copies" }, cards.map(({ root }) => root)),
      h("div", { class: "actions" },
        copies.length > 1 ? h("button", { type: "button", class: "compare", onclick: () =>
          new Comparison(app, copies, kept, keep).open() }, icon("images"), t("copies.compare")) : null,
        button(t("copies.paths"), () => app.actions.copyLines(rest().map(([, , path]) => path))),
        tagRest));
    keep(0);
    markLargest(copies, cards);
    if (new Set(copies.map(([id]) => id)).size > 1) {
      this.measuring.set(section, async () => {
        const sharpest = await sharpestOf(copies);
        if (sharpest < 0) return;
        cards[sharpest].say(t("copies.sharpest"));
        if (group.kind === "burst" && kept === 0) keep(sharpest);
      });
      this.seen.observe(section);
    }
    return section;
  }

  /** @param {Element} section */
  measure(section) {
    this.seen.unobserve(section);
    this.measuring.get(section)?.();
  }

  /**
   * @param {CopySlots} copy
   * @param {() => void} keep
   */
  card([id, , path, width, height, bytes, taken, onlyDay], keep) {
    const marks = h("span", { class: "bests" });
    const radio = h("button", { type: "button", class: "keep", onclick: keep });
    const root = h("li", { class: "copy" },
      h("img", { src: thumb(id), alt: "", loading: "lazy" }), marks,
      h("p", { class: "path", title: path }, named(path)),
      h("p", { class: "note" },
        `${width} × ${height}, ${fileSize(bytes)}, ${takenText(taken, onlyDay)}`),
      h("div", { class: "copy-tools" }, radio, this.app.data.local
        ? h("button", { type: "button", class: "tool", "aria-label": t("copies.reveal", { path }),
          title: t("do.reveal"), onclick: () => this.app.actions.reveal(id, path) }, icon("folder-open"))
        : null));
    return { root,
      /** @param {boolean} yes */
      keep(yes) {
        root.dataset.kept = String(yes);
        radio.setAttribute("aria-pressed", String(yes));
        radio.replaceChildren(...(yes ? [icon("check"), t("copies.kept")] : [t("copies.keep")]));
      },
      /** @param {string} text */
      say(text) { marks.append(h("span", { class: "mark-best" }, text)); } };
  }
}

/** @param {Duplicates} group */
function titleOf({ kind, copies }) {
  const count = copies.length;
  if (kind === "same") return t("copies.same", { count });
  return t(kind === "burst" ? "copies.moment" : "copies.near", { count });
}

/** @param {AllDuplicates} all */
export function lookedText({ what, done, of }) {
  if (!of) return t("copies.looking");
  return t(what === "pairs" ? "copies.pairs" : "copies.reading",
    { percent: percent(Math.floor((100 * (done ?? 0)) / of) / 100) });
}

/**
 * @param {CopySlots[]} copies
 * @param {{ say: (text: string) => void }[]} cards
 */
function markLargest(copies, cards) {
  const pixels = copies.map(([, , , width, height]) => width * height);
  const most = Math.max(...pixels);
  if (pixels.filter((one) => one === most).length === 1) cards[pixels.indexOf(most)].say(t("copies.largest"));
}

/**
 * @param {CopySlots[]} copies
 * @returns {Promise<number>}  The place of the sharpest; -1 if that can't be told.
 */
async function sharpestOf(copies) {
  try {
    /** @type {[number, number | null][]} */
    const known = await post("sharpness", { ids: [...new Set(copies.map(([id]) => id))] });
    return sharpestPlace(copies.map(([id]) => id), new Map(known));
  } catch { return -1; }
}

/**
 * @param {number[]} ids
 * @param {Map<number, number | null>} known
 * @returns {number}  The place of the sharpest, if it is clearly sharper than another; else -1.
 */
export function sharpestPlace(ids, known) {
  const values = ids.map((id) => known.get(id) ?? -1);
  const most = Math.max(...values);
  const least = Math.min(...values.filter((value) => value >= 0));
  return most > 0 && most > 1.02 * least ? values.indexOf(most) : -1;
}
