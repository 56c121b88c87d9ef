// @ts-check
// Where somebody names a folder of photos: a box that suggests folders, and a button.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { get } from "./server.js";
import { messageOf } from "./text.js";
import { t } from "./texts.js";

/**
 * @param {(folder: string) => Promise<unknown>} add  What it throws is said below the box.
 * @param {{ label: string, filled?: boolean }} how  `filled`: with the first folder that is
 *   suggested.
 */
export function folderForm(add, { label, filled = false }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const choices = h("datalist", { id: "folders" });
  const input = h("input", { type: "text", name: "folder", list: "folders", required: true,
    autocomplete: "off", spellcheck: "false", dir: "auto", "aria-label": label, oninput: complete });
  async function complete() {
    try {
      /** @type {string[]} */
      const listed = await get("folders", { path: input.value });
      choices.replaceChildren(...listed.map((value) => h("option", { value })));
      return listed;
    } catch { return []; }
  }
  complete().then((listed) => {
    if (!filled) input.placeholder = listed[0] ?? "";
    else if (!input.value && listed.length) input.value = listed[0];
  });
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      await add(input.value);
    } catch (error) { problem.textContent = messageOf(error); }
  } }, h("label", {}, h("span", {}, label), input), choices,
  h("button", { class: "main" }, icon("plus"), t("welcome.add")));
  /** @param {string} text  What went wrong. */
  const say = (text) => { problem.textContent = text; };
  return { input, say, root: h("div", { class: "add-folder" }, form, problem) };
}
