// @ts-check
// Where the component begins: entry.js has loaded this, and with it all other modules.

import { App } from "./app.js";
import { useLocale } from "./locale.js";
import { useTexts } from "./texts.js";

/** @import { Catalogue } from "./texts.js" */
/** @import { Component } from "./types.d.ts" */

/**
 * Show what the script has given, at each of its runs.
 *
 * @param {Component} component
 * @param {Catalogue} texts  In the language that the server has chosen.
 * @returns {() => void}  To be called when the component goes.
 */
export function gallery({ parentElement, data, setTriggerValue }, texts) {
  useLocale(navigator.languages);
  useTexts(data.language, texts);
  document.documentElement.lang = data.language;
  const app = parentElement.clipsearch ??= new App(parentElement, data);
  app.send = (edit) => setTriggerValue("edit", edit);
  app.listen();
  app.show(data);
  return () => app.away.abort();
}
