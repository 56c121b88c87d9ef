// @ts-check
// Questions to the page's server, and the addresses of pictures.

import { t } from "./texts.js";

/** @import { PhotoAddress } from "./types.d.ts" */

export const ROUTE = "/clipsearch/";

// Which library is shown, and the digests of its photos: both are in the addresses of pictures.
const shown = { library: "", digests: /** @type {Map<number, string>} */ (new Map()) };

/** @param {string} token  Of the library whose photos are shown from now on. */
export function showLibrary(token) {
  if (shown.library !== token) shown.digests.clear();
  shown.library = token;
}

export const shownLibrary = () => shown.library;

/**
 * Remember the digests of photos.
 *
 * @param {PhotoAddress[]} pairs
 * @returns {number[]}  Their ids.
 */
export function learn(pairs) {
  return pairs.map(([id, digest]) => { shown.digests.set(id, digest); return id; });
}

/**
 * @param {number} id
 * @param {number} moment  Of a video, in milliseconds; -1: its first frame.
 */
export const thumb = (id, moment = -1) => atMoment(picture("thumb", id), moment);

/**
 * @param {number} id
 * @param {number} moment
 */
export const small = (id, moment = -1) => atMoment(picture("small", id), moment);

/**
 * The address of a video's picture at a moment; as it is, if it names one or none can be asked for.
 *
 * @param {string} address
 * @param {number} moment  In milliseconds; -1: its first frame.
 */
export const atMoment = (address, moment) =>
  moment < 0 || /\?at=|\/preview\//.test(address) ? address : `${address}?at=${moment}`;

/** @param {number} id */
export const preview = (id) => picture("preview", id);

/** @param {number} id */
export const original = (id, download = false) => picture("original", id) + (download ? "?download" : "");

/** @param {number} id  Of a photo: its file, or a zip file of all for which it shows. */
export const everyFile = (id) => `${picture("original", id)}?download=all`;

/**
 * @param {number} id  Of a photo.
 * @param {number} file  Of a file beside it, for which it shows.
 */
export const beside = (id, file, download = false) =>
  `${picture("original", id)}?beside=${file}${download ? "&download" : ""}`;

/** @param {string} name  Of a picture that somebody searches with. */
export const uploaded = (name) => `${ROUTE}uploaded/${shown.library}/${name}`;

/**
 * @param {string} kind
 * @param {number} id
 */
const picture = (kind, id) => `${ROUTE}${kind}/${shown.library}/${id}-${shown.digests.get(id)}`;

/** The server has not answered: it has ended, or the way to it is cut. */
export class NoAnswer extends Error {
  /** @param {unknown} cause  What the browser says of it, in its own words. */
  constructor(cause) { super(t("page.no-answer"), { cause }); }
}

/**
 * @template Answer
 * @param {Promise<Answer>} coming
 * @returns {Promise<Answer>}
 * @throws {NoAnswer}
 */
const came = (coming) => coming.catch((error) => { throw new NoAnswer(error); });

/**
 * @param {string} path
 * @param {Record<string, string | number>} parameters
 * @returns {Promise<any>}
 */
export async function get(path, parameters = {}) {
  return unpack(await ask(path, parameters));
}

/**
 * Data that come with the scripts, and stay as they are for as long as these do. They are asked for
 * when they are first needed; after a failure, whoever needs them next asks again.
 *
 * @template Data, Read
 * @param {string} name  Of the file, beside the scripts.
 * @param {(data: Data) => Read} read
 * @returns {() => Promise<Read>}
 */
export function dataOnce(name, read) {
  /** @type {Promise<Read> | null} */
  let kept = null;
  const load = async () => {
    try {
      return read(await unpack(await came(fetch(new URL(name, import.meta.url)))));
    } catch (error) {
      kept = null;
      throw error;
    }
  };
  return () => { kept ??= load(); return kept; };
}

/**
 * @param {string} path
 * @param {Record<string, string | number>} parameters
 * @returns {Promise<ArrayBuffer>}
 */
export async function getBytes(path, parameters) {
  const answer = await ask(path, parameters);
  if (!answer.ok) await unpack(answer); // which throws what is said
  return came(answer.arrayBuffer());
}

/**
 * @param {string} path
 * @param {Record<string, string | number>} parameters
 */
function ask(path, parameters) {
  const asked = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  return came(fetch(`${ROUTE}${path}?${new URLSearchParams(asked)}`,
    { headers: { "Clipsearch-Library": shown.library } }));
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} value
 * @returns {Promise<any>}
 */
export async function post(path, value) {
  return send(path, JSON.stringify(value), "application/json");
}

/**
 * A picture to search with.
 *
 * @param {File} file
 * @returns {Promise<{ path: string }>}
 */
export async function upload(file) {
  return send("upload", file, "application/octet-stream");
}

/**
 * @param {string} path
 * @param {string | File} body
 * @param {string} kind  Its MIME type.
 */
async function send(path, body, kind) {
  return unpack(await came(fetch(ROUTE + path, { method: "POST", body,
    headers: { "Content-Type": kind, "Clipsearch-Library": shown.library } })));
}

/** @param {Response} answer */
async function unpack(answer) {
  const text = await came(answer.text());
  let value;
  try { value = JSON.parse(text); } catch { value = { error: text }; }
  if (!answer.ok) throw new Error(value.error || t("page.answered", { status: String(answer.status) }));
  return value;
}
