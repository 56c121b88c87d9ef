// @ts-check
// Where the component begins: entry.js has loaded this, and with it all other modules.

import { App } from "./app.js";

/** @import { Component } from "./types.d.ts" */

/**
 * Show what the script has given, at each of its runs.
 *
 * @param {Component} component
 * @returns {() => void}  To be called when the component goes.
 */
export function gallery({ parentElement, data, setTriggerValue }) {
  const app = parentElement.clipsearch ??= new App(parentElement, data);
  app.send = (edit) => setTriggerValue("edit", edit);
  app.listen();
  app.show(data);
  return () => app.away.abort();
}
