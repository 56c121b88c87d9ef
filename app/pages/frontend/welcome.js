// @ts-check
// The first visit: which folder the photos are in, and from then on how far they are read.

import { button, h } from "./dom.js";
import { folderForm } from "./folder_form.js";
import { get, post } from "./server.js";
import { measured, messageOf } from "./text.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { Indexing, Offer } from "./types.d.ts" */

const EVERY = 500; // ms between two looks at a run

/**
 * @param {App} app
 * @param {string} title
 * @param {string[]} lines  Behind the first, the command that does the same, and what brings samples.
 * @param {"welcome" | "indexing"} kind
 * @param {Offer[]} offers  Of sample photos, where there are some.
 */
export function welcome(app, title, lines, kind, offers) {
  const root = h("section", { class: "notice welcome" });
  const progress = (samples = false) => root.replaceChildren(
    h("h2", {}, t(samples ? "welcome.reading-samples" : "welcome.reading")), watched(app));
  if (kind === "indexing") {
    progress();
    return root;
  }
  const [line, command, further] = lines;
  const form = folderForm(async (folder) => {
    await post("index", { folder });
    progress();
  }, { label: t("welcome.folder"), filled: true });
  root.append(h("h2", {}, title), h("p", {}, line ?? ""), form.root,
    ...offers.map(([text]) => button(text, async () => {
      try {
        await post("index", { samples: true });
        progress(true);
      } catch (error) { form.say(messageOf(error)); }
    }, { class: "samples" })),
    ...(command ? [h("p", { class: "note" }, t("welcome.terminal"), " ", h("code", {}, command))] : []),
    ...(further ? [h("p", { class: "note" }, further)] : []));
  return root;
}

/**
 * That sample photos are among the others, and what takes them out again.
 *
 * @param {App} app
 */
export function samplesBanner(app) {
  return h("p", { class: "banner" }, t("welcome.samples-here"), " ",
    button(t("welcome.remove-samples"), () => app.actions.attempt(async () => {
      await post("index", { samples: false });
      app.say(t("welcome.removed"));
      app.edit({ op: "again" });
    })));
}

/**
 * How far the run is, again and again until it ends; then the photos themselves.
 *
 * @param {App} app
 */
function watched(app) {
  const bar = h("progress", { "aria-label": t("welcome.read") });
  const said = h("p", { role: "status" }, t("welcome.preparing"));
  const actions = h("div", { class: "actions" }, button(t("welcome.stop"), () => post("index", { stop: true })));
  const root = h("div", { class: "reading" }, bar, said, actions);
  let offered = false;
  const look = async () => {
    if (!root.isConnected || app.away.signal.aborted) return;
    try {
      /** @type {Indexing} */
      const run = await get("indexing");
      said.textContent = told(run);
      if (run.total) {
        bar.max = run.total;
        bar.value = run.seen;
      }
      if (!run.running) {
        if (run.failed) said.textContent = run.result.join(" ");
        else app.edit({ op: "again" });
        actions.replaceChildren(button(t("welcome.again"), () => app.edit({ op: "again" })));
        return;
      }
      if (run.searchable && !offered) {
        offered = true;
        actions.prepend(button(t("welcome.see"), () => app.edit({ op: "again" }),
          { class: "main" }));
      }
    } catch { /* said by what watches the connection */ }
    setTimeout(look, EVERY);
  };
  setTimeout(look, 0);
  return root;
}

/** @param {Indexing} run */
export function told(run) {
  if (run.naming) return t("run.naming", { count: run.naming[0], of: run.naming[1] });
  if (!run.seen && !run.embedded)
    return run.total ? t("welcome.preparing-of", { count: run.total }) : t("welcome.preparing");
  const { seen, total } = run;
  const said = [total ? t("run.files-of", { seen, count: total }) : t("run.files", { count: seen })];
  if (run.rate >= 1) said.push(t("run.rate", { count: Math.round(run.rate) }));
  if (run.unread) said.push(t("run.unread", { count: run.unread }));
  if (run.left !== null) said.push(t("run.left", { time: duration(run.left) }));
  return said.join(", ");
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 90) return measured(Math.max(1, Math.round(seconds)), "second");
  return seconds < 5400 ? measured(Math.round(seconds / 60), "minute")
    : measured(seconds / 3600, "hour", 1);
}
