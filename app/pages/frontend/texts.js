// @ts-check
// What the page says, in the language of its reader: one catalogue of app/locales, which the server
// has chosen. Numbers and dates in it are those of the browser's locale.

import { numberText } from "./locale.js";

/** @typedef {keyof typeof import("../../locales/en.json")} TextKey */
/** @typedef {Record<string, string | Record<string, string>>} Catalogue */

const given = { texts: /** @type {Catalogue} */ ({}), plurals: new Intl.PluralRules("en") };
// Letters that are written from right to left.
const LEFTWARD =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
// Characters that turn what follows around.
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Further texts of the same language, which have come meanwhile, are kept.
 *
 * @param {string} language  The code of the language that the texts are in.
 * @param {Catalogue} texts
 */
export function useTexts(language, texts) {
  given.texts = language === textLanguage() ? { ...given.texts, ...texts } : texts;
  given.plurals = new Intl.PluralRules(language);
}

/** @param {Catalogue} texts  Further ones, which were not needed at first. */
export function useMoreTexts(texts) { given.texts = { ...given.texts, ...texts }; }

/** The code of the language that the texts are in. */
export const textLanguage = () => given.plurals.resolvedOptions().locale;

/**
 * A text with its values: names are put in as they are, numbers as the locale writes them. The form
 * of a text that has several is chosen by `count`.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} values
 */
export function t(key, values = {}) {
  const text = given.texts[key];
  const form = typeof text === "string" ? text
    : text[given.plurals.select(Number(values.count))] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => said(values[name]));
}

/** @param {string | number} value */
const said = (value) => (typeof value === "number" ? numberText(value) : isolated(value));

/**
 * A name to be put into a sentence: one that is written from right to left changes the order of
 * nothing around it, nor do control characters in a name, which are left out.
 *
 * @param {string} name
 */
export function isolated(name) {
  const kept = name.replace(CONTROLS, "");
  return LEFTWARD.test(kept) ? `\u2068${kept}\u2069` : kept;
}
