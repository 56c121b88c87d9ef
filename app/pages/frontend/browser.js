// @ts-check
// What the browser keeps, copies and shows for the page.

import { focused, h } from "./dom.js";
import { scrollerOf } from "./scrolled.js";
import { t } from "./texts.js";

/**
 * @param {string} name
 * @param {string} fallback
 */
export function remembered(name, fallback) {
  try { return localStorage.getItem(`clipsearch.${name}`) ?? fallback; } catch { return fallback; }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try { localStorage.setItem(`clipsearch.${name}`, value); } catch { /* a private window */ }
}

/**
 * Resolves when the text is on the clipboard; fails, with the text in its message, if it is not.
 *
 * @param {string} text
 * @param {HTMLElement} place  What lies in front: behind an open dialog nothing can be selected.
 */
export async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch { /* without HTTPS there is only the old way */ }
  const area = h("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true" });
  const before = focused(place);
  let copied = false;
  /** @param {ClipboardEvent} event */
  const take = (event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    copied = true;
  };
  area.value = text;
  place.append(area);
  area.select();
  document.addEventListener("copy", take, { capture: true, once: true });
  try { document.execCommand("copy"); } catch { /* said below */ }
  document.removeEventListener("copy", take, { capture: true });
  area.remove();
  before?.focus();
  if (!copied) throw new Error(t("page.no-copy", { text }));
}

/**
 * Whether a colour is a dark one.
 *
 * @param {string} colour  As a browser computes it: "rgb(12, 34, 56)".
 */
export function isDark(colour) {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
}

/**
 * Let `root` be light or dark as Streamlit's theme is, by which it draws what is around.
 *
 * @param {HTMLElement} root
 */
export function followTheme(root) {
  const probe = h("span", { style: "color: var(--st-background-color)" });
  root.append(probe);
  root.style.colorScheme = isDark(getComputedStyle(probe).color) ? "dark" : "light";
  probe.remove();
  // What scrolls over an opaque ground is moved as a whole by the browser; over a transparent one,
  // all photos in sight are painted again in each frame (benchmarks/bench_scroll.py).
  const scroller = scrollerOf(root);
  if (scroller instanceof HTMLElement)
    scroller.style.backgroundColor = getComputedStyle(root).backgroundColor;
}
