// @ts-check
// Photos that are hidden, and shown again.

import { post } from "./server.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */

/**
 * The view is without them then; what is done is undone by the message that says so.
 *
 * @param {App} app
 * @param {number[]} ids
 * @param {boolean} hidden  Or shown again.
 */
export function hide(app, ids, hidden = true) {
  return app.actions.attempt(async () => {
    /** @type {{ changed: number[] }} */
    const { changed } = await post("hide", { ids, hidden });
    await goOn(app, ids);
    app.selection.clear();
    app.say(t(hidden ? "said.hidden" : "said.shown", { count: changed.length }),
      changed.length ? { text: t("page.undo"), work: () => hide(app, changed, !hidden) } : null);
    app.albums.changed();
  });
}

/**
 * The photo that is open goes: to the next one, else the one before, else back to the page.
 *
 * @param {App} app
 * @param {number[]} ids
 */
async function goOn({ lightbox }, ids) {
  if (!lightbox.dialog.open || !ids.includes(lightbox.id)) return;
  if (!await lightbox.step(1) && !await lightbox.step(-1)) lightbox.dialog.close();
}

/**
 * What either is called, and its icon.
 *
 * @param {boolean} hidden  Whether the photos are hidden now.
 */
export function hidingWords(hidden) {
  return hidden ? { text: t("do.show-again"), drawn: "eye", title: t("do.show-again-why") }
    : { text: t("do.hide"), drawn: "eye-off", title: t("do.hide-why") };
}
