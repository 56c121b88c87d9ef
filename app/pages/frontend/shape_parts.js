// @ts-check
// The shapes of results as they are loaded: the first ones whole, of the others how they lie, and
// what else belongs to them when somebody comes near.

import { getBytes } from "./server.js";
import { NONE, UNKNOWN, joined, learnPart, noShapes, unpackLayout, unpackShapes } from "./shapes.js";

/** @import { Shapes } from "./shapes.js" */

const FIRST = 3_000; // whole, and laid out at once
const LAID_OUT = 100_000; // in one answer
const PART = 1_000; // whole ones that are asked for together
const TOGETHER = 100; // such parts, at the most
export const RESTS = 5_000; // milliseconds after a failure

export class ShapeParts {
  /**
   * @param {{ q: string, sort: string, all: string }} asked
   * @param {(path: string, parameters: Record<string, string | number>) => Promise<ArrayBuffer>} load
   */
  constructor({ q, sort, all }, load = getBytes) {
    // By which the server knows it: other results than at first would not fit to one another.
    const visit = Math.random().toString(36).slice(2);
    this.asked = { q, sort, all, visit };
    this.load = load;
    this.shapes = noShapes();
    /** @type {Promise<Shapes | null> | null} */
    this.early = null;
    /** @type {Map<number, Promise<void>>} */
    this.coming = new Map(); // what was asked for, by number of the part
    this.learned = 0; // answers with such parts
  }

  /**
   * Load the first few before `begin` needs them.
   *
   * @returns {Promise<Shapes | null>}  Null: it failed; `begin` asks once more.
   */
  ahead() {
    this.early ??= this.first().catch(() => null);
    return this.early;
  }

  async first() {
    return unpackShapes(await this.load("shapes", { ...this.asked, start: 0, count: FIRST }));
  }

  /**
   * Load how all results lie, the first few at once and then the others. After a failure it goes on
   * where it was.
   *
   * @param {(shapes: Shapes) => boolean} take  Called with all that are there so far, each time that
   *   there are more; false: nobody wants more.
   */
  async begin(take) {
    do {
      const { shapes } = this;
      const part = shapes.length
        ? unpackLayout(await this.load("layout",
          { ...this.asked, start: shapes.length, count: LAID_OUT }))
        : await this.early ?? await this.first();
      this.shapes = part.length ? joined(shapes, part)
        : { ...shapes, total: shapes.length }; // fewer than it was said
    } while (take(this.shapes) && this.shapes.length < this.shapes.total);
  }

  /**
   * Whether all is known of the results from `start` to before `end`, as far as there are such.
   *
   * @param {number} start
   * @param {number} end
   */
  has(start, end) {
    return !this.shapes.ids.subarray(Math.max(0, start), Math.max(0, end)).includes(UNKNOWN);
  }

  /**
   * Load all of the results from `start` to before `end` that is not known by now.
   *
   * @param {number} start
   * @param {number} end
   * @returns {Promise<boolean>}  Whether all is known now.
   */
  async need(start, end) {
    if (this.has(start, end)) return true;
    const first = Math.floor(Math.max(0, start) / PART);
    const last = Math.ceil(Math.min(end, this.shapes.length) / PART);
    const waiting = [];
    let from = -1; // where a run of parts begins that are asked for together
    for (let part = first; part <= last; part += 1) {
      const wanted = part < last && !this.coming.has(part)
        && !this.has(part * PART, (part + 1) * PART);
      if (from >= 0 && (!wanted || part - from === TOGETHER)) {
        this.fetch(from, part);
        from = -1;
      }
      if (wanted && from < 0) from = part;
    }
    for (let part = first; part < last; part += 1) waiting.push(this.coming.get(part));
    await Promise.all(waiting);
    return this.has(start, end);
  }

  /**
   * @param {number} from  The numbers of the parts: from here
   * @param {number} to  to before here.
   */
  fetch(from, to) {
    const [start, count] = [from * PART, (to - from) * PART];
    const loading = this.load("shapes", { ...this.asked, start, count })
      .then((packed) => {
        const part = unpackShapes(packed);
        learnPart(this.shapes, start, part);
        this.shapes.ids.fill(NONE, start + part.length, start + count); // fewer than before
        this.learned += 1;
      });
    for (let part = from; part < to; part += 1) this.coming.set(part, loading);
    loading.catch(() => setTimeout(() => { // asked for again, but not at once
      for (let part = from; part < to; part += 1) this.coming.delete(part);
    }, RESTS));
  }
}
