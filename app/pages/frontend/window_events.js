// @ts-check
// What happens to the window as a whole: pictures dropped and pasted, keys, Back.

import { showHelp } from "./dialogs.js";
import { part } from "./dom.js";

/** @import { App } from "./app.js" */

/**
 * Listen until `signal` says that the component has gone.
 *
 * @param {App} app
 * @param {AbortSignal} signal
 */
export function listen(app, signal) {
  const options = { signal };
  const drop = part(app.root, ".drop", HTMLElement);
  window.addEventListener("dragover", (event) => {
    if (!bringsFile(event)) return;
    event.preventDefault();
    drop.hidden = false;
  }, options);
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.hidden = true;
  }, options);
  window.addEventListener("drop", (event) => {
    drop.hidden = true;
    if (!bringsFile(event)) return;
    event.preventDefault();
    app.actions.searchWith(event.dataTransfer?.files[0]);
  }, options);
  window.addEventListener("paste", (event) => {
    const picture = [...(event.clipboardData?.files ?? [])]
      .find((file) => file.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    app.actions.searchWith(picture);
  }, options);
  window.addEventListener("keydown", (event) => key(app, event), options);
  window.addEventListener("focus", () => app.lightbox.look(), options);
  window.addEventListener("popstate", () => {
    app.lightbox.travelled(); // Streamlit itself reads the address, and runs the script
  }, options);
}

/** @param {DragEvent} event */
const bringsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * @param {App} app
 * @param {KeyboardEvent} event
 */
function key(app, event) {
  const [target] = event.composedPath();
  const writing = target instanceof Element
    && target.closest("input, textarea, select, [contenteditable]");
  const open = app.openDialogs().length;
  if (writing || open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    app.box.box.select();
    app.box.box.focus();
  } else if (event.key === "?") showHelp(part(app.root, ".help", HTMLDialogElement));
  else if (event.key === "Escape" && (app.selection.ids.size || app.selection.coming)) app.selection.clear();
  else return;
  event.preventDefault();
}
