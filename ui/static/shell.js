// The window around the page: native dialogs, files dropped on it, links that lead outside.
// In a plain browser the same functions are there and say that they cannot (available() is false).
import { $, on, onClick, writeHeaders } from "/static/page.js";

const WEB = new Set(["http:", "https:"]);

async function ask(what, body = {}) {
  const headers = { ...writeHeaders(), "Content-Type": "application/json" };
  return fetch(`/shell/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function paths(what) {
  const answer = await ask(what);
  return answer.ok ? (await answer.json()).paths : [];
}

/** Say whether this page stands in Watchdesk's own window, with native dialogs and full paths of dropped files. */
export const available = () => document.cookie.split("; ").includes("watchdesk-window=1");

/** Ask for "files" or a "folder" with the system's dialog; full paths, none when cancelled or in a browser. */
export const pick = async (kind) => (available() ? paths(kind) : []);

/** Open a web address in the person's own browser, only as the answer to a click or a key. */
export async function openExternal(address) {
  const url = new URL(address, location.href);
  if (!WEB.has(url.protocol) || !navigator.userActivation?.isActive) return false;
  if (!available()) return window.open(url.href, "_blank", "noopener") !== undefined;
  return (await ask("external", { url: url.href })).ok;
}

on("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || !event.isTrusted || link.origin === location.origin || !WEB.has(link.protocol)) return;
  event.preventDefault();
  openExternal(link.href);
});

// Ending Watchdesk is for the browser, where closing the page ends nothing.
onClick("[data-quit]", async () => {
  const { ok } = await ask("quit");
  if (ok) document.body.replaceChildren($("ended").content.cloneNode(true));
});

export const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/** Let the window bring the full paths: it knows what was dropped, we only say which names we saw. */
function handToWindow(files) {
  const bridge = window.pywebview;
  if (!bridge) return;
  // WebView2 alone brings the paths along with the files themselves.
  if (bridge.platform === "edgechromium") chrome.webview.postMessageWithAdditionalObjects("FilesDropped", files);
  const names = Array.from(files, ({ name }) => ({ name }));
  const event = { type: "drop", dataTransfer: { files: names } };
  bridge._jsApiCallback("pywebviewEventHandler", { event, nodeId: "document" }, "drop");
}

on("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});

on("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // else a browser would leave the page and show the file
  if (available()) handToWindow(event.dataTransfer.files);
});

// Paths that a start of the program brought.
async function fetchArrivals() {
  const arrived = await paths("arrivals");
  if (!arrived.length) return;
  document.dispatchEvent(new CustomEvent("watchdesk:dropped", { bubbles: true, detail: { paths: arrived } }));
}

// A click on a message of the desktop; only a path of this desk is followed.
on("watchdesk:open", (event) => {
  const path = String(event.detail?.path ?? "");
  if (/^\/(?![/\\])/.test(path)) location.assign(path);
});

window.addEventListener("watchdesk:arrived", fetchArrivals);
// After load, so that whoever listens on this page has been set up.
if (document.readyState === "complete") fetchArrivals();
else window.addEventListener("load", fetchArrivals);
