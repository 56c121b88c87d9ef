// @ts-check
// The searches behind this one: Streamlit writes each over the address of the one before, and Back
// is to lead there.

/** @param {string} name */
const asked = (name) => new URLSearchParams(location.search).get(name) ?? "";

export class AddressTrail {
  constructor() {
    /** @type {string | null} */
    this.address = null;
    this.returning = false;
    this.q = "";
  }

  /**
   * Keep the address before, now that the page shows a different query.
   *
   * @param {string} q
   */
  keep(q, tries = 25) {
    this.q = q;
    const now = location.pathname + location.search;
    if (this.address === now || asked("q") !== q) {
      // The address follows a little later.
      if (tries) setTimeout(() => this.keep(this.q, tries - 1), 20);
      return;
    }
    if (this.address && !this.returning) {
      history.replaceState(history.state, "", this.address);
      history.pushState(history.state, "", now);
    }
    this.returning = false;
    this.address = now;
  }

  /** Somebody went back or forward: what the address asks for. */
  goBack() {
    this.returning = true;
    return { q: asked("q"), sort: asked("sort"), view: asked("view") };
  }
}
