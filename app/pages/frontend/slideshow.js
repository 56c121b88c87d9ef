// @ts-check
// One photo after the other, without anybody doing anything.

const EACH = 4000; // milliseconds

export class Slideshow {
  /**
   * @param {() => Promise<boolean>} next  Goes on; false: there is none behind it.
   * @param {(running: boolean) => void} changed
   */
  constructor(next, changed) {
    this.next = next;
    this.changed = changed;
    this.waiting = 0;
  }

  get running() { return this.waiting > 0; }

  toggle() {
    if (this.running) this.stop();
    else this.wait();
  }

  wait() {
    const was = this.running;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(async () => {
      if (await this.next()) {
        if (this.running) this.wait();
      } else this.stop();
    }, EACH);
    if (!was) this.changed(true);
  }

  stop() {
    if (!this.running) return;
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.changed(false);
  }
}
