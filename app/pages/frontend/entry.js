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
    [main, texts] = await Promise.all([load(data.main), load(data.texts), styled(parentElement)]);
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
 * Until the styles have come: what is laid out is measured by them.
 *
 * @param {ParentNode} parent
 */
async function styled(parent) {
  const link = parent.querySelector("link.styles");
  if (!(link instanceof HTMLLinkElement) || link.sheet) return;
  await new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(link.href)));
  });
}
