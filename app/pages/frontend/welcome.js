// @ts-check
// The first visit: which folder the photos are in, and from then on how far they are read.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { get, post } from "./server.js";
import { grouped, messageOf, plural } from "./text.js";

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
  const progress = (whose = "your") => root.replaceChildren(
    h("h2", {}, `Reading ${whose} photos`), watched(app));
  if (kind === "indexing") {
    progress();
    return root;
  }
  const [line, command, further] = lines;
  const problem = h("p", { class: "problem", role: "alert" });
  const choices = h("datalist", { id: "folders" });
  const input = h("input", { type: "text", name: "folder", list: "folders", required: true,
    autocomplete: "off", spellcheck: "false", "aria-label": "Folder of photos", oninput: complete });
  async function complete() {
    try {
      /** @type {string[]} */
      const listed = await get("folders", { path: input.value });
      choices.replaceChildren(...listed.map((value) => h("option", { value })));
      return listed;
    } catch { return []; }
  }
  complete().then((listed) => { if (!input.value && listed.length) input.value = listed[0]; });
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    try {
      await post("index", { folder: input.value });
      progress();
    } catch (error) { problem.textContent = messageOf(error); }
  } }, h("label", {}, h("span", {}, "Folder of photos"), input), choices,
  h("button", { class: "main" }, icon("plus"), "Add photos"));
  root.append(h("h2", {}, title), h("p", {}, line ?? ""), form, problem,
    ...offers.map(([text]) => button(text, async () => {
      try {
        await post("index", { samples: true });
        progress("the sample");
      } catch (error) { problem.textContent = messageOf(error); }
    }, { class: "samples" })),
    ...(command ? [h("p", { class: "note" }, "Or in a terminal: ", h("code", {}, command))] : []),
    ...(further ? [h("p", { class: "note" }, further)] : []));
  return root;
}

/**
 * That sample photos are among the others, and what takes them out again.
 *
 * @param {App} app
 */
export function samplesBanner(app) {
  return h("p", { class: "banner" }, "There are sample photos here.",
    button("Remove them", () => app.actions.attempt(async () => {
      await post("index", { samples: false });
      app.say("The sample photos were removed from the library.");
      app.edit({ op: "again" });
    })));
}

/**
 * How far the run is, again and again until it ends; then the photos themselves.
 *
 * @param {App} app
 */
function watched(app) {
  const bar = h("progress", { "aria-label": "Photos read" });
  const said = h("p", { role: "status" }, "Preparing the model …");
  const actions = h("div", { class: "actions" }, button("Stop", () => post("index", { stop: true })));
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
        actions.replaceChildren(button("Look again", () => app.edit({ op: "again" })));
        return;
      }
      if (run.searchable && !offered) {
        offered = true;
        actions.prepend(button("See what is there already", () => app.edit({ op: "again" }),
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
  if (!run.seen && !run.embedded)
    return run.total ? `Preparing the model … ${plural(run.total, "file")} to be read`
      : "Preparing the model …";
  const of = run.total ? ` of ${grouped(run.total)}` : "";
  const said = [`${grouped(run.seen)}${of} files`];
  if (run.rate >= 1) said.push(`${grouped(Math.round(run.rate))} photos a second`);
  if (run.unread) said.push(`${grouped(run.unread)} could not be read`);
  if (run.left !== null) said.push(`about ${duration(run.left)} left`);
  return said.join(", ");
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
