import assert from "node:assert/strict";
import { test } from "node:test";

import { zoomed } from "../../app/pages/frontend/lightbox.js";

const WHOLE = { x: 0, y: 0, scale: 1 };

test("what is under the mouse stays there when the picture grows", () => {
  const at = { x: 40, y: -30 };
  const once = zoomed(WHOLE, 2, at);
  assert.deepEqual(once, { x: -40, y: 30, scale: 2 });
  const twice = zoomed(once, 4, at);
  // The same point of the picture is still at the mouse.
  assert.deepEqual([(at.x - twice.x) / 4, (at.y - twice.y) / 4], [40, -30]);
});

test("neither smaller than the stage nor larger than eight times", () => {
  assert.deepEqual(zoomed({ x: 90, y: 9, scale: 2 }, 0.5), WHOLE);
  assert.equal(zoomed({ x: 90, y: 9, scale: 7 }, 20).scale, 8);
});

test("with the keys it grows where it is", () => {
  assert.deepEqual(zoomed({ x: 90, y: 9, scale: 2 }, 3), { x: 90, y: 9, scale: 3 });
});
