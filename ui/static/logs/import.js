// The import dialog, on whichever page it is wanted: what is dropped is imported at once, an undo takes it back.
import { t } from "../i18n.js";
import { available, openFiles, openFolder } from "../shell.js";
import { Refused, el, json, writeHeaders } from "./dom.js";

const $ = (id) => document.getElementById(id);
const MOST_FILES = 5000;
const STYLE = "/static/logs/logs.css";

// On the page /logs/import the dialog stands in the page itself; elsewhere it is fetched when it is first wanted.
async function dialog() {
  if (!$("import")) {
    const answer = await fetch("/logs/import");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.getElementById("import");
    made.removeAttribute("open");
    document.head.append(el("link", { rel: "stylesheet", href: STYLE }));
    document.body.append(made);
  }
  const found = $("import");
  if (!found.dataset.ready) prepare(found);
  return found;
}

function prepare(found) {
  found.dataset.ready = "1";
  $("pickers").hidden = false;
  found.querySelector("[data-close]").hidden = false;
  $("pick-files").addEventListener("click", () => pick(openFiles, $("files")));
  $("pick-folder").addEventListener("click", () => pick(openFolder, $("folder")));
  for (const input of [$("files"), $("folder")]) {
    input.addEventListener("change", () => {
      send([...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }
  $("import-paths").addEventListener("submit", (event) => {
    event.preventDefault();
    start({ path: $("import-path").value });
  });
  $("import-path").addEventListener("input", () => problems({}));
}

async function open() {
  const found = await dialog();
  $("import-form").hidden = false;
  $("import-progress").hidden = true;
  problems({});
  show(found);
}

function show(found) {
  // Opened by the page itself it is no modal yet; taking the attribute away tells nobody that it closed.
  if (found.open && !found.matches(":modal")) found.removeAttribute("open");
  if (!found.open) found.showModal();
}

// --- choosing -----------------------------------------------------------------------------------------------------------

async function pick(ask, input) {
  if (!available()) return input.click();
  const paths = await ask();
  if (paths.length) await start({ path: paths.join("\n") });
}

/** The files of a drop, folders walked through; what the browser may not open is left out. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name }));
  const found = [];
  const walk = async (entry) => {
    if (found.length > MOST_FILES) return;
    if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) found.push({ file, name: entry.fullPath.replace(/^\//, "") });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done([])));
      if (!some.length) return;
      for (const one of some) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return found;
}

// --- sending ------------------------------------------------------------------------------------------------------------

function options() {
  const form = $("import-paths");
  return { format: form.elements.format.value, zone: form.elements.zone.value, host: form.elements.host.value };
}

async function post(url, values) {
  return json(url, { method: "POST", headers: writeHeaders(), body: new URLSearchParams(values) });
}

async function start(values) {
  show(await dialog());
  try {
    follow(await post("/logs/import", { ...options(), ...values }));
  } catch (error) {
    refuse(error);
  }
}

async function send(files) {
  if (!files.length) return;
  show(await dialog());
  problems({});
  const line = el("p", { role: "status" });
  const bar = el("progress", { max: files.reduce((sum, one) => sum + one.file.size, 0) || 1, value: 0, "aria-label": t("Progress of the copy") });
  const stop = new AbortController();
  const cancel = el("button", { type: "button", class: "btn sm" }, t("Cancel"));
  cancel.addEventListener("click", () => stop.abort());
  reveal(el("div", { class: "progress" }, el("h3", {}, t("Copying into Watchdesk")), line, bar, el("div", { class: "acts" }, cancel)));
  try {
    let upload = "";
    for (const { file, name } of files) {
      line.textContent = name;
      const address = `/logs/upload?${new URLSearchParams({ name, ...(upload ? { upload } : {}) })}`;
      const headers = { ...writeHeaders(), "Content-Type": "application/octet-stream" };
      ({ upload } = await json(address, { method: "POST", headers, body: file, signal: stop.signal }));
      bar.value += file.size;
    }
    follow(await post("/logs/import", { ...options(), upload }));
  } catch (error) {
    $("import-form").hidden = false;
    $("import-progress").hidden = true;
    if (error.name !== "AbortError") refuse(error);
  }
}

function problems(told) {
  $("import-path-wrong").textContent = told.path ?? "";
  $("import-other-wrong").textContent = [told.format, told.zone, told.host].filter(Boolean).join(" ");
}

function refuse(error) {
  $("import-form").hidden = false;
  problems(error instanceof Refused && error.problems ? error.problems : { path: error.message });
}

function reveal(node) {
  $("import-form").hidden = true;
  $("import-progress").replaceChildren(node);
  $("import-progress").hidden = false;
}

/** Show the progress of a job: a fragment that htmx keeps current. */
async function follow({ url }) {
  const place = el("div", { "hx-get": url, "hx-trigger": "load", "hx-swap": "outerHTML" });
  reveal(place);
  globalThis.htmx.process(place);
  $("import").dataset.changed = "1";
}

// --- what the page and the window tell ------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-import]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-look]")) return;
  event.preventDefault();
  show(await dialog());
  try {
    follow(await post("/logs/look", {}));
  } catch (error) {
    refuse(error);
  }
});

// The shell tells full paths; the browser alone would have to copy the files.
document.addEventListener("watchdesk:dropped", (event) => start({ path: event.detail.paths.join("\n") }));

let depth = 0;

addEventListener("dragenter", (event) => {
  if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
  depth += 1;
  document.documentElement.classList.add("dropping");
});
addEventListener("dragleave", () => {
  depth = Math.max(0, depth - 1);
  if (!depth) document.documentElement.classList.remove("dropping");
});
addEventListener("drop", async (event) => {
  depth = 0;
  document.documentElement.classList.remove("dropping");
  if (!available() && event.dataTransfer?.types.includes("Files")) send(await dropped(event.dataTransfer));
});

// A page that was drawn before the import shows what came in once the dialog is closed; the dialog's own page is empty.
document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "import") return;
    if (location.pathname === "/logs/import") location.assign("/logs/sources");
    else if (event.target.dataset.changed) location.reload();
  },
  true,
);

if ($("import")?.open) dialog().then(show);
