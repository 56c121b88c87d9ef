import assert from "node:assert/strict";
import { test } from "node:test";

import { inside, markLabel, placeOf, textPatch, written } from "../../app/pages/frontend/map_names.js";
import "./english.js";

const from = (...names) => names.map((name) => ({ id: 1, latitude: 0, longitude: 0, digest: "", name }));
const TRASTEVERE = "Rome, Trastevere, Lazio, Italy";
const TESTACCIO = "Rome, Testaccio, Lazio, Italy";
const TIVOLI = "Tivoli, Lazio, Italy";
const MILAN = "Milan, Lombardy, Italy";

test("photos are called by the town of most of them", () => {
  assert.deepEqual(placeOf(from(TRASTEVERE, TESTACCIO)), { name: "Rome", full: "Rome, Italy", all: true });
  assert.deepEqual(placeOf(from(TRASTEVERE, TESTACCIO, MILAN)),
    { name: "Rome", full: "Rome, Italy", all: false });
});

test("else by their region or country, else by nothing", () => {
  assert.equal(placeOf(from(TRASTEVERE, TIVOLI)).full, "Lazio, Italy");
  assert.equal(placeOf(from(TRASTEVERE, MILAN)).full, "Italy");
  assert.equal(placeOf(from(TRASTEVERE, "Paris, Île-de-France, France")).full, "");
  assert.equal(placeOf(from("", "")).full, "");
  assert.equal(placeOf(from("Rome, Texas, United States", TRASTEVERE)).full, "");
  assert.equal(placeOf(from("Singapore", "Singapore, Marina Bay, Singapore")).full, "Singapore");
});

test("what a mark is called says how many photos and where", () => {
  const label = (places) => markLabel(placeOf(places), places.length, 41.9, 12.5);
  assert.equal(label(from(TRASTEVERE)), "1 photo, Rome, Italy");
  assert.equal(label(from(TRASTEVERE, TESTACCIO, MILAN)), "3 photos, mostly Rome, Italy");
  assert.equal(label(from("", "")), "2 photos near 41.90, 12.50");
});

test("a name is written once, where it covers nothing", () => {
  const one = textPatch("Rome", 100, 100);
  assert.ok(one.left < 90 && one.right > 110 && one.top < 90 && one.bottom > 100);
  const names = [["Rome", 100, 100], ["Tivoli", 115, 105], ["Rome", 100, 130], ["", 300, 300],
    ["Tivoli", 100, 130]];
  const wanted = names.map(([name, x, y]) => ({ name, patch: textPatch(name, x, y) }));
  const said = new Set();
  assert.deepEqual(written(wanted, [], said), [true, false, false, false, true]);
  assert.deepEqual([...said], ["Rome", "Tivoli"]);
  // Where the first has no room, the next of the same name is written.
  assert.deepEqual(written(wanted, [one], new Set()), [false, false, true, false, false]);
  assert.equal(inside("Rome", 100, [0, 300]), 100);
  assert.equal(textPatch("Rome", inside("Rome", 5, [0, 300]), 0).left, 0);
  assert.equal(textPatch("Rome", inside("Rome", 299, [0, 300]), 0).right, 300);
});
