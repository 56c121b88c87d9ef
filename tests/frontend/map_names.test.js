import assert from "node:assert/strict";
import { test } from "node:test";

import { free, inside, markLabel, placeOf, textPatch } from "../../app/pages/frontend/map_names.js";

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
  assert.equal(markLabel(from(TRASTEVERE), 41.9, 12.5), "1 photo, Rome, Italy");
  assert.equal(markLabel(from(TRASTEVERE, TESTACCIO, MILAN), 41.9, 12.5),
    "3 photos, mostly Rome, Italy");
  assert.equal(markLabel(from("", ""), 41.9, 12.5), "2 photos, near 41.90, 12.50");
});

test("a name is written where it covers nothing", () => {
  const one = textPatch("Rome", 100, 100);
  assert.ok(one.left < 90 && one.right > 110 && one.top < 90 && one.bottom > 100);
  const [beside, below] = [textPatch("Tivoli", 115, 105), textPatch("Ostia", 100, 130)];
  assert.deepEqual(free([one, beside, below], []), [true, false, true]);
  assert.deepEqual(free([one, beside], [one]), [false, false]);
  assert.equal(inside("Rome", 100, [0, 300]), 100);
  assert.equal(textPatch("Rome", inside("Rome", 5, [0, 300]), 0).left, 0);
  assert.equal(textPatch("Rome", inside("Rome", 299, [0, 300]), 0).right, 300);
});
