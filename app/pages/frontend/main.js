// The component: takes what the script found, gives back edits of the query.

class App {
  constructor(parent) {
    this.root = parent.querySelector(".app");
    this.view = this.root.querySelector(".view");
    this.toast = this.root.querySelector(".toast");
    for (const dialog of this.root.querySelectorAll("dialog"))
      dialog.addEventListener("close", () => { if (!this.toast.hidden) this.front().append(this.toast); });
    this.selection = new Selection(this);
    this.lightbox = new Lightbox(this);
    this.panel = new Panel(this);
    const find = (name) => this.root.querySelector(name);
    find(".show-help").addEventListener("click", () => showHelp(find(".help")));
    find(".save-search").addEventListener("click", () => this.saveSearch());
    find(".pick-picture").addEventListener("click", () => find(".file").click());
    find(".file").addEventListener("change", (event) => {
      this.upload(event.target.files[0]);
      event.target.value = "";
    });
    const size = find(".size input");
    const resize = () => {
      this.root.style.setProperty("--h", size.value);
      remember("size", size.value);
    };
    size.value = remembered("size", matchMedia("(max-width: 640px)").matches ? "110" : "200");
    size.addEventListener("input", resize);
    resize();
    this.listen();
  }

  // -- from and to the script ----------------------------------------------------------------

  show(data) {
    const same = this.data && this.data.key === data.key;
    if (shownLibrary.token !== data.library) digests.clear();
    shownLibrary.token = data.library;
    this.data = data;
    this.contrast();
    this.keepWay();
    if (!same) {
      this.root.dataset.ready = "false";
      this.selection.ids.clear();
      this.draw().then(() => {
        this.selection.show();
        this.root.dataset.query = data.q;
        this.root.dataset.view = data.view;
        this.root.dataset.total = data.total;
        this.root.dataset.ready = "true";
      });
      this.panel.load();
    }
    this.summary();
    this.root.querySelector(".save-search").hidden = !data.q;
    this.root.querySelector(".log-out").hidden = data.local;
  }

  // Streamlit writes each search over the address of the one before; Back is to lead there.
  keepWay(tries = 25) {
    const now = location.pathname + location.search;
    if (this.address === now || this.asked("q") !== this.data.q) {
      if (tries) setTimeout(() => this.keepWay(tries - 1), 20); // the address follows a little later
      return;
    }
    if (this.address && !this.returning) {
      history.replaceState(history.state, "", this.address);
      history.pushState(history.state, "", now);
    }
    this.returning = false;
    this.address = now;
  }

  asked(name) { return new URLSearchParams(location.search).get(name) ?? ""; }

  async draw() {
    const { data } = this;
    const asked = { q: data.q, sort: data.sort, all: data.all };
    this.grid?.leave();
    this.grid = null;
    const place = (node) => { if (this.data === data) this.view.replaceChildren(node); };
    try {
      if (data.view === "map") {
        const map = new MapView(this, await get("places", asked));
        place(map.root);
      } else if (data.view === "timeline") place(timelineView(this, await get("timeline", asked)));
      else if (data.view === "duplicates") {
        place(h("p", { class: "empty" }, "Looking for photos that are there more than once …"));
        place(duplicatesView(this, await get("duplicates")));
      } else {
        this.grid = new Grid(this, data.tiles, data.total, data.clear);
        place(h("div", {}, this.grid.root, this.grid.end));
      }
    } catch (error) {
      place(h("p", { class: "empty" }, error.message));
    }
  }

  edit(edit) {
    this.root.dataset.ready = "false";
    this.send({ ...edit, at: Date.now() });
  }

