// @ts-check
// The text that was read in a photo: its lines beside it, and where they are on it.

import { copyText } from "./browser.js";
import { button, h, svg } from "./dom.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { TextLine } from "./types.d.ts" */

/** Where lines of text are on the picture of a stage; seen only where somebody asks for it. */
export class TextMarks {
  constructor() {
    // In parts of the picture, however large that is shown.
    this.root = svg("svg", { class: "text-marks", viewBox: "0 0 1 1", preserveAspectRatio: "none",
      "aria-hidden": "true" });
    this.show(false);
  }

  /** @param {TextLine[]} lines */
  mark(lines) {
    this.root.replaceChildren(...lines.map(({ box }) => svg("polygon", { points: box.join(" ") })));
  }

  /** @param {boolean} yes */
  show(yes) {
    this.shown = yes;
    this.root.dataset.shown = yes ? "yes" : "no";
  }
}

/**
 * The lines, to be selected and copied, with a button that shows where they are.
 *
 * @param {App} app
 * @param {TextLine[]} lines
 */
export function textNode(app, lines) {
  const { marks } = app.lightbox.stage;
  const text = lines.map((line) => line.text).join("\n");
  const where = button(t("fact.text-where"), () => {
    marks.show(!marks.shown);
    where.setAttribute("aria-pressed", String(marks.shown));
  }, { "aria-pressed": String(marks.shown) });
  return h("section", { class: "read-text" }, h("h3", {}, t("fact.text")),
    h("p", { dir: "auto" }, text),
    h("div", { class: "actions" }, where, button(t("fact.text-copy"), () => copyText(text, app.front())
      .then(() => app.say(t("page.copied")), (error) => app.say(error.message)))));
}
