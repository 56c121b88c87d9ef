import assert from "node:assert/strict";
import { test } from "node:test";

import { PhotoAim } from "../../app/pages/frontend/photo_aim.js";

/** Results of which those from `known` on become known when `answer` is called. */
function results(known, total = 100) {
  const grid = { gone: false, known, idAt: (place) => (place < grid.known ? place + 1 : -1),
    need: () => waiting };
  let answer;
  const waiting = new Promise((resolve) => { answer = resolve; });
  return { grid, answer: (there = true) => { if (there) grid.known = total; answer(there); } };
}

test("a photo that is known is there, and of others it is waited for", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  assert.equal(await aim.reach(grid, 2), "there");
  const far = aim.reach(grid, 50);
  assert.equal(aim.place, 50); // one step more is from here
  answer();
  assert.deepEqual([await far, aim.place], ["there", -1]);
});

test("the photo that was asked for last is opened, whichever is known first", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  const far = aim.reach(grid, 50);
  assert.equal(await aim.reach(grid, 1), "there");
  answer();
  assert.equal(await far, "late");
});

test("nothing opens any more once it was closed", async () => {
  const { grid, answer } = results(3);
  const aim = new PhotoAim();
  const far = aim.reach(grid, 50);
  aim.drop();
  answer();
  assert.deepEqual([await far, aim.place], ["late", -1]);
});

test("what can't be loaded, or is of results that have gone, is not there", async () => {
  for (const gone of [false, true]) {
    const { grid, answer } = results(3);
    const aim = new PhotoAim();
    const far = aim.reach(grid, 50);
    grid.gone = gone;
    answer(gone);
    assert.deepEqual([await far, aim.place], ["none", -1]);
  }
});
