// @ts-check
// Numbers and counts in words.

import { numberText } from "./locale.js";
import { t } from "./texts.js";

/** @param {number} value */
export const grouped = (value) => numberText(value);

/** @param {number} part  Of 1. */
export const percent = (part, digits = 0) => numberText(part, { style: "percent",
  minimumFractionDigits: digits, maximumFractionDigits: digits });

/**
 * @param {number} value
 * @param {"kilobyte" | "megabyte" | "gigabyte" | "second" | "minute" | "hour"} unit
 */
export const measured = (value, unit, digits = 0) => numberText(value, { style: "unit", unit,
  minimumFractionDigits: digits, maximumFractionDigits: digits });

/**
 * @param {number} bytes
 * @returns {string}  "480 kB", "2.4 MB", "1.2 GB".
 */
export const fileSize = (bytes) => (bytes < 1e6 ? measured(Math.ceil(bytes / 1e3), "kilobyte")
  : bytes < 1e9 ? measured(bytes / 1e6, "megabyte", 1) : measured(bytes / 1e9, "gigabyte", 1));

/**
 * A length of time, or a moment of a video.
 *
 * @param {number} seconds
 * @returns {string}  "0:42", "1:02:03".
 */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${two}` : `${minutes}:${two}`;
}

/**
 * @param {string[]} paths  Of the photos that can't be read now.
 * @param {number} of  So many were wanted.
 */
export const missingText = (paths, of) => (of === 1 ? t("said.missing-one", { path: paths[0] })
  : t("said.missing", { missing: paths.length, count: of }));

/**
 * What is said of photos that were tagged, or (`add` is false) are no longer.
 *
 * @param {{ changed: number, name: string, note?: string }} done
 */
export function taggedText({ changed, name, note }, add = true) {
  const said = t(add ? "said.tagged" : "said.untagged", { count: changed, name });
  return note ? `${said} ${note}` : said;
}

/**
 * Why only the picture that was kept of a photo can be shown; empty: its file is there.
 *
 * @param {{ missing: boolean, offline: boolean }} facts
 */
export function absence({ missing, offline }) {
  if (missing) return t("photo.gone-kept");
  return offline ? t("photo.away-kept") : "";
}

/**
 * Whether a list of values has one, in whatever case.
 *
 * @param {string[]} values
 * @param {string} value
 */
export function has(values, value) {
  return values.some((one) => one.toLowerCase() === value.toLowerCase());
}

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
