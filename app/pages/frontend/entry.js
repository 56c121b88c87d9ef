// @ts-check
// The one script that Streamlit takes for a component. It runs it from an address of its own making,
// from where no module can be imported by its name: the others come by their whole address.

/** @import { Component } from "./types.d.ts" */

/** @param {Component} component */
export default async function entry(component) {
  const { data, parentElement } = component;
  let main;
  try {
    main = await import(new URL(data.main, location.href).href);
  } catch (error) {
    console.error(error);
    const told = document.createElement("p");
    told.className = "empty";
    told.setAttribute("role", "alert");
    told.textContent = "The page's scripts could not be loaded, so no photos are shown. "
      + "Reload the page; if that does not help, start clipsearch again.";
    parentElement.querySelector(".view")?.replaceChildren(told);
    return undefined;
  }
  return main.gallery(component);
}
