// @ts-check
// The results on a map, near ones as one mark.

import { around, button, h, svg } from "./dom.js";
import { boxAround, cellsAcross, clustersOf, landPath, pointAt, radiusKm, scaledBox } from "./map.js";
import { learn, thumb } from "./server.js";
import { grouped } from "./text.js";
import { t } from "./texts.js";
import { decodePlace } from "./tiles.js";

/** @import { App } from "./app.js" */
/** @import { MapBox } from "./map.js" */
/** @import { Place } from "./tiles.js" */
/** @import { PlaceSlots } from "./types.d.ts" */

const FINGER = 44; // pixels that a mark has at least

/**
 * @param {App} app
 * @param {PlaceSlots[]} listed
 */
export function mapView(app, listed) {
  const places = listed.map(decodePlace);
  learn(places.map(({ id, digest }) => [id, digest]));
  if (places.length) return new PhotoMap(app, places).root;
  return h("div", { class: "map-view" }, h("p", { class: "empty" },
    t("map.none")));
}

class PhotoMap {
  /**
   * @param {App} app
   * @param {Place[]} places  At least one.
   */
  constructor(app, places) {
    this.app = app;
    this.places = places;
    this.marks = svg("g");
    const path = svg("path", { class: "land" });
    this.chart = svg("svg", { class: "map", role: "group", "aria-label": t("map.map") },
      path, this.marks);
    landPath().then((outline) => path.setAttribute("d", outline));
    this.chart.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 0.8 : 1.25, this.at(event));
    }, { passive: false });
    /** @type {Map<number, PointerEvent>} */
    this.fingers = new Map();
    this.chart.addEventListener("pointerdown", (event) => this.down(event));
    this.chart.addEventListener("pointermove", (event) => this.move(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
      this.chart.addEventListener(end, (event) => this.up(event));
    this.root = h("div", { class: "map-view" }, this.chart, h("div", { class: "map-tools" },
      button("+", () => this.zoom(0.5), { "aria-label": t("map.nearer") }),
      button("−", () => this.zoom(2), { "aria-label": t("map.farther") }),
      h("span", {}, t("map.count", { count: places.length }))));
    /** @type {MapBox} */
    this.box = boxAround(places);
    this.draw();
    new ResizeObserver(() => this.draw()).observe(this.chart);
  }

  /** @param {{ clientX: number, clientY: number }} event */
  at(event) {
    const box = this.chart.getBoundingClientRect();
    return pointAt(this.box, (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height);
  }

  /**
   * @param {number} factor
   * @param {{ x: number, y: number }} at
   */
  zoom(factor, at = this.box) {
    this.box = scaledBox(this.box, factor, at);
    this.draw();
  }

  // One finger or the mouse moves the map, two fingers also make it nearer.
  /** @param {PointerEvent} event */
  down(event) {
    if (!this.fingers.size && around(event.target, ".cluster")) return;
    this.chart.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const other = [...this.fingers.values()].find((one) => one.pointerId !== event.pointerId);
    const degrees = this.box.width / this.chart.clientWidth / this.fingers.size;
    this.box = { ...this.box, x: this.box.x - (event.clientX - before.clientX) * degrees,
      y: this.box.y - (event.clientY - before.clientY) * degrees };
    if (other) {
      const middle = { clientX: (event.clientX + other.clientX) / 2,
        clientY: (event.clientY + other.clientY) / 2 };
      this.box = scaledBox(this.box, apart(before, other) / apart(event, other), this.at(middle));
    }
    this.fingers.set(event.pointerId, event);
    this.draw();
  }

  /** @param {PointerEvent} event */
  up(event) { this.fingers.delete(event.pointerId); }

  draw() {
    const { x, y, width } = this.box;
    const height = width / 2;
    this.chart.setAttribute("viewBox", `${x - width / 2} ${y - height / 2} ${width} ${height}`);
    this.marks.replaceChildren(...clustersOf(this.places, width, cellsAcross(this.chart.clientWidth))
      .map((cluster) => this.cluster(cluster.members, cluster.x, cluster.y, width)));
  }

  /**
   * @param {Place[]} members
   * @param {number} x
   * @param {number} y
   * @param {number} width  Of the map.
   */
  cluster(members, x, y, width) {
    const pixels = this.chart.clientWidth || 1000;
    const r = Math.max(width / 46, (FINGER / 2 / pixels) * width);
    // The filter takes in what the mark stands for, to the farthest of it.
    const value = `${(-y).toFixed(3)},${x.toFixed(3)}~${radiusKm(members, x, y)}km`;
    const open = () => this.app.edit({ op: "near", value });
    const text = members.length > 1 ? svg("text", { x, y: y + r * 1.75, "font-size": r * 0.75,
      "text-anchor": "middle", class: "label" }, grouped(members.length)) : null;
    return svg("g", { class: "cluster", role: "button", tabindex: "0", onclick: open,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") open(); },
      "aria-label": t("map.near",
        { count: members.length, latitude: (-y).toFixed(2), longitude: x.toFixed(2) }) },
    svg("circle", { cx: x, cy: y, r: r * 1.12, class: "ring" }),
    svg("image", { href: thumb(members[0].id), x: x - r, y: y - r, width: 2 * r, height: 2 * r,
      preserveAspectRatio: "xMidYMid slice", style: "clip-path: circle(50%)" }), text);
  }
}

/**
 * @param {PointerEvent} one
 * @param {PointerEvent} other
 * @returns {number}  In pixels, never 0.
 */
const apart = (one, other) =>
  Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
