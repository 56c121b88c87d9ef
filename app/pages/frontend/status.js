// @ts-check
// The line below the bar: how many photos, what restricts them, and how they are shown.

import { remember, remembered } from "./browser.js";
import { showHelp } from "./dialogs.js";
import { button, focused, h, named, part, refill } from "./dom.js";
import { icon } from "./icons.js";
import { learn, thumb, uploaded } from "./server.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { TextKey } from "./texts.js" */
/** @import { ChipSlots, GalleryData, Order } from "./types.d.ts" */

/** @type {Record<string, string>} */
const ICONS = { date: "clock", place: "map-pin", camera: "camera", lens: "camera", folder: "folder",
  tag: "tag", keyword: "tag", label: "image", concept: "sparkles", album: "book-image",
  name: "file-image", type: "file-image" };
/** @type {[Order, TextKey][]} */
const ORDERS = [["best", "status.best"], ["newest", "status.newest"], ["oldest", "status.oldest"]];

// What is looked at stays in view when the focus is given back.
const UNMOVED = { preventScroll: true };

export class StatusLine {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.summary = part(app.root, ".summary", HTMLElement);
    this.chips = part(app.root, ".chips", HTMLElement);
    this.opener = part(app.root, ".open-options", HTMLElement);
    this.menu = part(app.root, ".menu", HTMLElement);
    this.size = h("input", { type: "range", min: "90", max: "380", step: "10", "data-name": "size",
      "aria-label": t("status.thumbnail-size") });
    this.size.value = remembered("size", matchMedia("(max-width: 640px)").matches ? "110" : "200");
    this.size.addEventListener("input", () => this.resize());
    this.resize();
    this.opener.addEventListener("click", () => this.open(Boolean(this.menu.hidden)));
    const around = part(app.root, ".options", HTMLElement);
    around.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !around.contains(event.relatedTarget))
        this.open(false);
    });
    around.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.menu.hidden) return;
      this.open(false);
      this.opener.focus();
      event.stopPropagation();
    });
    this.chips.addEventListener("keydown", (event) => along(this.chips, event));
    app.root.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !around.contains(event.target)) this.open(false);
    });
  }

  resize() {
    this.app.root.style.setProperty("--h", this.size.value);
    this.app.grid?.arrange();
    remember("size", this.size.value);
  }

  /** @param {boolean} yes */
  open(yes) {
    this.menu.hidden = !yes;
    this.opener.setAttribute("aria-expanded", String(yes));
  }

  /** @param {GalleryData} data */
  show(data) {
    const { app } = this;
    learn(data.shown);
    const [first, ...further] = data.summary.split(" · ");
    this.summary.replaceChildren(h("strong", {}, first ?? ""),
      ...further.map((one) => h("span", { class: "further" }, " · ", named(one))),
      ...(data.literal ? [this.instead(data.literal)] : []),
      ...(data.note ? [h("span", { class: "unread" }, data.note)] : []));
    this.summary.parentElement?.classList.toggle("changed", Boolean(data.literal || data.note));
    showChips(this.chips, [...data.chips.map((chip) => this.chip(chip)),
      ...data.examples.map((query) => button(calledFor(query), () => app.search(query),
        { class: "chip example", "data-name": query }))]);
    this.chips.setAttribute("aria-label", t(data.examples.length ? "status.examples"
      : "status.restricts"));
    this.options(data);
  }

  // What takes the words as they were typed.
  /** @param {string} literal */
  instead(literal) {
    return button(t("status.instead", { query: literal }),
      () => this.app.search(literal), { class: "link instead" });
  }

  /** @param {ChipSlots} chip */
  chip([kind, text, rest, photo, upload]) {
    const address = photo ? thumb(Number(photo)) : upload ? uploaded(upload) : "";
    return h("button", { type: "button", class: "chip", "data-kind": kind,
      "data-name": `${kind}:${text}`, title: t("status.without", { part: text }),
      "aria-label": t("status.remove", { part: text }), onclick: () => this.app.search(rest) },
    address ? h("img", { src: address, alt: "" }) : icon(ICONS[kind] ?? "list-filter"),
    h("span", { class: "what" }, named(text)), icon("x"));
  }

  /** @param {GalleryData} data */
  options(data) {
    const { app } = this;
    /** @type {[Order, TextKey][]} */
    const listed = data.ranked ? ORDERS
      : data.album ? [["best", "status.album-order"], ...ORDERS.slice(1)] : ORDERS.slice(1);
    const order = listed.find(([sort]) => sort === data.sort) ?? listed[0];
    this.opener.replaceChildren(h("span", {}, t(order[1])), icon("chevron-down"));
    this.opener.setAttribute("aria-label", t("status.order-how", { order: t(order[1]) }));
    refill(this.menu, [
      h("fieldset", {}, h("legend", {}, t("status.order")), listed.map(([sort, text]) => h("label", {},
        h("input", { type: "radio", name: "order", "data-name": `order:${sort}`,
          checked: sort === order[0], onchange: () => app.edit({ op: "show", sort }) }),
        h("span", {}, t(text))))),
      h("label", { class: "size" }, h("span", {}, t("status.size")), this.size),
      ...(data.bursts ? [h("label", {}, h("input", { type: "checkbox", "data-name": "bursts",
        checked: data.all === "true",
        onchange: (event) => app.edit({ op: "show", all: event.target.checked ? "true" : "false" }) }),
      h("span", {}, t("status.bursts")))] : []),
      ...(data.q && !data.album
        ? [this.option("bookmark", t("status.save"), () => app.actions.saveSearch())] : []),
      ...(data.hidden && !data.of_hidden ? [this.option("eye-off",
        t("status.hidden", { count: data.hidden }), () => app.search("is:hidden"))] : []),
      ...(data.album ? [
        this.option("pencil", t("status.rename"), () => app.albums.rename(), "of-album"),
        this.option("trash-2", t("status.delete"), () => app.albums.delete())] : []),
      // On a phone the bar has no room for it.
      this.option("circle-question-mark", t("status.help"),
        () => showHelp(part(app.root, ".help", HTMLDialogElement)), "help-option")], UNMOVED);
  }

  /**
   * @param {string} drawn
   * @param {string} text
   * @param {() => unknown} work
   */
  option(drawn, text, work, kind = "") {
    return h("button", { type: "button", class: `quiet option ${kind}`,
      onclick: () => { this.open(false); work(); } }, icon(drawn), text);
  }
}

