// @ts-check
// The browser's history of one open photo: Back closes it, Forward and its address open it.

import { photoHash, photoOf } from "./photo_address.js";

export class PhotoEntry {
  constructor() {
    this.pushed = false; // whether the history has an entry for the photo that is open
    /** @type {(() => void) | null} */
    this.left = null;
    /** @type {Promise<void>} */
    this.leaving = Promise.resolve();
  }

  /** The photo that the address names. */
  get asked() { return photoOf(location.hash); }

  /**
   * A photo is open; or another one in its place.
   *
   * @param {number} id
   * @param {string} digest
   */
  open(id, digest) {
    const hash = photoHash(id, digest);
    if (location.hash === hash) return;
    if (this.asked) {
      history.replaceState(history.state, "", hash);
      return;
    }
    // Back is to lead from the photo to where it was opened, not to the search before. From one
    // address with a hash to another, Streamlit does not run the page again.
    history.replaceState(history.state, "", "#");
    history.pushState(history.state, "", hash);
    this.pushed = true;
  }

  /** It was closed on the page. */
  close() {
    if (!this.asked) return; // by Back
    if (!this.pushed) { // it was opened by its address: there is nothing of this page behind it
      history.replaceState(history.state, "", "#");
      return;
    }
    this.pushed = false;
    this.leaving = new Promise((resolve) => {
      this.left = () => { this.left = null; resolve(); };
    });
    history.back();
    setTimeout(() => this.left?.(), 500); // in case the browser does not go back
  }

  /** Somebody went back or forward, or `close` did. Whether it was the latter. */
  travelled() {
    if (!this.left) return false;
    this.left();
    return true;
  }
}
