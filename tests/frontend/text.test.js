import assert from "node:assert/strict";
import { test } from "node:test";

import { isDark } from "../../app/pages/frontend/browser.js";
import { clock, fileSize, has, messageOf, missingText, plural } from "../../app/pages/frontend/text.js";

test("one is one, and none are several", () => {
  assert.equal(plural(1, "photo"), "1 photo");
  assert.equal(plural(0, "photo"), "0 photos");
  assert.equal(plural(12345, "photo"), "12,345 photos");
});

test("lengths of time", () => {
  assert.deepEqual([0, 42.9, 62, 3723].map(clock), ["0:00", "0:42", "1:02", "1:02:03"]);
});

test("sizes of files", () => {
  assert.equal(fileSize(1), "1 KB");
  assert.equal(fileSize(999_999), "1000 KB");
  assert.equal(fileSize(2_449_000), "2.4 MB");
});

test("what is missing: the path of one, the number of several", () => {
  assert.match(missingText(["/a/b.jpg"], 1), /away\): \/a\/b\.jpg$/);
  assert.match(missingText(["/a/b.jpg"], 3), /: 1 of 3 photos$/);
});

test("values are the same in every case", () => {
  assert.ok(has(["Paris", "Oslo"], "oslo"));
  assert.ok(!has(["Paris"], "Par"));
  assert.ok(!has([], "Oslo"));
});

test("the message of whatever is thrown", () => {
  assert.equal(messageOf(new Error("no space")), "no space");
  assert.equal(messageOf("no space"), "no space");
});

test("a theme is light or dark", () => {
  assert.equal(isDark("rgb(255, 255, 255)"), false);
  assert.equal(isDark("rgb(17, 19, 21)"), true);
  assert.equal(isDark("rgba(20, 60, 160, 1)"), true);
  assert.equal(isDark("rgb(104, 211, 194)"), false);
});