/**
 * Show the chips of another query. Who was at one by keyboard goes on at the one in its place; after
 * a click, keys are for what is looked at.
 *
 * @param {HTMLElement} row
 * @param {HTMLElement[]} chips
 */
function showChips(row, chips) {
  const before = focused(row);
  const at = before?.matches(":focus-visible") ? [...row.children].indexOf(before) : -1;
  refill(row, chips, UNMOVED);
  row.hidden = !chips.length;
  if (at >= 0 && !row.contains(focused(row))) chips[Math.min(at, chips.length - 1)]?.focus(UNMOVED);
  oneStop(row, chips.find((chip) => chip === focused(row)));
}

/**
 * Of all chips one is a stop of Tab: the arrows lead to the others.
 *
 * @param {HTMLElement} row
 * @param {Element | null} stop
 */
function oneStop(row, stop = row.firstElementChild) {
  for (const chip of row.children) chip.setAttribute("tabindex", chip === stop ? "0" : "-1");
}

/**
 * @param {HTMLElement} row
 * @param {KeyboardEvent} event
 */
function along(row, event) {
  const step = event.altKey ? 0 : { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = [...row.children].indexOf(/** @type {Element} */ (event.target));
  const next = row.children[at + (step ?? 0)];
  if (!step || !(next instanceof HTMLElement)) return;
  oneStop(row, next);
  next.focus();
  event.preventDefault();
}

/**
 * @param {string} query  An example of a search.
 * @returns {string}  Of a place, only its name.
 */
const calledFor = (query) => query.replace(/^place:"?([^"]+)"?$/, "$1");
