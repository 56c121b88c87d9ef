// @ts-check
// Where the picture of a lightbox is, and how large.

/** @typedef {{ x: number, y: number, scale: number }} Zoom  Away from the middle, in pixels. */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ width: number, height: number }} Size  In pixels. */

export const WHOLE = Object.freeze({ x: 0, y: 0, scale: 1 });
const MOST = 8; // times the whole picture, where its own pixels are not more

/**
 * The picture nearer or farther, with what lies under a point staying where it is.
 *
 * @param {Zoom} zoom
 * @param {number} scale  1 to `most`: what is beyond is not gone to.
 * @param {Point | null} at  From the middle of the stage; null: its middle.
 * @param {number} most
 * @returns {Zoom}
 */
export function zoomed({ x, y, scale: before }, scale, at = null, most = MOST) {
  const next = Math.min(most, Math.max(1, scale));
  if (next === 1) return { ...WHOLE };
  if (!at) return { x: (x * next) / before, y: (y * next) / before, scale: next };
  return { x: at.x - ((at.x - x) * next) / before, y: at.y - ((at.y - y) * next) / before,
    scale: next };
}

/**
 * The size of the whole picture on the stage: it is never enlarged beyond its own pixels.
 *
 * @param {Size} pixels
 * @param {Size} stage
 * @returns {Size}
 */
export function fitted(pixels, stage) {
  const factor = Math.min(1, stage.width / pixels.width, stage.height / pixels.height);
  return { width: pixels.width * factor, height: pixels.height * factor };
}

/**
 * The scale at which a pixel of the photo is one of the screen's.
 *
 * @param {Size} pixels
 * @param {Size} whole  See `fitted`.
 */
export const ownScale = (pixels, whole) => pixels.width / whole.width;

/**
 * The largest scale: twice the photo's own pixels, and eight times the whole at least.
 *
 * @param {number} own
 */
export const mostScale = (own) => Math.max(MOST, 2 * own);

/**
 * The picture drawn back so that none of its edges is inside the stage, where it is larger.
 *
 * @param {Zoom} zoom
 * @param {Size} whole
 * @param {Size} stage
 * @returns {Zoom}
 */
export function held({ x, y, scale }, whole, stage) {
  const far = { x: Math.max(0, (whole.width * scale - stage.width) / 2),
    y: Math.max(0, (whole.height * scale - stage.height) / 2) };
  return { x: Math.min(far.x, Math.max(-far.x, x)), y: Math.min(far.y, Math.max(-far.y, y)), scale };
}

/**
 * After two fingers have moved: the picture follows both.
 *
 * @param {Zoom} zoom  As it was when they were put down.
 * @param {[Point, Point]} before  From the middle of the stage.
 * @param {[Point, Point]} now
 * @param {number} most
 * @returns {Zoom}
 */
export function pinched(zoom, before, now, most = MOST) {
  const [from, to] = [middle(before), middle(now)];
  const factor = apart(now) / Math.max(1, apart(before));
  const next = zoomed(zoom, zoom.scale * factor, from, most);
  if (next.scale === 1) return next;
  return { ...next, x: next.x + to.x - from.x, y: next.y + to.y - from.y };
}

/** @param {[Point, Point]} points */
const middle = ([one, two]) => ({ x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 });

/** @param {[Point, Point]} points */
const apart = ([one, two]) => Math.hypot(one.x - two.x, one.y - two.y);

/**
 * What a finger meant that was drawn over the whole picture.
 *
 * @param {number} x  How far, in pixels.
 * @param {number} y
 * @returns {"next" | "previous" | "close" | "facts" | null}
 */
export function swipeOf(x, y) {
  if (Math.abs(x) > 60 && Math.abs(x) > Math.abs(y)) return x < 0 ? "next" : "previous";
  if (y > 90 && y > 1.4 * Math.abs(x)) return "close";
  if (y < -70 && -y > 1.4 * Math.abs(x)) return "facts";
  return null;
}
