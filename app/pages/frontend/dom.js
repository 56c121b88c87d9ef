// @ts-check
// Making and finding elements. Nothing here or elsewhere writes HTML from data: text is always a
// text node.

/** @typedef {Node | string | null | undefined} One */
/** @typedef {One | One[]} Child  What is null is left out. */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */
/** @typedef {Record<string, Attribute>} Attributes  With "onclick" and the like as listeners. */

/**
 * A new HTML element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

/**
 * A new SVG element.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(node, attributes, children);
  return node;
}

/**
 * @param {string} text
 * @param {(event: MouseEvent) => unknown} onclick
 * @param {Attributes} attributes
 */
export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

/**
 * A name from a file or a user, to stand among other text: whichever way it is written, what is
 * around it stays where it is.
 *
 * @param {string} text
 */
export const named = (text) => h("bdi", {}, text);

/**
 * The element that `selector` names, which is there and of the given class.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 */
export function part(root, selector, kind) {
  const node = root.querySelector(selector);
  if (node instanceof kind) return node;
  throw new Error(`The page has no ${selector}.`);
}

/**
 * @param {EventTarget | null} target  Of an event.
 * @param {string} selector
 * @returns {HTMLElement | null}  The element that it happened in.
 */
export function around(target, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Which element in the same document or shadow tree has the focus.
 *
 * @param {Node} node
 */
export function focused(node) {
  const root = node.getRootNode();
  const active = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
  return active instanceof HTMLElement ? active : null;
}

/**
 * Give `root` other children; what had the focus in it, by its `data-name`, has it again.
 *
 * @param {HTMLElement} root
 * @param {Node[]} children
 * @param {FocusOptions} [options]
 */
export function refill(root, children, options) {
  const before = focused(root);
  const name = before && root.contains(before) ? before.dataset.name : null;
  root.replaceChildren(...children);
  const again = name ? root.querySelector(`[data-name="${CSS.escape(name)}"]`) : null;
  if (again instanceof HTMLElement) again.focus(options);
}

/**
 * @param {HTMLElement | SVGElement} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = String(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
}
