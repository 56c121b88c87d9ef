// Small helpers. Nothing here or elsewhere writes HTML from data: text is always a text node.

const ROUTE = "/clipsearch/";
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  return fill(node, attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

// Which library is shown, and the digests of its photos: both are in the addresses of pictures.
const shownLibrary = { token: "" };
const digests = new Map();

// Remember the digests of photos, which come as pairs; returns the ids.
function learn(pairs) {
  return pairs.map(([id, digest]) => { digests.set(id, digest); return id; });
}

async function get(path, parameters = {}) {
  const answer = await fetch(`${ROUTE}${path}?${new URLSearchParams(parameters)}`,
    { headers: { "Clipsearch-Library": shownLibrary.token } });
  return unpack(answer);
}

async function post(path, value) {
  const answer = await fetch(ROUTE + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Clipsearch-Library": shownLibrary.token },
    body: JSON.stringify(value),
  });
  return unpack(answer);
}

async function unpack(answer) {
  const text = await answer.text();
  let found = {};
  try { found = JSON.parse(text); } catch { found = { error: text }; }
  if (!answer.ok) throw new Error(found.error || `The page's server answered ${answer.status}.`);
  return found;
}

const picture = (kind, id) => `${ROUTE}${kind}/${shownLibrary.token}/${id}-${digests.get(id)}`;
const thumb = (id) => picture("thumb", id);
const preview = (id) => picture("preview", id);
const original = (id, download = false) => picture("original", id) + (download ? "?download" : "");

function plural(count, one) {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

// A day is a number since 1970; it has no time zone.
const dateOf = (day) => new Date(day * 86400000);
const monthName = (month) => `${MONTHS[month % 12]} ${Math.floor(month / 12)}`;
const dayName = (day) => {
  const d = dateOf(day);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
};

// "9 – 12 July 2019", as short as it can be said.
function dayRange(first, last) {
  const [one, two] = [Math.min(first, last), Math.max(first, last)];
  const [from, to] = [dateOf(one), dateOf(two)];
  if (one === two) return dayName(one);
  if (from.getUTCFullYear() !== to.getUTCFullYear()) return `${dayName(one)} – ${dayName(two)}`;
  if (from.getUTCMonth() !== to.getUTCMonth())
    return `${from.getUTCDate()} ${MONTHS[from.getUTCMonth()]} – ${dayName(two)}`;
  return `${from.getUTCDate()} – ${dayName(two)}`;
}

function monthRange(first, last) {
  const [one, two] = [Math.min(first, last), Math.max(first, last)];
  if (one === two) return monthName(one);
  const sameYear = Math.floor(one / 12) === Math.floor(two / 12);
  return `${sameYear ? MONTHS[one % 12] : monthName(one)} – ${monthName(two)}`;
}

function missingText(paths, of) {
  const which = of === 1 ? paths[0] : `${paths.length} of ${plural(of, "photo")}`;
  return `Not there now (deleted, moved, or on a drive that is away): ${which}`;
}

function remembered(name, fallback) {
  try { return localStorage.getItem(`clipsearch.${name}`) ?? fallback; } catch { return fallback; }
}

function remember(name, value) {
  try { localStorage.setItem(`clipsearch.${name}`, value); } catch { /* a private window */ }
}

// Resolves when the text is on the clipboard; fails, with the text in its message, if it is not.
async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch { /* without HTTPS there is only the old way */ }
  // What lies behind an open dialog can't be selected: the field has to be in it.
  const area = h("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true" });
  const before = place.getRootNode().activeElement;
  let copied = false;
  const take = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    copied = true;
  };
  area.value = text;
  place.append(area);
  area.select();
  document.addEventListener("copy", take, { capture: true, once: true });
  try { document.execCommand("copy"); } catch { /* said below */ }
  document.removeEventListener("copy", take, { capture: true });
  area.remove();
  before?.focus();
  if (!copied) throw new Error(`Your browser does not let this page copy. It would be: ${text}`);
}
