import assert from "node:assert/strict";
import { test } from "node:test";

import { countryNames, labelsIn } from "../../app/pages/frontend/map_labels.js";

const NAMES = {
  countries: [["FR", "France", 47, 2.5, 52_000], ["IT", "Italy", 43.5, 11.7, 54_000],
    ["LI", "Liechtenstein", 47.2, 9.6, 40]],
  cities: [["Paris", 48.85, 2.35, 2_138], ["Naples", 40.85, 14.27, 909]],
};
const ITALY = { x: 12, y: -42, width: 20, height: 10 };
const in_english = countryNames("en");

test("names are of what is in view and large enough", () => {
  const labels = labelsIn(NAMES, ITALY, in_english);
  assert.deepEqual(labels.map(({ kind, name }) => [kind, name]),
    [["country", "Italy"], ["city", "Naples"]]);
  const world = labelsIn(NAMES, { x: 0, y: 0, width: 360, height: 180 }, in_english);
  assert.deepEqual(world.map(({ name }) => name), ["France", "Italy"]);
  const close = labelsIn(NAMES, { x: 14.27, y: -40.85, width: 1, height: 0.5 }, in_english);
  assert.deepEqual(close.map(({ name }) => name), ["Naples"]);
});

test("countries are called as the page's language does, if it is one", () => {
  const [, italy] = labelsIn(NAMES, { x: 0, y: 0, width: 360, height: 180 }, countryNames("de"));
  assert.equal(italy.name, "Italien");
  for (const language of ["", "no language"]) {
    const known = countryNames(language);
    assert.ok(["Italy", undefined].includes(known("IT")));
  }
});
