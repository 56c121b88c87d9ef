// Which of several photos is the sharpest, and what is said while copies are looked for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lookedText, sharpestPlace } from "../../app/pages/frontend/duplicates.js";
import "./english.js";

test("the sharpest has to be clearly sharper than another", () => {
  assert.equal(sharpestPlace([7, 8, 9], new Map([[7, 3], [8, 9.5], [9, 4]])), 1);
  assert.equal(sharpestPlace([7, 8], new Map([[7, 3], [8, 3.01]])), -1);
  assert.equal(sharpestPlace([7, 8], new Map([[7, null], [8, 3]])), -1);
  assert.equal(sharpestPlace([7], new Map()), -1);
});

test("how far the look for copies is", () => {
  const all = { total: 0, groups: [] };
  assert.equal(lookedText({ ...all, what: "", done: 0, of: 0 }), "Looking for copies …");
  assert.equal(lookedText({ ...all, what: "pictures", done: 500, of: 1000 }),
    "Looking for copies: reading pictures, 50% …");
  assert.equal(lookedText({ ...all, what: "pairs", done: 999, of: 1000 }),
    "Looking for copies: comparing pairs, 99% …");
});
