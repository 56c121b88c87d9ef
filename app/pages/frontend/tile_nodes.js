// @ts-check
// The elements of the grid: a section with its date, and a tile for each photo near the view.

import { dayRange } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { bring } from "./picture_packs.js";
import { atMoment, preview, small as smaller, thumb } from "./server.js";
import { clock } from "./text.js";
import { t } from "./texts.js";
import { blurAddress, tileLabel } from "./tiles.js";

/** @import { Box, Section } from "./arrangement.js" */
/** @import { Tile } from "./tiles.js" */

const THUMBNAIL = 448; // pixels of its longer side; a little larger ones stay as they are
const KEPT = 640;
const SMALL = 320; // of the smaller picture
const ENLARGED = 1.15; // so much nobody sees
export const PROMPT = 300; // milliseconds; a picture that comes sooner needs nothing shown before
const BLURRED = 1.5; // a thumbnail that is enlarged more than this is seen to be one

/**
 * Whether a thumbnail is too small for the box, so that the larger picture is shown: panoramas.
 *
 * @param {{ width: number, height: number }} pixels  Of the photo.
 * @param {{ width: number, height: number }} box
 */
export function needsPreview(pixels, box) {
  const longer = Math.max(pixels.width, pixels.height);
  if (longer <= KEPT) return false;
  const there = THUMBNAIL / longer;
  const shown = Math.max(box.width / pixels.width, box.height / pixels.height); // it is cut to fit
  return Math.min(1, shown) / there > BLURRED;
}

/**
 * Whether a photo has fewer pixels than its box: it is shown as it is, in the middle.
 *
 * @param {{ width: number, height: number }} pixels
 * @param {{ width: number, height: number }} box
 */
export const isSmall = (pixels, box) => pixels.width < box.width && pixels.height < box.height;

/**
 * @param {Section} section
 * @param {{ byDate: boolean, clear: number, choose: (section: Section) => void }} options
 */
export function sectionNode(section, { byDate, clear, choose }) {
  // A list box may hold options and groups only: what the headers say is the groups' name.
  const told = { "aria-hidden": "true" };
  const name = byDate ? dayRange(section.first, section.last) : "";
  const rows = h("div", { class: "rows", role: "group",
    "aria-label": name || t(section.weak ? "grid.weaker" : "grid.matches") });
  const root = h("section", { role: "presentation" },
    section.line ? h("p", { class: "line", ...told }, t(clear
      ? "grid.weaker" : "grid.none-clear")) : null,
    byDate ? h("div", { class: "head", ...told }, h("button", { type: "button", tabindex: "-1",
      class: "day", title: t("grid.choose-all"), onclick: () => choose(section) },
    h("span", { class: "check" }), name)) : null,
    rows);
  root.style.top = `${section.top}px`;
  root.style.height = `${section.height}px`;
  return { root, rows };
}

/**
 * A tile without its picture, which `fillTile` brings.
 *
 * @param {number} place
 */
export const tileNode = (place) => h("div", { class: "tile", role: "option",
  "aria-selected": "false", "aria-label": t("tile.photo"), tabindex: "-1",
  "data-number": place }, h("span", { class: "check", "aria-hidden": "true" }));

/**
 * @param {HTMLElement} node
 * @param {Box} box
 * @param {number} top  Where the node's parent begins.
 */
export function placeTile(node, { left, top: down, width, height }, top) {
  node.style.cssText = `width:${width.toFixed(2)}px;height:${height.toFixed(2)}px;`
    + `transform:translate(${left.toFixed(2)}px,${(down - top).toFixed(2)}px)`;
}

/**
 * Say and show what is known of a photo.
 *
 * @param {HTMLElement} node
 * @param {Tile} tile
 */
export function tellTile(node, tile) {
  node.setAttribute("aria-label", tileLabel(tile));
  node.dataset.level = String(tile.level);
  node.dataset.known = tile.blur ? "blur" : "facts";
  if (tile.blur && !node.querySelector("img.in:not(.small)"))
    node.style.backgroundImage = `url("${blurAddress(tile.blur)}")`;
  const image = node.querySelector("img");
  const before = image?.dataset.address ?? "";
  const address = atMoment(before, tile.moment); // which is known only by now
  if (image && address !== before) bring(image, address);
  node.querySelector(".marks")?.remove();
  if (!tile.favourite && !tile.offline && !tile.burst && tile.seconds < 0) return;
  node.append(h("span", { class: "marks", "aria-hidden": "true" },
    tile.seconds >= 0 ? h("span", { class: "length" }, icon("play"), clock(tile.seconds)) : null,
    tile.offline ? h("span", { class: "offline", title: t("tile.away") }, icon("unplug")) : null,
    tile.burst ? h("span", { class: "burst" }, `+${tile.burst}`) : null,
    tile.favourite ? h("span", { class: "heart" }, icon("heart")) : null));
}

/**
 * Whether a picture smaller than the thumbnail is as large as what is shown, or nearly.
 *
 * @param {{ width: number, height: number }} pixels  Of the photo.
 * @param {{ width: number, height: number }} box
 * @param {number} density  Of the screen: its pixels in one of the page's.
 */
export function fitsSmall(pixels, box, density) {
  const shown = Math.max(box.width / pixels.width, box.height / pixels.height); // it is cut to fit
  return shown * Math.max(pixels.width, pixels.height) * density <= ENLARGED * SMALL;
}

/**
 * The address of the picture that fits a box.
 *
 * @param {number} id
 * @param {{ width: number, height: number }} pixels  Of the photo.
 * @param {Box} box
 * @param {number} moment  Of a video, in milliseconds; -1: its first frame.
 */
export function pictureOf(id, pixels, box, moment = -1) {
  const small = isSmall(pixels, box);
  if (needsPreview(pixels, box) || (small && Math.max(pixels.width, pixels.height) > KEPT))
    return preview(id);
  return !small && fitsSmall(pixels, box, devicePixelRatio) ? smaller(id, moment) : thumb(id, moment);
}

/**
 * Bring the picture.
 *
 * @param {HTMLElement} node
 * @param {number} id
 * @param {{ width: number, height: number }} pixels  Of the photo.
 * @param {Box} box
 * @param {number} moment  Of a video, in milliseconds; -1: its first frame.
 */
export function fillTile(node, id, pixels, box, moment) {
  const small = isSmall(pixels, box);
  const image = h("img", { decoding: "async", alt: "", draggable: "false",
    class: small ? "small" : null });
  const since = performance.now();
  image.addEventListener("load", () => {
    if (performance.now() - since < PROMPT) image.classList.add("prompt"); // it does not fade in
    image.classList.add("in");
    if (!small) node.style.backgroundImage = "";
  });
  image.addEventListener("error",
    () => image.replaceWith(h("span", { class: "missing" }, t("grid.no-picture"))));
  bring(image, pictureOf(id, pixels, box, moment));
  node.prepend(image);
}
