// @ts-check
// Whether the page's server is there. Streamlit says so on an element of its own; its message,
// which names a command that starts something else, is hidden (around.css).

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */

const PATIENCE = 1_500; // ms; a connection that comes back sooner was not worth a word
const STATE = "data-test-connection-state";
const SCRIPT = "data-test-script-state";

/**
 * Say when the server is gone, until `signal` says that the component has gone.
 *
 * @param {App} app
 * @param {AbortSignal} signal
 */
export function watchConnection(app, signal) {
  const streamlit = document.querySelector(`[${STATE}]`);
  if (!streamlit) return;
  const told = app.gone;
  told.replaceChildren(icon("unplug"), h("div", {},
    h("h2", {}, t("page.stopped")),
    h("p", {}, t("page.restart")),
    h("p", {}, h("code", {}, "clipsearch ui"))));
  let waiting = 0;
  let lost = false;
  let started = true; // the script, since the server is there
  const look = () => {
    clearTimeout(waiting);
    const there = streamlit.getAttribute(STATE) === "CONNECTED";
    app.root.dataset.connected = String(there);
    if (there) {
      told.hidden = true;
      // A server that was started again knows nothing of this visitor before the script has run.
      if (lost) {
        app.edit({ op: "again" });
        app.hold();
        started = false;
      }
      lost = false;
      const runs = streamlit.getAttribute(SCRIPT) !== "notRunning";
      if (started && !runs) app.release();
      started ||= runs;
      return;
    }
    lost = true;
    if (told.hidden) waiting = window.setTimeout(() => {
      app.front().append(told); // an open dialog hides all that is not in it
      told.hidden = false;
    }, PATIENCE);
  };
  // Streamlit's message would shut everything else out, for screen readers too.
  const closing = new MutationObserver(() => {
    const close = lost && document.querySelector('[data-testid="stDialog"] button[aria-label="Close"]');
    if (close instanceof HTMLElement) close.click();
  });
  closing.observe(document.body, { childList: true });
  const observer = new MutationObserver(look);
  observer.observe(streamlit, { attributes: true, attributeFilter: [STATE, SCRIPT] });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    closing.disconnect();
    clearTimeout(waiting);
  });
  look();
}
