// @ts-check
// What stands beside a large photo: its facts, where it is, why it was found, what can be done.

import { takenText } from "./dates.js";
import { button, h, named } from "./dom.js";
import { alike } from "./film.js";
import { hide, hidingWords } from "./hiding.js";
import { icon } from "./icons.js";
import { smallMap } from "./map.js";
import { beside, original } from "./server.js";
import { clock, fileSize, percent } from "./text.js";
import { textNode } from "./text_lines.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { Child } from "./dom.js" */
/** @import { TextKey } from "./texts.js" */
/** @import { Edit, PhotoFacts, Why } from "./types.d.ts" */

/** @type {Record<string, TextKey>}  What is said of a time that is not the camera's. */
const FROM = { sidecar: "fact.by-sidecar", name: "fact.by-name", file: "fact.by-file" };
/** @type {Record<string, TextKey>} */
const NAMED = { name: "why.name", folder: "why.folder", tag: "why.tag", concept: "why.concept",
  keyword: "why.keyword", title: "why.in-title", description: "why.description",
  text: "why.text" };
/** @type {Record<string, TextKey>} */
const RANKED = { weak: "why.rank-weak", fair: "why.rank-fair", strong: "why.rank-strong" };
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
    h("h2", {}, named(facts.name)),
    ...(facts.hidden ? [h("p", { class: "note" }, t("photo.hidden"))] : []),
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
  if (facts.offline) return [h("p", { class: "note" }, t("photo.away"))];
  if (facts.missing) return [h("p", { class: "note missing-file", role: "alert" },
    t("photo.gone"))];
  return [];
}

/**
 * @param {App} app
 * @param {PhotoFacts} facts
 * @param {(edit: Edit) => void} close
 * @returns {[name: string, value: Child][]}
 */
function rows(app, facts, close) {
  const time = `${takenText(facts.taken, facts.only_day)}${
    facts.offset ? ` UTC${facts.offset}` : ""}`;
  const from = FROM[facts.taken_from];
  return [
    [t("fact.title"), name(facts.title)], [t("fact.description"), name(facts.description)],
    [t("fact.taken"), from ? t(from, { time }) : time],
    [t("fact.camera"), facts.camera], [t("fact.lens"), facts.lens],
    [t("fact.exposure"), facts.exposure],
    [t("fact.size"), `${facts.width} × ${facts.height}, ${fileSize(facts.bytes)}, ${facts.format}`],
    [t("fact.place"), name(facts.place)], [t("fact.folder"), name(facts.folder)],
    [t("fact.also-at"), lines(facts.copies)], [t("fact.raw"), lines(facts.raws)],
    [t("fact.live"), lines(facts.live_videos)],
    [t("fact.shows"), facts.labels.length ? h("span", { class: "tags" }, facts.labels.map(([value, sure]) =>
      button(facts.label_names[value] ?? value, () => close({ op: "toggle", key: "label", value }),
        { title: t("fact.sure", { percent: percent(sure / 100) }) }))) : null],
    [t("fact.keywords"), facts.keywords.length ? h("span", { class: "tags" },
      facts.keywords.map((value) => h("button", { type: "button", title: t("fact.with-keyword"),
        onclick: () => close({ op: "toggle", key: "keyword", value }) }, named(value)))) : null],
    [t("fact.length"), facts.duration === null ? null : clock(facts.duration)],
    [t("fact.rating"), facts.rating === null ? null : stars(facts.rating)],
    [t("fact.colour-label"), facts.colour_label], [t("fact.by"), name(facts.creator)],
    [t("fact.copyright"), name(facts.copyright)],
    [t("fact.tags"), facts.tags.length ? h("span", { class: "tags" }, facts.tags.map((tag) => removable(
      tag, t("ask.untag-one", { name: tag }),
      () => app.actions.untag(facts.id, tag).then(() => app.lightbox.tell(facts.id))))) : null],
    [t("fact.albums"), facts.albums.length ? h("span", { class: "tags" }, facts.albums.map((album) =>
      removable(album, t("fact.out-of", { name: album }),
        () => app.albums.remove([facts.id], album).then(() => app.lightbox.tell(facts.id))))) : null],
  ];
}

/** @param {string | null} text */
const name = (text) => (text ? named(text) : null);

/** @param {string[]} paths  Each in a line of its own. */
const lines = (paths) => (paths.length
  ? h("span", {}, paths.flatMap((path, place) => [place ? "\n" : null, named(path)])) : null);

/** @param {number} rating */
function stars(rating) {
  return rating < 0 ? t("fact.rejected") : t("fact.stars", { count: rating });
}

/**
 * @param {string} text
 * @param {string} label
 * @param {() => unknown} onclick
 */
function removable(text, label, onclick) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick }, named(text), icon("x"));
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
    button(t("photo.alike"), () => close(alike(app, "like", [id])), { class: "main" }),
    button(t("photo.without"), () => close(alike(app, "without", [id]))),
    h("button", { type: "button", class: "love", "aria-pressed": String(facts.favourite),
      onclick: () => actions.favour([id], !facts.favourite).then(() => lightbox.tell(id)) },
    icon("heart"), t("do.favourite")),
    button(t("do.tag"), () => actions.tag([id]).then(() => lightbox.tell(id))),
    button(t("do.album"), () => app.albums.add([id]).then(() => lightbox.tell(id))),
    button(hidingWords(facts.hidden).text, () => hide(app, [id], !facts.hidden)),
    button(t("photo.copy-path"), () => actions.copyPaths([id])),
    ...(readable ? downloads(app, facts) : []),
    app.data.local && readable ? button(t("do.reveal"), () => actions.reveal(id)) : null);
}

/**
 * A button for each of a photo's files.
 *
 * @param {App} app
 * @param {PhotoFacts} facts
 */
function downloads({ actions }, { id, format, beside: files }) {
  if (!files.length) return [button(t("do.download"), () => actions.download([id]))];
  return [
    button(t("photo.download-format", { format: CALLED[format] ?? format }), () => actions.save(original(id, true))),
    ...files.map(({ id: file, name: called, video }) => button(
      t(video ? "photo.download-video" : "photo.download-raw", { name: called }), () => actions.save(beside(id, file, true)))),
  ];
}

/** @param {Why} why */
function whyNode(why) {
  const { rank, of } = why;
  const match = rank ? t(RANKED[why.relevance ?? ""] ?? "why.rank", { rank, of }) : null;
  const best = why.alternative === null ? null : t("why.best-as", { query: why.alternative });
  const terms = why.terms.map(({ term, negative, share, percentile }) => (negative
    ? t(share < -0.05 ? "why.not-like" : "why.not-fine", { term })
    : t("why.nearer", { term, percent: percent(percentile / 100, 1) })));
  const names = Object.entries(why.names).map(([kind, words]) =>
    t(NAMED[kind] ?? "why.name", { words: words.join(", ") }));
  const filters = why.filters.map(({ filter, met }) =>
    t(met ? "why.met" : "why.not-met", { filter }));
  return h("section", { class: "why" }, h("h3", {}, t("why.title")),
    h("ul", {}, [match, best, ...terms, ...names, ...filters].filter(Boolean).map((row) => h("li", {}, row))));
}
