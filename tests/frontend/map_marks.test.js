import assert from "node:assert/strict";
import { test } from "node:test";

import { MapMarks } from "../../app/pages/frontend/map_marks.js";
import "./english.js";

const places = [[41.9, 12.5], [41.91, 12.5], [-33.9, 151.2]].map(([latitude, longitude], id) =>
  ({ id, latitude, longitude, digest: "", name: id < 2 ? "Rome, Lazio, Italy" : "" }));

test("what is said of a mark", () => {
  const marks = new MapMarks(places);
  const [rome, sydney] = marks.clusters(360, 14);
  assert.deepEqual(marks.facts(rome), { name: "Rome", label: "2 photos, Rome, Italy", radius: 1 });
  assert.deepEqual(marks.facts(sydney),
    { name: "", label: "1 photo near -33.90, 151.20", radius: 1 });
});

test("it is worked out once for as long as the marks are the same", () => {
  const marks = new MapMarks(places);
  let read = 0;
  for (const place of places) {
    const { name } = place;
    Object.defineProperty(place, "name", { configurable: true, get() { read += 1; return name; } });
  }
  const say = (width) => marks.clusters(width, 14).map((one) => marks.facts(one).label);
  const said = say(360);
  assert.ok(read > 0);
  read = 0;
  assert.deepEqual(say(360), said);
  assert.equal(read, 0);
  assert.equal(say(0.02).length, 3); // nearer: other marks
  assert.ok(read > 0);
});
