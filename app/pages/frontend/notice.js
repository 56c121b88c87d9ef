// @ts-check
// What is shown instead of photos: why there are none, and what can be done about it.

import { button, h } from "./dom.js";
import { t } from "./texts.js";
import { welcome } from "./welcome.js";

/** @import { App } from "./app.js" */
/** @import { Notice } from "./types.d.ts" */

/**
 * @param {App} app
 * @param {Notice} notice
 */
export function noticeView(app, { title, lines, kind, offers }) {
  if (kind === "welcome" || kind === "indexing") return welcome(app, title, lines, kind, offers);
  return h("section", { class: "notice", role: "alert" }, h("h2", {}, title),
    ...lines.map((line) => h("p", {}, line)),
    h("div", { class: "actions" },
      ...offers.map(([text, query, address]) => address
        ? h("a", { href: address, class: "offer" }, text)
        : button(query === text ? t("notice.did-you-mean", { query: text }) : text, () => app.search(query ?? ""))),
      kind === "retry" ? button(t("notice.again"), () => app.edit({ op: "retry" }), { class: "main" })
        : null));
}
