// Maps without any server: the outline of the land, and the photos on it.

let land = null;

function landPath() {
  land ??= get("outline").then((rings) => rings.map((ring) => {
    let path = "";
    for (let n = 0; n < ring.length; n += 2) path += `${n ? "L" : "M"}${ring[n]} ${-ring[n + 1]}`;
    return `${path}Z`;
  }).join(""));
  return land;
}

function smallMap(latitude, longitude) {
  const [width, height] = [48, 24];
  const y = Math.min(90 - height / 2, Math.max(height / 2 - 90, latitude));
  const root = svg("svg", { class: "small-map", role: "img",
    viewBox: `${longitude - width / 2} ${-y - height / 2} ${width} ${height}`,
    "aria-label": `On the map: ${latitude.toFixed(3)}, ${longitude.toFixed(3)}` });
  landPath().then((path) => root.append(svg("path", { d: path, class: "land" }),
    svg("circle", { cx: longitude, cy: -latitude, r: 0.9, class: "here" })));
  return h("figure", {}, root,
    h("figcaption", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
}

class MapView {
  constructor(app, points) {
    this.app = app;
    this.points = points;
    learn(points.map(([id, , , digest]) => [id, digest]));
    this.root = h("div", { class: "map-view" });
    if (!points.length) {
      this.root.append(h("p", { class: "empty" },
        "None of these photos says where it was taken. Cameras write it only where they know it."));
      return;
    }
    this.marks = svg("g");
    this.chart = svg("svg", { class: "map", role: "group", "aria-label": "Map of the photos" },
      this.path = svg("path", { class: "land" }), this.marks);
    landPath().then((path) => this.path.setAttribute("d", path));
    this.chart.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 0.8 : 1.25, this.at(event));
    }, { passive: false });
    this.chart.addEventListener("pointerdown", (event) => this.drag(event));
    this.root.append(this.chart, h("div", { class: "map-tools" },
      button("+", () => this.zoom(0.5), { "aria-label": "Zoom in" }),
      button("−", () => this.zoom(2), { "aria-label": "Zoom out" }),
      h("span", {}, `${plural(points.length, "photo")} with a place`)));
    const [west, east] = [Math.min(...points.map((p) => p[2])), Math.max(...points.map((p) => p[2]))];
    const [south, north] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
    this.box = { x: (west + east) / 2, y: -(south + north) / 2,
      width: Math.min(360, Math.max(12, (east - west) * 1.3, (north - south) * 2.6)) };
    this.draw();
  }

  at(event) {
    const box = this.chart.getBoundingClientRect();
    const { x, y, width } = this.box;
    return { x: x + ((event.clientX - box.left) / box.width - 0.5) * width,
      y: y + ((event.clientY - box.top) / box.height - 0.5) * (width / 2) };
  }

  zoom(factor, at = this.box) {
    const width = Math.min(360, Math.max(0.02, this.box.width * factor));
    const real = width / this.box.width;
    this.box = { x: at.x + (this.box.x - at.x) * real, y: at.y + (this.box.y - at.y) * real, width };
    this.draw();
  }

  drag(down) {
    if (down.target.closest(".cluster")) return;
    const start = { ...this.box };
    const scale = this.box.width / this.chart.clientWidth;
    this.chart.setPointerCapture(down.pointerId);
    const move = (event) => {
      this.box = { ...start, x: start.x - (event.clientX - down.clientX) * scale,
        y: start.y - (event.clientY - down.clientY) * scale };
      this.draw();
    };
    this.chart.addEventListener("pointermove", move);
    this.chart.addEventListener("pointerup",
      () => this.chart.removeEventListener("pointermove", move), { once: true });
  }

  draw() {
    const { x, y, width } = this.box;
    const height = width / 2;
    this.chart.setAttribute("viewBox", `${x - width / 2} ${y - height / 2} ${width} ${height}`);
    const cell = width / 14;
    const clusters = new Map();
    for (const [id, latitude, longitude] of this.points) {
      const key = `${Math.floor(longitude / cell)},${Math.floor(latitude / cell)}`;
      const cluster = clusters.get(key) ?? { members: [], x: 0, y: 0 };
      cluster.members.push([id, latitude, longitude]);
      cluster.x += longitude;
      cluster.y -= latitude;
      clusters.set(key, cluster);
    }
    this.marks.replaceChildren(...[...clusters.values()].map((one) => this.cluster(
      one.members, one.x / one.members.length, one.y / one.members.length, width)));
  }

  cluster(members, x, y, width) {
    const r = width / 46;
    // The filter takes in what the mark stands for, to the farthest of it.
    const away = members.map(([, latitude, longitude]) => Math.hypot(
      (latitude + y) * 111.2, (longitude - x) * 111.2 * Math.cos((y * Math.PI) / 180)));
    const km = Math.max(1, Math.ceil(Math.max(...away) * 1.05));
    const open = () => this.app.edit({ op: "near", value: `${(-y).toFixed(3)},${x.toFixed(3)}~${km}km` });
    const text = members.length > 1 ? svg("text", { x, y: y + r * 1.75, "font-size": r * 0.75,
      "text-anchor": "middle", class: "label" }, members.length.toLocaleString("en")) : null;
    return svg("g", { class: "cluster", role: "button", tabindex: "0", onclick: open,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") open(); },
      "aria-label": `${plural(members.length, "photo")} near ${(-y).toFixed(2)}, ${x.toFixed(2)}` },
    svg("circle", { cx: x, cy: y, r: r * 1.12, class: "ring" }),
    svg("image", { href: thumb(members[0][0]), x: x - r, y: y - r, width: 2 * r, height: 2 * r,
      preserveAspectRatio: "xMidYMid slice", style: "clip-path: circle(50%)" }), text);
  }
}
