import assert from "node:assert/strict";
import { test } from "node:test";

import { TileFacts } from "../../app/pages/frontend/tile_facts.js";

const DATA = { q: "sea", sort: "best", all: "false", tiles: [] };

/** @param {number} id */
const slots = (id, { level = 1, favourite = 0, burst = 0, blur = `blur of ${id}` } = {}) =>
  [id, 1.5, 17_000, level, favourite, burst, 0, "0a1b2c3d", `things of ${id}`, blur, -1, -1];

/** A server that answers for the ids it is asked for, and nothing else; `asked` has them. */
function facts({ tiles = [], answer = (ids) => ids.map((id) => slots(id)) } = {}) {
  const asked = [];
  const said = [];
  const waiting = [];
  const load = async (path, { ids, ...rest }) => {
    assert.equal(path, "results");
    assert.deepEqual(rest, { q: "sea", sort: "best", all: "false" }); // nothing by place
    const numbers = ids.split(",").map(Number);
    asked.push(numbers);
    return { tiles: answer(numbers) };
  };
  const made = new TileFacts({ say: (text) => said.push(text) }, { ...DATA, tiles },
    () => waiting.splice(0).forEach((done) => done()), load);
  const changed = () => new Promise((done) => { waiting.push(done); });
  return { asked, said, facts: made, changed };
}
const idsFrom = (first, count) => Float64Array.from({ length: count }, (_, at) => first + at);

test("what is said of photos is asked for by their ids, a part at once", async () => {
  const { asked, facts: tiles, changed } = facts();
  const ids = idsFrom(500, 200);
  tiles.want(ids, 70, 90);
  await changed();
  assert.deepEqual(asked, [[...idsFrom(560, 60)]]);
  for (const id of asked[0]) assert.deepEqual(
    [tiles.byId.get(id).shows, tiles.byId.get(id).blur], [`things of ${id}`, `blur of ${id}`]);
  tiles.want(ids, 70, 90);
  assert.equal(asked.length, 1);
});

test("what the server says in another order, or not at all, is never said of another photo", async () => {
  const { asked, facts: tiles, changed } = facts({
    answer: (ids) => ids.filter((id) => id !== 3).reverse().map((id) => slots(id)) });
  const ids = idsFrom(1, 5);
  tiles.want(ids, 0, 5);
  await changed();
  assert.deepEqual([...ids].map((id) => tiles.byId.get(id)?.shows),
    ["things of 1", "things of 2", undefined, "things of 4", "things of 5"]);
  tiles.want(ids, 0, 5); // what is gone is not asked for again
  assert.equal(asked.length, 1);
});

test("photos whose ids are not known yet are asked for when they are", async () => {
  const { asked, facts: tiles, changed } = facts();
  const ids = Float64Array.of(1, -1, 3, -2);
  tiles.want(ids, 0, 4);
  await changed();
  ids[1] = 2;
  tiles.want(ids, 0, 4);
  await changed();
  assert.deepEqual(asked, [[1, 3], [2]]);
});

test("a blur is asked for only where it is wanted, and how a photo matches stays", async () => {
  const { asked, facts: tiles, changed } = facts({
    tiles: [slots(1, { level: 2, burst: 4, blur: "" }), slots(2, { blur: "" })],
    answer: (ids) => ids.map((id) => slots(id, { level: -1, burst: 0 })) });
  const ids = idsFrom(1, 2);
  tiles.want(ids, 0, 2, false);
  assert.equal(asked.length, 0);
  tiles.byId.get(1).favourite = true; // marked meanwhile
  tiles.want(ids, 0, 2);
  await changed();
  const { level, burst, favourite, blur } = tiles.byId.get(1);
  assert.deepEqual([level, burst, favourite, blur], [2, 4, true, "blur of 1"]);
});

test("after a failure it is said, and asked again, but not at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let there = false;
  const { asked, said, facts: tiles, changed } = facts({ answer: (ids) => {
    if (!there) throw new Error("away");
    return ids.map((id) => slots(id));
  } });
  const ids = idsFrom(1, 2);
  tiles.want(ids, 0, 2);
  await changed();
  assert.deepEqual(said, ["away"]);
  there = true;
  tiles.want(ids, 0, 2);
  assert.equal(asked.length, 1);
  t.mock.timers.tick(5_000);
  tiles.want(ids, 0, 2);
  await changed();
  assert.equal(tiles.byId.get(2).shows, "things of 2");
});
