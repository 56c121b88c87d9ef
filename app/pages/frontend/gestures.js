// @ts-check
// What fingers, the mouse and its wheel do with the picture of the lightbox.

import { pinched, swipeOf } from "./zoom.js";

/** @import { PhotoStage } from "./photo_stage.js" */
/** @import { Point, Zoom } from "./zoom.js" */

/**
 * @param {PhotoStage} stage
 * @param {(meant: "next" | "previous" | "close" | "facts") => void} swiped
 */
export function gestures(stage, swiped) {
  const { root } = stage;
  /** @type {Map<number, Point>} */
  const fingers = new Map();
  /** @type {{ zoom: Zoom, points: Point[] }} */
  let start = { zoom: stage.zoom, points: [] };
  let moved = false;
  let tapped = 0;

  const begin = () => { start = { zoom: stage.zoom, points: [...fingers.values()] }; };
  /** @param {PointerEvent} event */
  const lift = (event) => {
    const touch = event.pointerType !== "mouse";
    const [from] = start.points;
    const at = fingers.get(event.pointerId);
    if (!at || !fingers.delete(event.pointerId)) return;
    if (fingers.size) { begin(); return; }
    stage.follow(0, 0);
    if (start.points.length !== 1 || stage.zoom.scale > 1 || event.type === "pointercancel") return;
    const meant = swipeOf(at.x - from.x, at.y - from.y);
    if (meant && (touch || meant === "next" || meant === "previous")) swiped(meant);
    if (!touch || moved) return;
    if (event.timeStamp - tapped < 320) stage.toggle(at); // tapped twice
    tapped = event.timeStamp;
  };
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || fingers.size === 2) return;
    root.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, stage.pointOf(event));
    moved = false;
    begin();
  });
  root.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const at = stage.pointOf(event);
    fingers.set(event.pointerId, at);
    const [one, two] = [...fingers.values()];
    const [from, other] = start.points;
    if (Math.hypot(one.x - from.x, one.y - from.y) > 6) moved = true;
    if (two && other) stage.show(pinched(start.zoom, [from, other], [one, two], stage.most));
    else if (start.zoom.scale > 1) stage.show({ ...start.zoom,
      x: start.zoom.x + one.x - from.x, y: start.zoom.y + one.y - from.y });
    else if (event.pointerType !== "mouse") stage.follow(one.x - from.x, one.y - from.y);
  });
  root.addEventListener("pointerup", lift);
  root.addEventListener("pointercancel", lift);
  root.addEventListener("wheel", (event) => {
    event.preventDefault();
    stage.scaleTo(stage.zoom.scale * Math.exp(-event.deltaY * 0.0018), stage.pointOf(event));
  }, { passive: false });
  root.addEventListener("dblclick", (event) => stage.toggle(stage.pointOf(event)));
}
