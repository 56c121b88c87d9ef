// Every text is there in each language, each is used, and what the scripts say is one of them.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { isolated, t, useMoreTexts, useTexts } from "../../app/pages/frontend/texts.js";
import { catalogue } from "./english.js";

const FOLDER = new URL("../../app/pages/frontend/", import.meta.url);
const SCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith(".js"));

test("the form is chosen by the count, and numbers are written as the locale does", () => {
  assert.equal(t("count.photos", { count: 1 }), "1 photo");
  assert.equal(t("count.photos", { count: 0 }), "0 photos");
  assert.equal(t("count.photos", { count: 12345 }), "12,345 photos");
  useTexts("de", catalogue("de"));
  assert.equal(t("count.photos", { count: 1 }), "1 Foto");
  assert.equal(t("said.saved", { name: "{name}" }), "Gespeichert als {name}.");
  useTexts("en", catalogue("en"));
});

test("a language with more forms than two has them", () => {
  const forms = { one: "{count} zdj\u0119cie", few: "{count} zdj\u0119cia", many: "{count} zdj\u0119\u0107",
    other: "{count} zdj\u0119cia" };
  useTexts("pl", { "count.photos": forms });
  assert.deepEqual([1, 3, 5].map((count) => t("count.photos", { count })),
    ["1 zdj\u0119cie", "3 zdj\u0119cia", "5 zdj\u0119\u0107"]);
  useTexts("en", catalogue("en"));
});

test("texts that came later stay until the language is another one", () => {
  const later = { "library.title": "Meine Fotos" };
  useTexts("de", { "bar.library": "Bibliothek" });
  useMoreTexts(later);
  useTexts("de", { "bar.library": "Archiv" }); // as at each run of the script
  assert.deepEqual([t("bar.library"), t("library.title")], ["Archiv", "Meine Fotos"]);
  useTexts("en", catalogue("en"));
  assert.equal(t("library.title"), catalogue("en")["library.title"]);
});

test("a name from right to left does not turn what is around it", () => {
  const name = "\u05d7\u05d5\u05e3";
  assert.equal(t("said.saved", { name }), `Saved as \u2068${name}\u2069.`);
  assert.equal(isolated("Caf\u00e9 \u4eac\u90fd"), "Caf\u00e9 \u4eac\u90fd");
  assert.equal(isolated("\u{1e900}"), "\u2068\u{1e900}\u2069");
  assert.equal(isolated("a\u202egpj.exe"), "agpj.exe");
  assert.equal(isolated("\u05d7\u2069\u202e\u2067x"), "\u2068\u05d7x\u2069");
});

// What looks like English in quotes: several words, or one with a capital letter.
const SAYS = /(["`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
const ENGLISH = /^[A-Z]?[a-z]{2,}(?: .*)?[a-z\u2026.!?:]*$/;

/** @param {string} code */
const withoutComments = (code) => code.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, "");

/**
 * Texts for people that are written in a script: after `title:` and the like, in a call that shows
 * its text, or as a sentence.
 *
 * @param {string} code
 */
function written(code) {
  const bare = withoutComments(code);
  const places = [
    /(?:"aria-label"|title|alt|placeholder|text): ?(?:\w+ \? )?(["`])(?!\1|[\w-]+\.[\w-]+")/g,
    /\b(?:button|tool|say|askName|askSure|group|warn|field|option|act)\((?:"[\w-]*", )?(["`])[A-Z]/g,
    /h\("[\w-]+", \{[^{}]*\}, (["`])[A-Za-z]/g,
    /textContent = (["`])[A-Za-z]/g,
  ];
  const lines = bare.split("\n");
  const shown = places.flatMap((place) => lines.filter((line) => line.search(place) >= 0));
  const sentences = [...bare.matchAll(SAYS)].map(([, , text]) => text)
    .filter((text) => ENGLISH.test(text) && (text.match(/[A-Za-z]{2,}/g)?.length ?? 0) > 2
      && /^[A-Z]/.test(text));
  return [...shown, ...sentences];
}

test("texts that are written in a script are seen", () => {
  for (const code of ['h("p", {}, "Gone.")', 'button("Undo", work)', 'app.say(`Saved as ${name}.`)',
    '{ title: "Photos", x }', 'x = "Nothing was read"', 'tool("x", "Close", work)'])
    assert.equal(written(code).length > 0, true, code);
  for (const code of ['h("p", { class: "note" }, t("a.b"))', "// Not \"a text for people\"",
    '{ alt: "" }', 'h("span", { class: "x" }, "+")', '["ArrowUp", "Enter"]'])
    assert.deepEqual(written(code), [], code);
});

// Commands, examples of queries and names of keys are the same in every language.
const THE_SAME = ["`The page has no ${selector}.`", 'h("code", {}, "clipsearch ui")',
  'h("code", {}, "clipsearch relocate OLD NEW")',
  'h("code", {}, "clipsearch files --state failed")', "text:\"no parking\"'", 'title: "Esc"'];

for (const name of SCRIPTS) test(`${name} says nothing that is in no catalogue`, () => {
  let code = readFileSync(new URL(name, FOLDER), "utf-8");
  for (const same of THE_SAME) code = code.replace(same, "");
  assert.deepEqual(written(code), []);
});
