import assert from "node:assert/strict";
import { test } from "node:test";

import { isDark } from "../../app/pages/frontend/browser.js";
import { useLocale } from "../../app/pages/frontend/locale.js";
import { clock, fileSize, grouped, has, messageOf, missingText, percent, taggedText }
  from "../../app/pages/frontend/text.js";
import "./english.js";

test("numbers are written as the locale does", () => {
  assert.equal(grouped(12345), "12,345");
  assert.equal(percent(0.123, 1), "12.3%");
  useLocale(["de"]);
  assert.equal(grouped(12345), "12.345");
  assert.equal(percent(0.5), "50\u00a0%");
  assert.equal(fileSize(2_449_000), "2,4 MB");
  useLocale(["en-GB"]);
});

test("what is said of tagged photos, and of their sidecars", () => {
  assert.equal(taggedText({ changed: 1, name: "sea" }), "1 photo tagged sea.");
  assert.equal(taggedText({ changed: 0, name: "sea", note: "None." }, false),
    "0 photos no longer tagged sea. None.");
});

test("lengths of time", () => {
  assert.deepEqual([0, 42.9, 62, 3723].map(clock), ["0:00", "0:42", "1:02", "1:02:03"]);
});

test("sizes of files", () => {
  assert.equal(fileSize(1), "1 kB");
  assert.equal(fileSize(999_999), "1,000 kB");
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
