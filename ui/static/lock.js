// The passphrase lock: a page leaves at once when the desk is locked, and says that a person is there while it is not.
import { onCtrl } from "/static/keys.js";
import { $, writeHeaders } from "/static/page.js";

const PAGE = "/lock/";
const BEAT_MILLISECONDS = 20_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"];
let told = 0;

/** Leave for the page that asks for the passphrase; what was shown goes before the other page has come. */
export function leave() {
  document.body.replaceChildren();
  document.title = "Watchdesk";
  location.replace(PAGE);
}

const ask = window.fetch.bind(window);
window.fetch = async (...words) => {
  const answer = await ask(...words);
  if (answer.status === 401 && answer.headers.has("X-Watchdesk-Locked")) leave();
  return answer;
};

function beat() {
  if (performance.now() - told < BEAT_MILLISECONDS) return;
  told = performance.now();
  fetch("/lock/alive", { method: "POST", headers: writeHeaders() });
}

if ($("lock")) {
  told = performance.now();
  for (const sign of SIGNS) document.addEventListener(sign, beat, { passive: true });
  onCtrl("l", () => $("lock").requestSubmit(), true);
}
