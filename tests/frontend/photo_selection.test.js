import assert from "node:assert/strict";
import { test } from "node:test";

import { PhotoSelection } from "../../app/pages/frontend/photo_selection.js";
import { ShapeParts } from "../../app/pages/frontend/shape_parts.js";

/**
 * So many photos, with ids from 1 on, and what is chosen of them. Nothing is drawn. `answer` lets
 * the server answer what it was asked since the first time; it has `kept` photos by then.
 */
async function chosenOf(total, kept = total) {
  let answer;
  let waiting = null;
  const load = async (path, { start, count }) => {
    await waiting;
    const there = waiting ? kept : total;
    const length = Math.max(0, Math.min(count, there - start));
    if (path === "layout") return new Uint8Array([
      ...new Uint8Array(new Uint32Array([total, length, 0]).buffer), ...new Uint8Array(length)]).buffer;
    const bytes = new ArrayBuffer(8 + 20 * length);
    new Uint32Array(bytes, 0, 2).set([there, length]);
    new Float64Array(bytes, 8, length).set(Array.from({ length }, (_, at) => start + at + 1));
    return bytes;
  };
  const parts = new ShapeParts({ q: "", sort: "best", all: "false" }, load);
  await parts.begin(() => true);
  waiting = new Promise((resolve) => { answer = resolve; });
  const grid = { need: (start, end) => parts.need(start, end), shapes: parts.shapes,
    idAt: (place) => parts.shapes.ids[place] ?? -2 };
  const selection = Object.assign(Object.create(PhotoSelection.prototype),
    { app: { grid }, ids: new Set(), anchor: 0, asked: 0, cleared: 0, coming: 0, show: () => undefined });
  return { selection, answer };
}

test("a stretch begun at one photo ends at the last one, though none was known", async () => {
  const { selection, answer } = await chosenOf(10_000);
  const first = selection.extend(5_010, 5_000);
  const second = selection.extend(5_020, 5_010);
  answer();
  await Promise.all([first, second]);
  await selection.known(5_000, 5_020);
  assert.deepEqual([selection.ids.size, selection.ids.has(5_001), selection.ids.has(5_021)],
    [21, true, true]);
});

test("what was let go of before it was known is not chosen", async () => {
  for (const choose of [(selection) => selection.all(), (selection) => selection.toggleAll(5_000, 5_010),
    (selection) => selection.between(5_000, 5_010, new Set()), (selection) => selection.toggle(5_000)]) {
    const { selection, answer } = await chosenOf(10_000);
    const choosing = choose(selection);
    assert.equal(selection.coming, 1);
    selection.clear();
    answer();
    await choosing;
    assert.deepEqual([selection.ids.size, selection.coming], [0, 0]);
  }
});

test("all are chosen that are still there", async () => {
  const { selection, answer } = await chosenOf(10_000, 9_998);
  const choosing = selection.all();
  answer();
  await choosing;
  assert.deepEqual([selection.ids.size, Math.min(...selection.ids)], [9_998, 1]);
  await selection.toggleAll(9_990, 10_000);
  assert.equal(selection.ids.size, 9_990);
});

test("one that is not known yet is chosen once it is", async () => {
  const { selection, answer } = await chosenOf(10_000);
  const choosing = selection.toggle(5_000);
  answer();
  await choosing;
  assert.deepEqual([...selection.ids], [5_001]);
});
