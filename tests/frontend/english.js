// The page in English for the tests that import this, with the dates and numbers of Great Britain.

import { readFileSync } from "node:fs";

import { useLocale } from "../../app/pages/frontend/locale.js";
import { useTexts } from "../../app/pages/frontend/texts.js";

/** @param {string} language */
export const catalogue = (language) => JSON.parse(readFileSync(
  new URL(`../../app/locales/${language}.json`, import.meta.url), "utf-8"));

useTexts("en", catalogue("en"));
useLocale(["en-GB"]);
