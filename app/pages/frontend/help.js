// The help overlay: keys, and the language of queries.

const KEYS = [
  ["/", "go to the search box"], ["?", "this help"], ["arrows", "go from photo to photo"],
  ["Enter", "see it large"], ["x or space", "choose it"], ["Shift + arrows", "choose several"],
  ["Ctrl + A", "choose all that are loaded"], ["m", "more like this"], ["f", "favourite"],
  ["Esc", "close, or choose none"], ["← →", "large: previous, next"], ["+ − 0", "large: zoom"],
  ["d", "large: download"],
];
const LANGUAGE = [
  ["a dog on a beach", "words: what the photo shows"],
  ["a street without people", "without, no, or -people: what it should not show"],
  ["2*beach + sunset", "two things, the first twice as important"],
  ["dog 2019 in:Trips", "filters, side by side"],
  ["year:2018..2020  on:2020-07-14", "when"],
  ["place:Paris  near:48.85,2.35~10km", "where"],
  ["camera:fuji  lens:35mm", "with what"],
  ["type:jpg,heic  size:>5mb  width:>2000", "kinds and sizes"],
  ["orientation:portrait", "portrait, landscape or square"],
  ["label:dog  -label:person", "what the model is sure that a photo shows"],
  ["is:favourite  tag:family  -tag:work", "marks; a minus turns any filter around"],
  ["like:7  concept:avi", "like a photo, or like a concept"],
];

function showHelp(dialog) {
  const list = (rows, tag) => h("dl", {}, rows.flatMap(([what, means]) => [
    h("dt", {}, h(tag, {}, what)), h("dd", {}, means)]));
  dialog.replaceChildren(
    button("✕", () => dialog.close(), { class: "close", "aria-label": "Close" }),
    h("h2", {}, "What can be asked"), list(LANGUAGE, "code"),
    h("h2", {}, "Keys"), list(KEYS, "kbd"));
  dialog.showModal();
}

// Ask for a name; resolves to "" if there is none.
function askName(dialog, title, known = []) {
  return new Promise((resolve) => {
    const input = h("input", { type: "text", maxlength: "100", required: true, list: "known",
      "aria-label": title });
    const form = h("form", { method: "dialog" }, h("label", {}, title, input),
      h("datalist", { id: "known" }, known.map((name) => h("option", { value: name }))),
      h("div", { class: "actions" }, h("button", { class: "main" }, "OK"),
        button("Cancel", () => dialog.close("cancelled"))));
    dialog.replaceChildren(form);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(
      dialog.returnValue === "cancelled" ? "" : input.value.trim()), { once: true });
    dialog.addEventListener("cancel", () => { dialog.returnValue = "cancelled"; }, { once: true });
    dialog.showModal();
    input.focus();
  });
}
