// The justified grid: rows of equal height made by CSS alone, filled as one scrolls.

const PART = 120; // tiles fetched at once
const FULL_SECTION = 12; // a day with fewer photos shares its header with the next

class Grid {
  constructor(app, tiles, total, clear) {
    this.app = app;
    this.tiles = [];
    this.total = total;
    this.clear = clear;
    this.nodes = new Map();
    this.active = 0;
    this.section = null;
    this.byDate = !app.data.ranked || app.data.sort !== "best";
    this.root = h("div", {
      class: "grid", role: "listbox", "aria-label": "Photos", "aria-multiselectable": "true",
      onclick: (event) => this.click(event),
      ondblclick: (event) => event.preventDefault(),
      oncontextmenu: (event) => this.longPress(event),
      onkeydown: (event) => this.key(event),
    });
    this.end = h("div", { class: "end" });
    this.seen = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.more(),
      { rootMargin: "1500px" });
    this.add(tiles);
    this.seen.observe(this.end);
  }

  leave() { this.seen.disconnect(); this.gone = true; }

  async more() {
    if (this.loading || this.tiles.length >= this.total) return;
    this.loading = true;
    const { q, sort, all } = this.app.data;
    try {
      const found = await get("results", { q, sort, all, start: this.tiles.length, count: PART });
      if (this.gone) return;
      this.total = found.tiles.length ? found.total : this.tiles.length;
      this.add(found.tiles);
    } catch (error) {
      this.total = this.tiles.length; // no use in asking again and again
      this.app.say(error.message);
    } finally {
      this.loading = false;
    }
    // The observer only reports changes: ask again while the end is still near.
    this.seen.unobserve(this.end);
    this.seen.observe(this.end);
  }

  add(tiles) {
    const part = document.createDocumentFragment();
    for (const tile of tiles) {
      learn([[tile[0], tile[7]]]);
      if (this.nodes.has(tile[0])) continue;
      const number = this.tiles.push(tile) - 1;
      this.sectionFor(tile, number, part).append(this.node(tile, number));
    }
    this.root.append(part);
    this.app.mark();
  }

  // By day; days of few photos share a header, but not those of different halves of a year.
  sectionFor([, , day], number, part) {
    const weak = number >= this.clear;
    const at = this.byDate ? day : 0;
    const last = this.section;
    const joins = last && (last.day === at
      || (last.count < FULL_SECTION && Math.abs(last.first - at) < 100));
    if (joins && last.weak === weak) {
      if (last.day !== at) {
        last.day = at;
        last.header.textContent = dayRange(last.first, at);
        last.rows.setAttribute("aria-label", last.header.textContent);
      }
      last.count += 1;
      return last.rows;
    }
    // A list box may hold options and groups only: what the headers say is the groups' name.
    const told = { "aria-hidden": "true" };
    if (weak && !(last && last.weak)) part.append(h("p", { class: "line", ...told }, this.clear
      ? "Weaker matches" : "Nothing here clearly matches; the nearest are:"));
    const header = h("div", { class: "head", ...told }, this.byDate ? dayName(day) : "");
    const rows = h("div", { class: "rows", role: "group",
      "aria-label": this.byDate ? dayName(day) : weak ? "Weaker matches" : "Matches" });
    this.section = { weak, day: at, first: at, count: 1, header, rows };
    part.append(h("section", { role: "presentation" }, this.byDate ? header : null, rows));
    return rows;
  }

  node([id, ratio, day, level, favourite, burst, offline], number) {
    const shape = Math.min(3.2, Math.max(0.45, ratio || 1));
    const words = [`Photo ${number + 1}`, dayName(day)];
    if (level >= 0) words.push(["weak", "fair", "strong"][level] + " match");
    if (burst) words.push(`one of ${burst + 1} of the same moment`);
    if (offline) words.push("its drive is not there now");
    const node = h("div", {
      class: "tile", role: "option", "aria-selected": "false", "aria-label": words.join(", "),
      tabindex: number === this.active ? "0" : "-1", "data-id": id, "data-number": number,
      "data-level": level, style: `--r:${shape}`,
    },
    h("img", { loading: "lazy", decoding: "async", alt: "", src: thumb(id), draggable: "false",
      onerror: (event) => event.target.replaceWith(h("span", { class: "missing" }, "No picture")) }),
    h("span", { class: "check", "aria-hidden": "true" }),
    h("span", { class: "heart", "aria-hidden": "true", hidden: !favourite }, "♥"),
    offline ? h("span", { class: "offline", "aria-hidden": "true", title: "Not there now" }, "⏏") : null,
    burst ? h("span", { class: "burst", "aria-hidden": "true" }, `+${burst}`) : null,
    h("span", { class: "alike", "aria-hidden": "true" }, "More like this"));
    this.nodes.set(id, node);
    return node;
  }

  click(event) {
    const node = event.target.closest(".tile");
    if (!node) return;
    const number = Number(node.dataset.number);
    const { selection } = this.app;
    this.focus(number, false);
    if (event.target.closest(".alike")) this.app.edit({ op: "like", ids: [Number(node.dataset.id)] });
    else if (event.shiftKey) selection.extend(number);
    else if (event.ctrlKey || event.metaKey || event.target.closest(".check") || selection.ids.size)
      selection.toggle(number);
    else this.app.lightbox.open(number);
  }

  longPress(event) {
    if (event.pointerType !== "touch") return;
    const node = event.target.closest(".tile");
    if (!node) return;
    event.preventDefault();
    this.app.selection.toggle(Number(node.dataset.number));
  }

  focus(number, scroll = true) {
    const [old, next] = [this.nodes.get(this.tiles[this.active]?.[0]), this.tiles[number]];
    if (!next) return;
    if (old) old.tabIndex = -1;
    this.active = number;
    const node = this.nodes.get(next[0]);
    node.tabIndex = 0;
    node.focus({ preventScroll: true });
    if (scroll) node.scrollIntoView({ block: "nearest" });
    if (number > this.tiles.length - 20) this.more();
  }

  // The tile in the row above or below whose middle is nearest.
  beside(step) {
    const boxes = [...this.nodes.values()].map((node) => node.getBoundingClientRect());
    const here = boxes[this.active];
    const rows = boxes.map((box, number) => ({ box, number }))
      .filter(({ box }) => (step > 0 ? box.top > here.top + 4 : box.top < here.top - 4));
    if (!rows.length) return this.active;
    const top = step > 0 ? Math.min(...rows.map(({ box }) => box.top))
      : Math.max(...rows.map(({ box }) => box.top));
    const middle = here.left + here.width / 2;
    const away = ({ box }) => Math.abs(box.left + box.width / 2 - middle);
    return rows.filter(({ box }) => Math.abs(box.top - top) < 4)
      .reduce((best, one) => (away(one) < away(best) ? one : best)).number;
  }

  key(event) {
    const { selection, lightbox } = this.app;
    const id = this.tiles[this.active]?.[0];
    if (id === undefined) return;
    const moves = {
      ArrowRight: () => this.active + 1, ArrowLeft: () => this.active - 1,
      ArrowDown: () => this.beside(1), ArrowUp: () => this.beside(-1),
      Home: () => 0, End: () => this.tiles.length - 1,
    };
    if (event.key in moves) {
      const target = moves[event.key]();
      if (event.shiftKey && this.tiles[target]) selection.extend(target, this.active);
      this.focus(target);
    } else if (event.key === "Enter") lightbox.open(this.active);
    else if (event.key === " " || event.key === "x") selection.toggle(this.active);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.all();
    else if (event.key === "m") this.app.edit({ op: "like", ids: selection.chosen(id) });
    else if (event.key === "f") this.app.favour(selection.chosen(id));
    else return;
    event.preventDefault();
  }
}
