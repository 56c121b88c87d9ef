// One photo large, with its facts. The neighbours are loaded ahead.

class Lightbox {
  constructor(app) {
    this.app = app;
    this.dialog = app.root.querySelector(".lightbox");
    this.image = h("img", { class: "photo", alt: "", draggable: "false" });
    this.stage = h("div", { class: "stage" }, this.image);
    this.facts = h("aside", { class: "facts", "aria-label": "About this photo" });
    this.dialog.replaceChildren(
      this.stage,
      button("‹", () => this.step(-1), { class: "previous", "aria-label": "Previous photo" }),
      button("›", () => this.step(1), { class: "next", "aria-label": "Next photo" }),
      button("✕", () => this.dialog.close(), { class: "close", "aria-label": "Close" }),
      this.facts,
    );
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.closed());
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(this.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), event);
    }, { passive: false });
    this.stage.addEventListener("dblclick", (event) => this.zoom(this.scale > 1 ? 1 : 2.5, event));
    this.stage.addEventListener("pointerdown", (event) => this.drag(event));
  }

  get tile() { return this.app.grid.tiles[this.number]; }

  open(number) {
    this.number = number;
    if (!this.dialog.open) {
      this.dialog.showModal();
      // Back is to lead from the photo to where it was opened, not to the search before. From one
      // address with a hash to another, Streamlit does not run the page again.
      history.replaceState(history.state, "", "#");
      history.pushState({ ...history.state, photo: number }, "", "#photo");
      this.entry = true;
    }
    this.show();
  }

  closed() {
    this.app.grid?.focus(this.number);
    if (!this.entry) return; // closed by Back
    this.entry = false;
    this.leaving = new Promise((resolve) => {
      this.left = () => { this.left = null; resolve(); };
    });
    history.back();
    setTimeout(() => this.left?.(), 500); // in case that nothing comes of it
  }

  // Somebody went back or forward, or ``closed`` did. Whether that was all about the photo.
  travelled() {
    if (this.left) {
      this.left();
      return true;
    }
    if (this.entry) {
      this.entry = false;
      // A name that was being asked for is not one yet.
      for (const one of this.app.root.querySelectorAll("dialog[open]")) one.close("cancelled");
      return true;
    }
    const number = history.state?.photo;
    if (!this.app.grid?.tiles[number]) return false;
    this.number = number;
    this.dialog.showModal();
    this.entry = true;
    this.show();
    return true;
  }

  // Close, and then (the address is that of the page again) do something else.
  async leave(work) {
    if (this.dialog.open) {
      await new Promise((done) => {
        this.dialog.addEventListener("close", done, { once: true });
        this.dialog.close();
      });
      await this.leaving;
    }
    work();
  }

  // Whether the photo is still there is asked again when one comes back to the window.
  async look() {
    if (!this.dialog.open) return;
    const [id] = this.tile;
    const gone = (await this.app.missing([id])).length > 0;
    if (this.dialog.open && this.tile[0] === id && gone !== this.gone) this.tell(id);
  }

  async step(by) {
    const { grid } = this.app;
    const target = this.number + by;
    if (target >= grid.tiles.length) await grid.more();
    if (!grid.tiles[target]) return;
    this.number = target;
    this.show();
    if (target > grid.tiles.length - 10) grid.more();
  }

  show() {
    const [id] = this.tile;
    this.zoom(1);
    this.facts.replaceChildren(); // those of the photo before
    // The thumbnail is there at once; the preview takes its place when it has come.
    this.image.src = thumb(id);
    this.image.alt = `Photo ${this.number + 1} of ${this.app.grid.total}`;
    const large = new Image();
    large.onload = () => {
      if (this.tile[0] === id) this.image.src = large.src;
      for (const by of [1, -1, 2]) {
        const next = this.app.grid.tiles[this.number + by];
        if (next) new Image().src = preview(next[0]);
      }
    };
    large.onerror = () => this.tile[0] === id && this.app.missing([id]).then((paths) => {
      if (paths.length) this.app.say(missingText(paths, 1));
    });
    large.src = preview(id);
    this.tell(id);
  }

  async tell(id) {
    let facts;
    try {
      facts = await get(`photo/${id}`, { q: this.app.data.q });
    } catch (error) {
      this.facts.replaceChildren(h("p", {}, error.message));
      return;
    }
    if (this.tile[0] !== id) return;
    this.gone = facts.missing || facts.offline;
    this.facts.replaceChildren(...factNodes(this.app, facts));
  }

  zoom(scale, at) {
    const next = Math.min(8, Math.max(1, scale));
    if (at && next > 1) {
      const box = this.stage.getBoundingClientRect();
      const [x, y] = [at.clientX - box.left - box.width / 2, at.clientY - box.top - box.height / 2];
      this.x = x - ((x - this.x) * next) / this.scale;
      this.y = y - ((y - this.y) * next) / this.scale;
    }
    if (next === 1) { this.x = 0; this.y = 0; }
    this.scale = next;
    this.image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${next})`;
    this.stage.dataset.scale = next.toFixed(2);
  }

  drag(down) {
    const [startX, startY] = [down.clientX - this.x, down.clientY - this.y];
    const move = (event) => {
      if (this.scale === 1) return;
      this.x = event.clientX - startX;
      this.y = event.clientY - startY;
      this.zoom(this.scale);
    };
    const up = (event) => {
      this.stage.removeEventListener("pointermove", move);
      const far = event.clientX - down.clientX;
      if (this.scale === 1 && Math.abs(far) > 60) this.step(far < 0 ? 1 : -1); // a swipe
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", up, { once: true });
  }

  key(event) {
    if (event.target.closest("input, textarea")) return;
    const { app } = this;
    const id = this.tile[0];
    const keys = {
      ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1),
      "+": () => this.zoom(this.scale * 1.4), "=": () => this.zoom(this.scale * 1.4),
      "-": () => this.zoom(this.scale / 1.4), 0: () => this.zoom(1),
      f: () => app.favour([id]).then(() => this.tell(id)),
      x: () => app.selection.toggle(this.number),
      m: () => this.leave(() => app.edit({ op: "like", ids: [id] })),
      d: () => app.download([id]),
    };
    if (event.ctrlKey || event.metaKey || !(event.key in keys)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }
}

function factNodes(app, facts) {
  const taken = facts.taken.replace("T", ", ").slice(0, 17);
  const size = facts.bytes < 1e6 ? `${Math.ceil(facts.bytes / 1e3)} KB`
    : `${(facts.bytes / 1e6).toFixed(1)} MB`;
  const { id } = facts;
  const close = (edit) => app.lightbox.leave(() => app.edit(edit));
  const rows = [
    ["Taken", facts.by_camera ? taken : `${taken} (the file's own time)`],
    ["Camera", facts.camera], ["Lens", facts.lens], ["Exposure", facts.exposure],
    ["Size", `${facts.width} × ${facts.height}, ${size}, ${facts.format}`],
    ["Place", facts.place], ["Folder", facts.folder],
    ["Also at", facts.copies.join("\n")],
    ["Shows", facts.labels.length ? h("span", { class: "tags" }, facts.labels.map(([name, sure]) =>
      button(name, () => close({ op: "toggle", key: "label", value: name }),
        { title: `${sure} % sure. All photos that show it` }))) : null],
    ["Tags", facts.tags.length ? h("span", { class: "tags" }, facts.tags.map((name) => button(
      `${name} ✕`, () => app.untag(facts.id, name).then(() => app.lightbox.tell(facts.id)),
      { "aria-label": `Take away the tag ${name}` }))) : null],
  ];
  return [
    h("h2", {}, facts.name),
    facts.offline ? h("p", { class: "note" }, "Its drive or folder is not there now.")
      : facts.missing ? h("p", { class: "note missing-file", role: "alert" },
        "The file is not there any more: it was deleted, moved or renamed. " +
        "“Look for new photos” on the Library page brings the library up to date.") : null,
    h("dl", {}, rows.filter(([, value]) => value)
      .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    facts.latitude !== null ? smallMap(facts.latitude, facts.longitude) : null,
    facts.why ? whyNodes(facts.why) : null,
    h("div", { class: "actions" },
      button("More like this", () => close({ op: "like", ids: [id] }), { class: "main" }),
      button("Without this", () => close({ op: "without", ids: [id] })),
      button(facts.favourite ? "♥ No favourite" : "♡ Favourite",
        () => app.favour([id], !facts.favourite).then(() => app.lightbox.tell(id))),
      button("Tag…", () => app.tag([id]).then(() => app.lightbox.tell(id))),
      button("Copy path", () => app.copyPaths([id])),
      facts.offline || facts.missing ? null : button("Download", () => app.download([id])),
      app.data.local && !facts.offline && !facts.missing ? button("Show in folder", () => app.reveal(id)) : null),
  ].filter(Boolean);
}

function whyNodes(why) {
  const rows = why.terms.map((term) => (term.negative
    ? `without ${term.term}: ${term.share < -0.05 ? "looks like it, so it ranks lower" : "fine"}`
    : `${term.term}: nearer than ${term.percentile.toFixed(1)} % of the library`));
  rows.push(...why.filters.map((one) => `${one.filter}: ${one.met ? "yes" : "no"}`));
  const match = why.rank ? `${why.relevance ?? "ranked"} match, number ${
    why.rank.toLocaleString("en")} of ${why.of.toLocaleString("en")}` : null;
  return h("section", { class: "why" }, h("h3", {}, "Why it was found"),
    h("ul", {}, [match, ...rows].filter(Boolean).map((row) => h("li", {}, row))));
}
