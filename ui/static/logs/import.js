// The import dialog, on whichever page it is wanted: what is dropped is imported at once, an undo takes it back.
import { t } from "../i18n.js";
import { available, carriesFiles, pick } from "../shell.js";
import { $, fetchPage, onClick, writeHeaders } from "../page.js";
import { Refused, el, json, named, upload } from "./dom.js";

const MOST_FILES = 5000;

// On the page /logs/import the dialog stands in the page itself; elsewhere it is fetched when it is first wanted.
async function dialog() {
  if (!$("import")) {
    const made = (await fetchPage("/logs/import")).getElementById("import");
    made.removeAttribute("open");
    document.head.append(el("link", { rel: "stylesheet", href: "/static/logs/logs.css" }));
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
  for (const kind of ["files", "folder"]) {
    const input = $(kind);
    $(`pick-${kind}`).addEventListener("click", () => choosing(kind, input));
    input.addEventListener("change", () => {
      send([...input.files].map(named));
      input.value = "";
    });
  }
  $("import-paths").addEventListener("submit", (event) => {
    event.preventDefault();
    start($("import-path").value);
  });
  $("import-path").addEventListener("input", () => problems({}));
}

function choose() {
  $("import-form").hidden = false;
  $("import-progress").hidden = true;
  problems({});
}

async function open() {
  const found = await dialog();
  choose();
  show(found);
}

function show(found) {
  // Opened by the page itself it is no modal yet; taking the attribute away tells nobody that it closed.
  if (found.open && !found.matches(":modal")) found.removeAttribute("open");
  if (!found.open) found.showModal();
}

async function choosing(kind, input) {
  if (!available()) return input.click();
  const paths = await pick(kind);
  if (paths.length) await start(paths.join("\n"));
}

/** The files of a drop, folders walked through; what the browser may not open is left out. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map(named);
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

function options() {
  const { format, zone, host } = $("import-paths").elements;
  return { format: format.value, zone: zone.value, host: host.value };
}

async function post(url, values) {
  return json(url, { method: "POST", headers: writeHeaders(), body: new URLSearchParams(values) });
}

async function begin(url, values) {
  show(await dialog());
  try {
    follow(await post(url, values()));
  } catch (error) {
    refuse(error);
  }
}

const start = (path) => begin("/logs/import", () => ({ ...options(), path }));

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
    const told = (name, size) => {
      line.textContent = name;
      bar.value += size;
    };
    const copied = await upload(files, { told, signal: stop.signal });
    follow(await post("/logs/import", { ...options(), upload: copied }));
  } catch (error) {
    choose();
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

onClick("[data-import]", open);

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-look]")) return;
  event.preventDefault();
  begin("/logs/look", () => ({}));
});

// The shell tells full paths; the browser alone would have to copy the files.
document.addEventListener("watchdesk:dropped", (event) => start(event.detail.paths.join("\n")));

let depth = 0;

addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
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
  if (!available() && carriesFiles(event)) send(await dropped(event.dataTransfer));
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
