// @ts-check
// What stands beside a large photo: its facts, where it is, why it was found, what can be done.

import { takenText } from "./dates.js";
import { button, h } from "./dom.js";
import { alike } from "./film.js";
import { hide, hidingWords } from "./hiding.js";
import { icon } from "./icons.js";
import { smallMap } from "./map.js";
import { beside, original } from "./server.js";
import { clock, fileSize, grouped } from "./text.js";
import { textNode } from "./text_lines.js";

/** @import { App } from "./app.js" */
/** @import { Child } from "./dom.js" */
/** @import { Edit, PhotoFacts, Why } from "./types.d.ts" */

/** What is said of a time that is not the camera's. */
const FROM = { exif: "", sidecar: " (by a sidecar)", name: " (by the file's name)",
  file: " (the file's own time)" };
/** @type {Record<string, string>} */
const CALLED = { MPO: "JPEG", HEIF: "HEIC" };

/**
 * @param {App} app
 * @param {PhotoFacts} facts
 * @returns {Element[]}
 */
export function factNodes(app, facts) {
  /** @param {Edit} edit */
  const close = (edit) => app.lightbox.leave(() => app.edit(edit));
  const { latitude, longitude } = facts;
  return [
    h("h2", {}, facts.name),
    ...(facts.hidden ? [h("p", { class: "note" }, "It is hidden.")] : []),
    ...notThere(facts),
    h("dl", {}, rows(app, facts, close).filter(([, value]) => value)
      .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    ...(facts.text.length ? [textNode(app, facts.text)] : []),
    ...(latitude !== null && longitude !== null ? [smallMap(latitude, longitude)] : []),
    ...(facts.why ? [whyNode(facts.why)] : []),
    actionsNode(app, facts, close),
  ];
}

/** @param {PhotoFacts} facts */
function notThere(facts) {
  if (facts.offline) return [h("p", { class: "note" }, "Its drive or folder is not there now.")];
  if (facts.missing) return [h("p", { class: "note missing-file", role: "alert" },
    "The file is not there any more: it was deleted, moved or renamed. " +
    "“Look for new photos” on the Library page brings the library up to date.")];
  return [];
}

/**
 * @param {App} app
 * @param {PhotoFacts} facts
 * @param {(edit: Edit) => void} close
 * @returns {[name: string, value: Child][]}
 */
function rows(app, facts, close) {
  const taken = takenText(facts.taken, facts.only_day);
  return [
    ["Title", facts.title], ["Description", facts.description],
    ["Taken", `${taken}${facts.offset ? ` UTC${facts.offset}` : ""}${FROM[facts.taken_from]}`],
    ["Camera", facts.camera], ["Lens", facts.lens], ["Exposure", facts.exposure],
    ["Size", `${facts.width} × ${facts.height}, ${fileSize(facts.bytes)}, ${facts.format}`],
    ["Place", facts.place], ["Folder", facts.folder],
    ["Also at", facts.copies.join("\n")], ["Camera raw", facts.raws.join("\n")],
    ["Live video", facts.live_videos.join("\n")],
    ["Shows", facts.labels.length ? h("span", { class: "tags" }, facts.labels.map(([name, sure]) =>
      button(facts.label_names[name] ?? name, () => close({ op: "toggle", key: "label", value: name }),
        { title: `${sure} % sure. All photos that show it` }))) : null],
    ["Keywords", facts.keywords.length ? h("span", { class: "tags" }, facts.keywords.map((name) =>
      button(name, () => close({ op: "toggle", key: "keyword", value: name }),
        { title: "All photos with this keyword" }))) : null],
    ["Length", facts.duration === null ? null : clock(facts.duration)],
    ["Rating", facts.rating === null ? null : stars(facts.rating)],
    ["Colour label", facts.colour_label], ["By", facts.creator], ["Copyright", facts.copyright],
    ["Tags", facts.tags.length ? h("span", { class: "tags" }, facts.tags.map((name) => removable(
      name, `Take away the tag ${name}`,
      () => app.actions.untag(facts.id, name).then(() => app.lightbox.tell(facts.id))))) : null],
    ["Albums", facts.albums.length ? h("span", { class: "tags" }, facts.albums.map((name) =>
      removable(name, `Take out of the album ${name}`,
        () => app.albums.remove([facts.id], name).then(() => app.lightbox.tell(facts.id))))) : null],
  ];
}

/** @param {number} rating */
function stars(rating) {
  return rating < 0 ? "rejected" : `${rating} of 5 stars`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {() => unknown} onclick
 */
function removable(name, label, onclick) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick }, name, icon("x"));
}

/**
 * @param {App} app
 * @param {PhotoFacts} facts
 * @param {(edit: Edit) => void} close
 */
function actionsNode(app, facts, close) {
  const { actions, lightbox } = app;
  const { id } = facts;
  const readable = !facts.offline && !facts.missing;
  return h("div", { class: "actions" },
    button("More like this", () => close(alike(app, "like", [id])), { class: "main" }),
    button("Without this", () => close(alike(app, "without", [id]))),
    h("button", { type: "button", class: "love", "aria-pressed": String(facts.favourite),
      onclick: () => actions.favour([id], !facts.favourite).then(() => lightbox.tell(id)) },
    icon("heart"), "Favourite"),
    button("Tag…", () => actions.tag([id]).then(() => lightbox.tell(id))),
    button("Add to album…", () => app.albums.add([id]).then(() => lightbox.tell(id))),
    button(hidingWords(facts.hidden).text, () => hide(app, [id], !facts.hidden)),
    button("Copy path", () => actions.copyPaths([id])),
    ...(readable ? downloads(app, facts) : []),
    app.data.local && readable ? button("Show in folder", () => actions.reveal(id)) : null);
}

/**
 * A button for each of a photo's files.
 *
 * @param {App} app
 * @param {PhotoFacts} facts
 */
function downloads({ actions }, { id, format, beside: files }) {
  if (!files.length) return [button("Download", () => actions.download([id]))];
  return [
    button(`Download ${CALLED[format] ?? format}`, () => actions.save(original(id, true))),
    ...files.map(({ id: file, name, video }) => button(
      `Download ${video ? "video" : "raw"} (${name})`, () => actions.save(beside(id, file, true)))),
  ];
}

/** @param {Why} why */
function whyNode(why) {
  const match = why.rank ? `${why.relevance ?? "ranked"} match, number ${
    grouped(why.rank)} of ${grouped(why.of)}` : null;
  const best = why.alternative === null ? null : `best as: ${why.alternative}`;
  const terms = why.terms.map((term) => (term.negative
    ? `without ${term.term}: ${term.share < -0.05 ? "looks like it, so it ranks lower" : "fine"}`
    : `${term.term}: nearer than ${term.percentile.toFixed(1)} % of the library`));
  const names = Object.entries(why.names).map(([kind, words]) => `${kind}: ${words.join(", ")}`);
  const filters = why.filters.map((one) => `${one.filter}: ${one.met ? "yes" : "no"}`);
  return h("section", { class: "why" }, h("h3", {}, "Why it was found"),
    h("ul", {}, [match, best, ...terms, ...names, ...filters].filter(Boolean).map((row) => h("li", {}, row))));
}
