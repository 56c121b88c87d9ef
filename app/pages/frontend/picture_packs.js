// @ts-check
// Small pictures that are wanted in the same moment are brought by one request: one for each takes
// longer than the picture. The last ones are kept for as long as the page is open.

import { ROUTE } from "./server.js";

const WORTH_IT = 4; // pictures; fewer come by their own addresses, which other pages know too
const MOST = 60; // in one request
const KEPT = 1_500; // pictures, of 10 KB or so
const ARGUMENTS = 8_192; // of one call, which browsers limit
const PACKED = new RegExp(`^${ROUTE}small/([0-9a-f]+)/([1-9]\\d{0,15}-[0-9a-f]{8})$`);

/** @typedef {[address: string, come: (source: string) => void]} Wanted */

/**
 * By the address of a picture: where it is now, or will be; the address itself if it comes alone.
 *
 * @type {Map<string, Promise<string>>}
 */
const kept = new Map();

/** @type {Wanted[]} */
let wanted = []; // in this moment

/**
 * Show a picture as soon as it has come.
 *
 * @param {HTMLImageElement} image
 * @param {string} address
 */
export async function bring(image, address) {
  image.dataset.address = address;
  const source = await picture(address);
  if (image.dataset.address === address) image.src = source;
}

/**
 * Where a picture is: those that are asked for in the same moment come together.
 *
 * @param {string} address
 * @returns {Promise<string>}
 */
export function picture(address) {
  if (!PACKED.test(address)) return Promise.resolve(address);
  let source = kept.get(address);
  if (source) kept.delete(address); // it was used last
  else source = new Promise((come) => {
    if (!wanted.length) queueMicrotask(fetchWanted);
    wanted.push([address, come]);
  });
  kept.set(address, source);
  return source;
}

function fetchWanted() {
  const asked = wanted;
  wanted = [];
  forgetOldest();
  for (let start = 0; start < asked.length; start += MOST) fetchPack(asked.slice(start, start + MOST));
}

/** @param {Wanted[]} asked */
async function fetchPack(asked) {
  let at = 0;
  try {
    if (asked.length >= WORTH_IT) {
      const [, library] = PACKED.exec(asked[0][0]) ?? [];
      const names = asked.map(([address]) => PACKED.exec(address)?.[2]);
      const { ok, body } = await fetch(`${ROUTE}pack/${library}?of=${names.join(",")}`);
      if (ok && body) for await (const bytes of partsOf(body)) {
        const [address, come] = asked[at];
        at += 1;
        come(bytes.length ? `data:image/jpeg;base64,${base64(bytes)}` : address);
      }
    }
  } catch { /* those that have not come are asked for by their own addresses */ }
  for (const [address, come] of asked.slice(at)) come(address);
}

/**
 * What app/web/pack_routes.py has packed: each part behind its length.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 */
export async function* partsOf(stream) {
  const reader = stream.getReader();
  let held = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    let at = 0;
    for (;;) {
      if (joined.length < at + 4) break;
      const end = at + 4 + new DataView(joined.buffer).getUint32(at, true);
      if (joined.length < end) break;
      yield joined.slice(at + 4, end);
      at = end;
    }
    held = joined.slice(at);
  }
}

/**
 * To make an address of a blob, the page would wait for the browser's main process, each time.
 *
 * @param {Uint8Array} bytes
 */
function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += ARGUMENTS)
    text += String.fromCharCode(...bytes.subarray(at, at + ARGUMENTS));
  return btoa(text);
}

function forgetOldest() {
  for (const address of kept.keys()) {
    if (kept.size <= KEPT) return;
    kept.delete(address);
  }
}
