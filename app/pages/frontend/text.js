// @ts-check
// Numbers and counts in words.

/** @param {number} value */
export const grouped = (value) => value.toLocaleString("en");

/**
 * @param {number} count
 * @param {string} one  The word for one of them.
 * @returns {string}  "1 photo", "1,200 photos".
 */
export const plural = (count, one) => `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;

/**
 * @param {number} bytes
 * @returns {string}  "480 KB", "2.4 MB".
 */
export function fileSize(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

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
export function missingText(paths, of) {
  const which = of === 1 ? paths[0] : `${paths.length} of ${plural(of, "photo")}`;
  return `Not there now (deleted, moved, or on a drive that is away): ${which}`;
}

/**
 * What is said of photos that were tagged, or (`add` is false) are no longer.
 *
 * @param {{ changed: number, name: string, note?: string }} done
 */
export function taggedText({ changed, name, note }, add = true) {
  return `${plural(changed, "photo")} ${add ? "" : "no longer "}tagged ${name}.${note ? ` ${note}` : ""}`;
}

/**
 * Why only the picture that was kept of a photo can be shown; empty: its file is there.
 *
 * @param {{ missing: boolean, offline: boolean }} facts
 */
export function absence({ missing, offline }) {
  if (missing) return "The file is not there any more; this is the picture that was kept of it.";
  return offline ? "Its drive or folder is not there now; this is the picture that was kept of it." : "";
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
