// The window around the page: native dialogs, files dropped on it, links that lead outside.
// In a plain browser the same functions are there and say that they cannot (available() is false).

const WEB = new Set(["http:", "https:"]);

async function ask(what, body = {}) {
  const mark = document.querySelector('meta[name="csrf-token"]');
  return fetch(`/shell/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": mark ? mark.content : "" },
    body: JSON.stringify(body),
  });
}

async function paths(what) {
  const answer = await ask(what);
  return answer.ok ? (await answer.json()).paths : [];
}

/** Say whether this page stands in Watchdesk's own window, with native dialogs and full paths of dropped files. */
export function available() {
  return document.cookie.split("; ").includes("watchdesk-window=1");
}

/** Ask for files with the system's dialog; the full paths, none when the person cancelled or in a browser. */
export async function openFiles() {
  return available() ? paths("files") : [];
}

/** Ask for a folder with the system's dialog; a list of its one path, empty when the person cancelled. */
export async function openFolder() {
  return available() ? paths("folder") : [];
}

/** Open a web address in the person's own browser, only as the answer to a click or a key. */
export async function openExternal(address) {
  const url = new URL(address, location.href);
  if (!WEB.has(url.protocol) || !navigator.userActivation?.isActive) return false;
  if (!available()) return window.open(url.href, "_blank", "noopener") !== undefined;
  return (await ask("external", { url: url.href })).ok;
}

/** End Watchdesk; for the browser, where closing the page ends nothing. */
export async function quit() {
  return (await ask("quit")).ok;
}

export const shell = { available, openFiles, openFolder, openExternal, quit };
export default shell;

// The same under pywebview's names. Its own way to expose functions needs eval, which our policy forbids.
function nameAsPywebview() {
  if (window.pywebview) Object.assign(window.pywebview.api, { open_files: openFiles, open_folder: openFolder });
}
nameAsPywebview();
window.addEventListener("pywebviewready", nameAsPywebview);

// --- links that lead outside -----------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || !event.isTrusted || link.origin === location.origin || !WEB.has(link.protocol)) return;
  event.preventDefault();
  openExternal(link.href);
});

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-quit]")) return;
  if (await quit()) document.body.replaceChildren(document.getElementById("ended").content.cloneNode(true));
});

// --- drops -----------------------------------------------------------------------------------------------------------

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

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

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});

document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // else a browser would leave the page and show the file
  if (available()) handToWindow(event.dataTransfer.files);
});

// --- paths that a start of the program brought -------------------------------------------------------------------------

async function fetchArrivals() {
  const arrived = await paths("arrivals");
  if (!arrived.length) return;
  document.dispatchEvent(new CustomEvent("watchdesk:dropped", { bubbles: true, detail: { paths: arrived } }));
}

// A click on a message of the desktop; only a path of this desk is followed.
document.addEventListener("watchdesk:open", (event) => {
  const path = String(event.detail?.path ?? "");
  if (/^\/(?![/\\])/.test(path)) location.assign(path);
});

window.addEventListener("watchdesk:arrived", fetchArrivals);
// After load, so that whoever listens on this page has been set up.
if (document.readyState === "complete") fetchArrivals();
else window.addEventListener("load", fetchArrivals);
