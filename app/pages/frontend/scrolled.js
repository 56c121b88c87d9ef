// @ts-check
// The part of a long element that is seen in whatever scrolls it.

/**
 * The nearest element around `node` that scrolls up and down, through shadow roots.
 *
 * @param {Element} node
 * @returns {Element}
 */
export function scrollerOf(node) {
  /** @type {Node | null} */
  let at = node;
  while (at) {
    at = at instanceof ShadowRoot ? at.host : at.parentNode;
    if (at instanceof Element && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}

export class Scrolled {
  /**
   * @param {HTMLElement} node  What is scrolled; in the page by now.
   * @param {() => void} moved  Called at most once a frame.
   */
  constructor(node, moved) {
    this.node = node;
    this.scroller = scrollerOf(node);
    this.speed = 0; // pixels a millisecond
    this.waiting = 0;
    this.before = { at: 0, top: 0 };
    const heard = this.scroller === document.scrollingElement ? window : this.scroller;
    this.away = new AbortController();
    heard.addEventListener("scroll", () => {
      this.waiting ||= requestAnimationFrame((at) => {
        this.waiting = 0;
        const { top } = this;
        this.speed = Math.abs(top - this.before.top) / Math.max(8, at - this.before.at);
        this.before = { at, top };
        moved();
      });
    }, { passive: true, signal: this.away.signal });
  }

  leave() {
    this.away.abort();
    cancelAnimationFrame(this.waiting);
  }

  /** How far the element's top is above the top of what scrolls it, in pixels. */
  get top() {
    const above = this.scroller === document.scrollingElement ? 0
      : this.scroller.getBoundingClientRect().top;
    return above - this.node.getBoundingClientRect().top;
  }

  /** What is seen at once, in pixels. */
  get height() { return this.scroller.clientHeight; }

  /** @param {number} top  Of the element, to the upper edge. */
  to(top) { this.scroller.scrollTop += top - this.top; }

  /** @param {number} by */
  by(by) { this.scroller.scrollTop += by; }

  /**
   * Bring a part of the element into sight, by the shortest way.
   *
   * @param {{ top: number, height: number }} box
   * @param {number} covered  So much is hidden at the upper edge.
   */
  show({ top, height }, covered) {
    const here = this.top;
    if (top < here + covered) this.by(top - here - covered - 8);
    else if (top + height > here + this.height) this.by(top + height - here - this.height + 8);
  }
}
