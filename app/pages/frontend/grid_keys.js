// @ts-check
// The keys of the grid.

import { alike } from "./film.js";

/** @import { Grid } from "./grid.js" */

/**
 * @param {Grid} grid
 * @param {KeyboardEvent} event
 */
export function gridKey(grid, event) {
  const { app, active, arrangement } = grid;
  const { selection, lightbox, actions } = app;
  if (!grid.length || event.altKey) return; // with Alt, arrows are the browser's Back and Forward
  const command = event.ctrlKey || event.metaKey;
  /** @type {Record<string, () => number>} */
  const moves = {
    ArrowRight: () => active + 1, ArrowLeft: () => active - 1,
    ArrowDown: () => arrangement.beside(active, 1), ArrowUp: () => arrangement.beside(active, -1),
    Home: () => 0, End: () => grid.length - 1,
    PageDown: () => page(grid, 1), PageUp: () => page(grid, -1),
  };
  /** @type {Record<string, () => unknown>} */
  const keys = {
    Enter: () => lightbox.open(active),
    " ": () => selection.toggle(active), x: () => selection.toggle(active),
    m: () => app.edit(alike(app, "like", selection.chosen(grid.idAt(active)))),
    f: () => actions.favour(selection.chosen(grid.idAt(active))),
    d: () => {
      const { start, end } = arrangement.sectionOf(active);
      selection.toggleAll(start, end);
    },
  };
  if (Object.hasOwn(moves, event.key) && !command) {
    const target = Math.min(grid.length - 1, Math.max(0, moves[event.key]()));
    if (event.shiftKey) selection.extend(target, active);
    grid.focus(target);
  } else if (event.key === "a" && command) selection.all();
  else if (!command && Object.hasOwn(keys, event.key))
    grid.need(active, active + 1)
      .then((there) => { if (there && grid.idAt(active) >= 0) keys[event.key](); });
  else return;
  event.preventDefault();
}

/**
 * The photo a view farther.
 *
 * @param {Grid} grid
 * @param {number} step
 */
function page({ arrangement, active, scrolled }, step) {
  const { left, top, width } = arrangement.boxOf(active);
  const far = (scrolled?.height ?? 0) * 0.8 * step;
  return arrangement.placeAt(left + width / 2, Math.max(0, top + far));
}