  // Text on the theme's colour: black or white, whichever can be read better (WCAG 2.2).
  contrast() {
    const probe = h("span", { style: "color: var(--st-primary-color)" });
    this.root.append(probe);
    const linear = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3)
      .map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    probe.remove();
    const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    this.root.style.setProperty("--on-accent", light > 0.18 ? "#000" : "#fff");
  }

  summary() {
    const { data } = this;
    const line = this.root.querySelector(".summary");
    const parts = [data.summary];
    for (const id of learn(data.shown)) parts.push(h("img", { src: thumb(id), alt: `photo ${id}` }));
    line.replaceChildren(...parts);
  }

  // -- marks ---------------------------------------------------------------------------------

  mark() {
    if (!this.grid) return;
    for (const [id, node] of this.grid.nodes) {
      node.setAttribute("aria-selected", String(this.selection.ids.has(id)));
    }
  }

  async attempt(work) {
    try { return await work(); } catch (error) { this.say(error.message); return null; }
  }

  // Favourites, all of them; or none if all are already, unless ``add`` says which.
  async favour(ids, add) {
    const tiles = this.grid ? this.grid.tiles.filter(([id]) => ids.includes(id)) : [];
    const wanted = add ?? !(tiles.length && tiles.every((tile) => tile[4]));
    await this.attempt(async () => {
      await post("tag", { ids, favourite: true, add: wanted });
      for (const tile of tiles) {
        tile[4] = wanted ? 1 : 0;
        this.grid.nodes.get(tile[0]).querySelector(".heart").hidden = !wanted;
      }
      this.say(`${plural(ids.length, "photo")} ${wanted ? "marked as favourite" : "no favourite any more"}.`);
      this.panel.load();
    });
  }

  async tag(ids) {
    const name = await askName(this.root.querySelector(".ask"), `Tag for ${plural(ids.length, "photo")}`);
    if (name) await this.attempt(async () => {
      const done = await post("tag", { ids, name });
      this.say(`${plural(done.changed, "photo")} tagged ${done.name}.`);
      this.panel.load();
    });
  }

  untag(id, name) {
    return this.attempt(async () => {
      await post("tag", { ids: [id], name, add: false });
      await this.panel.load();
    });
  }

  async concept(ids) {
    const name = await askName(this.root.querySelector(".ask"), "Name of the concept");
    if (name) await this.attempt(async () => {
      const done = await post("concept", { ids, name });
      this.say(`The concept ${done.name} has ${plural(done.examples, "example")} now.`);
      this.panel.load();
    });
  }

  copyPaths(ids) {
    return this.attempt(async () => {
      await this.copyLines(await post("paths", { ids }));
    });
  }

  copyLines(paths) {
    return this.attempt(async () => {
      await copyText(paths.join("\n"), this.front());
      this.say(`${plural(paths.length, "path")} copied.`);
    });
  }

  reveal(id) { return this.attempt(() => post("reveal", { ids: [id] })); }

  async download(ids) {
    const missing = await this.missing(ids);
    if (missing.length) this.say(missingText(missing, ids.length));
    if (missing.length === ids.length) return undefined;
    if (ids.length === 1) return this.fetchOriginal(ids[0]);
    const form = h("form", { method: "post", action: `${ROUTE}zip` },
      h("input", { type: "hidden", name: "library", value: shownLibrary.token }),
      h("input", { type: "hidden", name: "ids", value: ids.join(",") }));
    this.root.append(form);
    form.submit();
    form.remove();
    return undefined;
  }

  // The paths of those photos that can't be read now.
  missing(ids) { return this.attempt(() => post("missing", { ids })).then((paths) => paths ?? []); }

  fetchOriginal(id) {
    const link = h("a", { href: original(id, true), download: "" });
    this.root.append(link);
    link.click();
    link.remove();
  }

  // -- searches ------------------------------------------------------------------------------

  upload(file) {
    if (!file) return;
    if (file.size > 20e6) { this.say("That is too large: more than 20 MB."); return; }
    this.say("Looking at the picture …");
    this.attempt(async () => {
      const answer = await unpack(await fetch(`${ROUTE}upload`, { method: "POST", body: file,
        headers: { "Content-Type": "application/octet-stream",
          "Clipsearch-Library": shownLibrary.token } }));
      this.edit({ op: "picture", path: answer.path });
    });
  }

  async saveSearch() {
    const name = await askName(this.root.querySelector(".ask"), "Name of this search");
    if (name) await this.attempt(async () => {
      await post("search", { name, query: this.data.q });
      this.say(`Saved as ${name}.`);
      this.panel.open(true);
    });
  }

  forgetSearch(name) {
    return this.attempt(async () => { await post("search", { name }); await this.panel.load(); });
  }

  forgetConcept(name) {
    return this.attempt(async () => {
      await post("concept", { name, forget: true });
      this.say(`The concept ${name} is forgotten; the photos stay.`);
      await this.panel.load();
    });
  }

  clearHistory() {
    return this.attempt(async () => { await post("history", {}); await this.panel.load(); });
  }

  // -- the rest of the page ------------------------------------------------------------------

  // What lies in front: the last open dialog, else the page itself.
  front() { return [...this.root.querySelectorAll("dialog[open]")].pop() ?? this.root; }

  say(text) {
    const { toast } = this;
    this.front().append(toast); // an open dialog hides all that is not in it
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { toast.hidden = true; }, 5000);
  }

  listen() {
    this.away?.abort();
    this.away = new AbortController();
    const { signal } = this.away;
    const on = (name, work) => window.addEventListener(name, work, { signal });
    const drop = this.root.querySelector(".drop");
    const isFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    on("dragover", (event) => { if (isFile(event)) { event.preventDefault(); drop.hidden = false; } });
    on("dragleave", (event) => { if (!event.relatedTarget) drop.hidden = true; });
    on("drop", (event) => {
      drop.hidden = true;
      if (!isFile(event)) return;
      event.preventDefault();
      this.upload(event.dataTransfer.files[0]);
    });
    on("paste", (event) => {
      const picture = [...(event.clipboardData?.files ?? [])].find((f) => f.type.startsWith("image/"));
      if (picture) { event.preventDefault(); this.upload(picture); }
    });
    on("keydown", (event) => this.key(event));
    on("focus", () => this.lightbox.look());
    on("popstate", () => {
      if (this.lightbox.travelled()) return; // the page itself is as it was
      this.returning = true;
      this.edit({ op: "address", q: this.asked("q"), sort: this.asked("sort"),
        view: this.asked("view") });
    });
  }

  key(event) {
    const writing = event.composedPath()[0].closest?.("input, textarea, select, [contenteditable]");
    const open = this.root.querySelector("dialog[open]");
    if (writing || open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      document.querySelector('input[aria-label="Search"]')?.focus();
    } else if (event.key === "?") showHelp(this.root.querySelector(".help"));
    else if (event.key === "Escape" && this.selection.ids.size) this.selection.clear();
    else return;
    event.preventDefault();
  }
}

export default function gallery(component) {
  const { parentElement, data, setTriggerValue } = component;
  const app = parentElement.clipsearch ??= new App(parentElement);
  app.send = (edit) => setTriggerValue("edit", edit);
  if (app.away.signal.aborted) app.listen();
  app.show(data);
  return () => app.away.abort();
}
