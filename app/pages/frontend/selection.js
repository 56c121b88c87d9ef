// Which photos are chosen. It stays in the browser; ids go up only with an action.

class Selection {
  constructor(app) {
    this.app = app;
    this.ids = new Set();
    this.anchor = 0;
    this.bar = app.root.querySelector(".selection");
  }

  chosen(id) { return this.ids.size ? [...this.ids] : [id]; }

  toggle(number) {
    const id = this.app.grid.tiles[number][0];
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = number;
    this.show();
  }

  extend(number, from = this.anchor) {
    if (!this.ids.size) this.anchor = from;
    const [start, end] = [Math.min(this.anchor, number), Math.max(this.anchor, number)];
    for (const tile of this.app.grid.tiles.slice(start, end + 1)) this.ids.add(tile[0]);
    this.show();
  }

  all() {
    for (const tile of this.app.grid.tiles) this.ids.add(tile[0]);
    this.show();
  }

  clear() { this.ids.clear(); this.show(); }

  show() {
    this.app.mark();
    const { app, bar } = this;
    const ids = [...this.ids];
    bar.hidden = !ids.length;
    if (!ids.length) return bar.replaceChildren();
    const local = app.data.local && ids.length === 1;
    bar.replaceChildren(...[
      h("strong", {}, `${plural(ids.length, "photo")} chosen`),
      button(ids.length > 1 ? "More like these" : "More like this",
        () => app.edit({ op: "like", ids }), { class: "main" }),
      button("Without", () => app.edit({ op: "without", ids }),
        { title: "Photos that look like these count less" }),
      button("♥ Favourite", () => app.favour(ids)),
      button("Tag…", () => app.tag(ids)),
      button("Concept…", () => app.concept(ids),
        { title: "Give what these have in common a name to search for" }),
      button("Copy paths", () => app.copyPaths(ids)),
      button("Download", () => app.download(ids), { title: "As a zip file" }),
      local ? button("Show in folder", () => app.reveal(ids[0])) : null,
      button("Clear", () => this.clear(), { title: "Esc" }),
    ].filter(Boolean));
    return undefined;
  }
}
