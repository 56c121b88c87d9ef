// @ts-check
// The one script that Streamlit takes for a component. It runs it from an address of its own making,
// from where no module can be imported by its name: the others come by their whole address.

/** @import { Component } from "./types.d.ts" */

/** @param {Component} component */
export default async function entry(component) {
  const { data, parentElement } = component;
  const load = (/** @type {string} */ address) => import(new URL(address, location.href).href);
  let main, texts;
  try {
    [main, texts] = await Promise.all([load(data.main), load(data.texts),
      styled(parentElement, data.styles)]);
  } catch (error) {
    console.error(error);
    const told = document.createElement("p");
    told.className = "empty";
    told.setAttribute("role", "alert");
    const view = parentElement.querySelector(".view");
    told.textContent = view?.getAttribute("data-failed") ?? "";
    told.style.visibility = "visible";
    view?.replaceChildren(told);
    return undefined;
  }
  return main.gallery(component, texts.default);
}

/**
 * Bring the styles. Until they have come nothing is laid out: that is measured by them.
 *
 * @param {ParentNode} parent
 * @param {string} address
 */
async function styled(parent, address) {
  const there = parent.querySelector("link.styles");
  if (there instanceof HTMLLinkElement && there.sheet) return;
  const link = document.createElement("link");
  await new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => { link.remove(); reject(new Error(address)); });
    link.className = "styles";
    link.rel = "stylesheet";
    link.href = address;
    parent.append(link);
  });
}
