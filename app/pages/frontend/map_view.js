// @ts-check
// The results on a map, near ones as one mark.

import { around, button, h, svg } from "./dom.js";
import { boxAround, cellsAcross, landPath, notThere, onEarth, pointAt, scaledBox } from "./map.js";
import { countryNames, drawnLabels, labelsIn, mapNames } from "./map_labels.js";
import { MapMarks } from "./map_marks.js";
import { inside, textPatch, written } from "./map_names.js";
import { learn, thumb } from "./server.js";
import { grouped } from "./text.js";
import { t, textLanguage } from "./texts.js";
import { decodePlace } from "./tiles.js";

/** @import { App } from "./app.js" */
/** @import { Cluster, MapBox } from "./map.js" */
/** @import { Place } from "./tiles.js" */
/** @import { MapNames, Pins } from "./types.d.ts" */

const RADIUS = 24; // pixels, of a mark: fingers need 22
const TEXT = 13; // pixels

/**
 * @param {App} app
 * @param {Pins} listed
 */
export function mapView(app, { pins, names }) {
  const places = pins.map((pin) => decodePlace(pin, names));
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
    this.marks = new MapMarks(places);
    this.drawn = svg("g"); // the marks in view
    this.labels = svg("g", { "aria-hidden": "true" });
    /** @type {MapNames | null} */
    this.names = null;
    this.called = countryNames(textLanguage());
    const path = svg("path", { class: "land" });
    this.chart = svg("svg", { class: "map", role: "group", "aria-label": t("map.map") },
      path, this.labels, this.drawn);
    mapNames().then((names) => {
      this.names = names;
      this.fit();
    }, notThere);
    landPath().then((outline) => path.setAttribute("d", outline), notThere);
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
      button(t("map.reset"), () => this.reset()),
      h("span", {}, t("map.count", { count: places.length }))));
    /** @type {MapBox} */
    this.box = boxAround(places);
    this.isWhole = true; // all of the photos are in view, as at the beginning
    this.waiting = 0; // for the next frame, which draws
    new ResizeObserver(() => this.fit()).observe(this.chart);
  }

  // The map has another shape, or it has one at last.
  fit() {
    const { clientWidth, clientHeight } = this.chart;
    if (!clientWidth) return;
    const ratio = clientHeight / clientWidth;
    if (this.isWhole) this.box = boxAround(this.places, ratio);
    else this.box = onEarth({ ...this.box, height: this.box.width * ratio });
    this.draw();
  }

  reset() {
    this.isWhole = true;
    this.fit();
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
    this.isWhole = false;
    this.box = scaledBox(this.box, factor, at);
    this.drawSoon();
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
    this.isWhole = false;
    this.box = onEarth({ ...this.box, x: this.box.x - (event.clientX - before.clientX) * degrees,
      y: this.box.y - (event.clientY - before.clientY) * degrees });
    if (other) {
      const middle = { clientX: (event.clientX + other.clientX) / 2,
        clientY: (event.clientY + other.clientY) / 2 };
      this.box = scaledBox(this.box, apart(before, other) / apart(event, other), this.at(middle));
    }
    this.fingers.set(event.pointerId, event);
    this.drawSoon();
  }

  /** @param {PointerEvent} event */
  up(event) { this.fingers.delete(event.pointerId); }

  // A mouse may move several times before the next picture is shown.
  drawSoon() {
    this.waiting ||= requestAnimationFrame(() => { this.waiting = 0; this.draw(); });
  }

  draw() {
    const { x, y, width, height } = this.box;
    const pixels = this.chart.clientWidth;
    if (!pixels) return; // it was left meanwhile
    const unit = width / pixels;
    this.chart.setAttribute("viewBox", `${x - width / 2} ${y - height / 2} ${width} ${height}`);
    const shown = this.marks.clusters(width, cellsAcross(pixels))
      .filter((one) => Math.abs(one.x - x) < width / 2 + RADIUS * unit
        && Math.abs(one.y - y) < height / 2 + RADIUS * unit)
      .sort((one, other) => other.members.length - one.members.length);
    const taken = shown.map((one) => {
      const [left, top] = [one.x / unit - RADIUS, one.y / unit - RADIUS];
      return { left, top, right: left + 2 * RADIUS, bottom: top + 2 * RADIUS };
    });
    // A name is written once, beside the largest mark that has room for it between the edges.
    /** @type {Set<string>} */
    const said = new Set();
    const edges = [(x - width / 2) / unit, (x + width / 2) / unit];
    const wanted = shown.map((one) => {
      const { name } = this.marks.facts(one);
      const at = inside(name, one.x / unit, edges, TEXT);
      return { name, at, patch: textPatch(name, at, one.y / unit + RADIUS + 4 + TEXT, TEXT) };
    });
    const room = written(wanted, taken, said);
    this.drawn.replaceChildren(...shown.map((one, place) => this.mark(one,
      room[place] ? wanted[place].name : "", wanted[place].at - one.x / unit, unit)));
    if (!this.names) return;
    const labels = labelsIn(this.names, this.box, this.called);
    this.labels.replaceChildren(...drawnLabels(labels, this.box, unit, taken, said));
  }

  /**
   * @param {Cluster} cluster
   * @param {string} name  What is written below it.
   * @param {number} aside  So many pixels to the right.
   * @param {number} unit  Degrees of a pixel.
   */
  mark(cluster, name, aside, unit) {
    const { members, x, y } = cluster;
    const { label, radius } = this.marks.facts(cluster);
    // The filter takes in what the mark stands for, to the farthest of it.
    const value = `${(-y).toFixed(3)},${x.toFixed(3)}~${radius}km`;
    const open = () => this.app.edit({ op: "near", value });
    const count = grouped(members.length);
    const half = 5 + count.length * 3.6;
    return svg("g", { class: "cluster", role: "button", tabindex: "0", onclick: open,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") open(); },
      "aria-label": label, transform: `translate(${x} ${y}) scale(${unit})` },
    svg("circle", { r: RADIUS, class: "ring" }),
    svg("image", { href: thumb(members[0].id), x: 2 - RADIUS, y: 2 - RADIUS, width: 2 * RADIUS - 4,
      height: 2 * RADIUS - 4, preserveAspectRatio: "xMidYMid slice", style: "clip-path: circle(50%)" }),
    ...(members.length > 1 ? [
      svg("rect", { x: 17 - half, y: -RADIUS - 3, width: 2 * half, height: 17, rx: 8.5,
        class: "counted" }),
      svg("text", { x: 17, y: 9.5 - RADIUS, "text-anchor": "middle", class: "number" }, count)] : []),
    ...(name ? [svg("text", { x: aside, y: RADIUS + 4 + TEXT * 0.85, "text-anchor": "middle",
      class: "label" }, name)] : []));
  }
}

/**
 * @param {PointerEvent} one
 * @param {PointerEvent} other
 * @returns {number}  In pixels, never 0.
 */
const apart = (one, other) =>
  Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
