// The inbox: keys, selection, the row that is open. What the page says is drawn by the server.
import { onKey } from "/static/keys.js";
import { checked, clearSelection, lines, selectFrom, selectTo, showSelection, toggle, toggleAll } from "/static/selection.js";

const READ_AFTER_MILLISECONDS = 700;

const rows = document.getElementById("rows");
const detail = document.getElementById("detail");
const dialog = document.getElementById("dialog");
let reading = 0;

const openId = () => detail.querySelector("header")?.dataset.id;
const lineOf = (id) => rows.querySelector(`.f[data-id="${CSS.escape(id ?? "")}"]`);

function markOpen() {
  const current = lineOf(openId());
  for (const line of lines()) {
    line.classList.toggle("on", line === current);
    line.querySelector("a").toggleAttribute("aria-current", false);
  }
  current?.querySelector("a").setAttribute("aria-current", "true");
  current?.scrollIntoView({ block: "nearest" });
}

/** Open the next line or the one before; `selecting` selects every line on the way. */
function move(step, selecting) {
  const all = lines();
  const place = all.findIndex((line) => line.classList.contains("on"));
  const next = all[place < 0 ? 0 : place + step];
  if (!next) return;
  if (selecting) {
    selectFrom(all[place]);
    selectTo(next);
  }
  // Shown at once; the answer follows.
  for (const line of all) line.classList.toggle("on", line === next);
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a").click();
}

/** Press a button of the open finding; false when it has none, so that the key does nothing. */
function press(id) {
  const button = document.getElementById(id);
  if (!button) return false;
  button.click();
  return true;
}

/** Act on all that are selected, else on the open finding. */
const act = (name) => press(checked().length ? `picked-${name}` : `act-${name}`);

function writeNote() {
  const field = document.getElementById("note");
  if (!field) return false;
  field.scrollIntoView({ block: "center" });
  field.focus();
  return true;
}

// What was written of a note stays with its finding until it is saved, also when another finding was opened meanwhile.
const draftOf = (form) => `note ${new URL(form.action).pathname}`;

function restoreDraft() {
  const field = document.getElementById("note");
  if (field && !field.value) field.value = sessionStorage.getItem(draftOf(field.form)) ?? "";
}

document.addEventListener("input", (event) => {
  if (event.target.id === "note") sessionStorage.setItem(draftOf(event.target.form), event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "note" || event.key !== "Enter" || event.isComposing) return;
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (form.matches(".noteform") && event.detail.xhr.status < 400) sessionStorage.removeItem(draftOf(form));
});

// A finding counts as read when it was open for a moment, not when J passed over it.
function readSoon() {
  clearTimeout(reading);
  const header = detail.querySelector("header[data-unread]");
  if (!header) return;
  reading = setTimeout(() => {
    window.htmx.ajax("POST", header.dataset.unread, { swap: "none", source: header });
    lineOf(header.dataset.id)?.classList.add("read");
  }, READ_AFTER_MILLISECONDS);
}

function opened() {
  markOpen();
  showSelection();
  readSoon();
  restoreDraft();
  detail.scrollTop = 0;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === detail) opened();
  if (event.detail.target === rows) showSelection();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "dialog-body" && !dialog.open) dialog.showModal();
});

document.addEventListener("watchdesk:decided", () => {
  if (dialog.open) dialog.close();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("#act-note")) {
    event.preventDefault();
    writeNote();
  }
});

onKey("j", (event) => move(1, event.shiftKey));
onKey("k", (event) => move(-1, event.shiftKey));
onKey("x", (event) => (event.shiftKey ? toggleAll() : toggle(lineOf(openId()))));
onKey("c", () => act("confirm"));
onKey("a", () => act("case"));
onKey("s", (event) => (event.shiftKey ? press("act-scope") : act("suppress")));
onKey("n", writeNote);
onKey("Enter", (event) => {
  if (event.target !== document.body && event.target !== detail) return false;
  detail.focus();
  return true;
});
onKey("Escape", () => (checked().length ? clearSelection() : false));

markOpen();
showSelection();
readSoon();
restoreDraft();
