import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf } from "../../app/pages/frontend/library_folders.js";
import { told } from "../../app/pages/frontend/welcome.js";
import "./english.js";

const BEGUN = { running: true, failed: false, seen: 0, total: 0, embedded: 0, searchable: false,
  unread: 0, rate: 0, left: null, naming: null, result: [], watching: false, watched: [],
  generation: 1 };

test("how far a run is, stage by stage", () => {
  assert.equal(told(BEGUN), "Preparing the model …");
  assert.equal(told({ ...BEGUN, naming: [3, 10] }), "Naming places: 3 photos of 10");
  assert.equal(told({ ...BEGUN, total: 1 }), "Preparing the model … 1 file to be read");
  assert.equal(told({ ...BEGUN, total: 2000, seen: 500, embedded: 480, unread: 20, rate: 99.6,
    left: 15 }), "500 of 2,000 files, 100 photos a second, 20 could not be read, about 15 secs left");
});

test("what a folder is called", () => {
  assert.equal(nameOf("/home/me/Pictures/Summer 2019"), "Summer 2019");
  assert.equal(nameOf("C:\\Users\\me\\Pictures"), "Pictures");
  assert.equal(nameOf("/"), "/");
});
