// Filters with counts. Each click is an edit of the query's text; the panel only shows what it says.

const MOST_BARS = 60;

class Panel {
  constructor(app) {
    this.app = app;
    this.root = app.root.querySelector(".panel");
    this.toggle = app.root.querySelector(".toggle-panel");
    this.toggle.addEventListener("click", () => this.open(this.root.hidden));
    const wide = app.root.clientWidth > 900;
    this.open(remembered("panel", wide ? "open" : "closed") === "open" && wide, false);
  }

  open(yes, keep = true) {
    this.root.hidden = !yes;
    this.toggle.setAttribute("aria-expanded", String(yes));
    if (keep) remember("panel", yes ? "open" : "closed");
    if (yes && this.app.data) this.load();
  }

  async load() {
    if (this.root.hidden) return;
    const { q } = this.app.data;
    try {
      const found = await get("facets", { q });
      if (q === this.app.data.q) this.show(found);
    } catch (error) {
      this.root.replaceChildren(h("p", { class: "note" }, error.message));
    }
  }

  show(found) {
    const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.of));
    const { app } = this;
    const edit = (key, value) => app.edit({ op: "toggle", key, value });
    const group = (title, nodes) => (nodes.length
      ? h("section", {}, h("h3", {}, title), ...nodes) : null);
    const values = (title, key, listed) => group(title, listed.length ? [h("ul", {},
      listed.map(([value, count]) => h("li", {}, this.choice(
        value, count, has(found.chosen[key], value), () => edit(key, value)))))] : []);
    const close = button("Close", () => this.open(false), { class: "quiet close-panel" });
    const before = this.root.contains(this.root.getRootNode().activeElement)
      ? this.root.getRootNode().activeElement.dataset.name : null;
    this.root.replaceChildren(...[
      close,
      group("When", found.months.length > 1 ? this.histogram(found) : []),
      found.favourites || has(found.chosen.is, "favourite") ? h("section", {}, this.choice(
        "♥ Favourites", found.favourites, has(found.chosen.is, "favourite"),
        () => edit("is", "favourite"))) : null,
      group("Folders", found.folders.length ? [h("ul", { class: "tree" },
        found.folders.map((one) => this.folder(one, found.in, open)))] : []),
      values("Places", "place", found.place),
      values("Cameras", "camera", found.camera),
      values("What they show", "label", found.label),
      values("Tags", "tag", found.tag),
      values("Kinds of files", "type", found.type),
      group("Concepts", found.concepts.map((name) => h("div", { class: "saved" }, this.choice(
        name, null, has(found.chosen.concept, name), () => app.edit({ op: "concept", name })),
      button("✕", () => app.forgetConcept(name),
        { class: "quiet", "aria-label": `Forget the concept ${name}` })))),
      group("Saved searches", Object.entries(found.saved).map(([name, query]) => h("div",
        { class: "saved" }, button(name, () => app.edit({ op: "query", text: query }),
          { class: "choice", title: query }),
        button("✕", () => app.forgetSearch(name), { class: "quiet", "aria-label": `Forget ${name}` })))),
      group("Recent searches", found.history.length ? [
        ...found.history.map((query) => h("div", {}, button(query,
          () => app.edit({ op: "query", text: query }), { class: "choice" }))),
        button("Clear the history", () => app.clearHistory(), { class: "quiet" })] : []),
    ].filter(Boolean));
    if (before) this.root.querySelector(`[data-name="${CSS.escape(before)}"]`)?.focus();
  }

  choice(text, count, chosen, onclick) {
    return h("button", { type: "button", class: "choice", "aria-pressed": String(chosen), onclick,
      "data-name": text }, h("span", {}, text),
    count === null ? null : h("span", { class: "count" }, count.toLocaleString("en")));
  }

  folder(one, chosen, open) {
    const pick = this.choice(one.name, one.count, has(chosen, one.path),
      () => this.app.edit({ op: "toggle", key: "in", value: one.path }));
    if (!one.inner.length) return h("li", {}, pick);
    return h("li", {}, pick, h("details", { "data-of": one.path,
      open: open.has(one.path) || chosen.some((path) => path.startsWith(one.path)) },
    h("summary", {}, h("span", { class: "hidden" }, `Folders in ${one.name}`)),
    h("ul", { class: "tree" }, one.inner.map((inner) => this.folder(inner, chosen, open)))));
  }

  // Bars of a month, or of several where there are too many; drag over them to choose a time.
  histogram(found) {
    const number = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
    const listed = found.months.map(([month, count]) => [number(month), count]);
    const first = listed[0][0];
    const span = listed[listed.length - 1][0] - first + 1;
    const step = Math.ceil(span / MOST_BARS);
    const bars = new Array(Math.ceil(span / step)).fill(0);
    for (const [month, count] of listed) bars[Math.floor((month - first) / step)] += count;
    const top = Math.max(...bars);
    const iso = (month) => `${String(Math.floor(month / 12)).padStart(4, "0")}-${
      String((month % 12) + 1).padStart(2, "0")}`;
    const [from, until] = asked(found.dates);
    const chart = svg("svg", { viewBox: `0 0 ${bars.length} 30`, preserveAspectRatio: "none",
      class: "histogram", role: "img", "aria-label":
        `Photos from ${monthName(first)} to ${monthName(first + span - 1)}` });
    const nodes = bars.map((count, place) => {
      const month = first + place * step;
      const inside = (!from || iso(month + step - 1) >= from) && (!until || iso(month) <= until);
      const height = count ? Math.max(2, (28 * count) / top) : 0;
      return chart.appendChild(svg("rect", { x: place + 0.08, y: 30 - height, width: 0.84, height,
        class: inside ? "in" : "out" }, svg("title", {}, `${
        monthRange(month, Math.min(month + step, first + span) - 1)}: ${plural(count, "photo")}`)));
    });
    const put = (one, two) => this.app.edit({ op: "dates", from: one, until: two });
    const at = (event) => {
      const box = chart.getBoundingClientRect();
      const place = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
      return Math.min(bars.length - 1, Math.max(0, place));
    };
    chart.addEventListener("pointerdown", (down) => {
      const start = at(down);
      chart.setPointerCapture(down.pointerId);
      const paint = (event) => nodes.forEach((node, place) => node.setAttribute("class",
        place >= Math.min(start, at(event)) && place <= Math.max(start, at(event)) ? "in" : "out"));
      paint(down);
      chart.addEventListener("pointermove", paint);
      chart.addEventListener("pointerup", (up) => {
        chart.removeEventListener("pointermove", paint);
        const [one, two] = [Math.min(start, at(up)), Math.max(start, at(up))];
        put(iso(first + one * step), iso(Math.min(first + (two + 1) * step, first + span) - 1));
      }, { once: true });
    });
    const field = (name, value, change) => h("label", {}, `${name} `, h("input", { type: "month",
      value: value ?? "", min: iso(first), max: iso(first + span - 1),
      onchange: (event) => change(event.target.value) }));
    return [chart, h("div", { class: "months" },
      field("From", from, (value) => put(value, until)),
      field("to", until, (value) => put(from, value)),
      from || until ? button("Any time", () => put("", ""), { class: "quiet" }) : null)];
  }
}

const has = (values, value) => values.some((one) => one.toLowerCase() === value.toLowerCase());

// The months that the query's filters of time ask for, as far as they are months.
function asked(dates) {
  const range = [...dates.on, ...dates.year][0];
  let [from, until] = [dates.after[0], null];
  if (range && /^[\d.-]+$/.test(range)) {
    const [one, two] = range.includes("..") ? range.split("..") : [range, range];
    [from, until] = [one || null, two || null];
  }
  const month = (text, last) => (text ? (text.length < 7 ? `${text}-${last}` : text.slice(0, 7)) : null);
  return [month(from, "01"), month(until, "12")];
}
