// The inbox: keys, selection, the row that is open. What the page says is drawn by the server.
import { onKey } from "/static/keys.js";
import { lineOf, lines, showRead } from "/static/lines.js";
import { expect, forget, open } from "/static/opening.js";
import { $, focusOn } from "/static/page.js";
import { checked, clearSelection, selectFrom, selectTo, showSelection, toggle, toggleAll } from "/static/selection.js";

const READ_AFTER_MILLISECONDS = 700;

const rows = $("rows");
const detail = $("detail");
const dialog = $("dialog");
let reading = 0;
let forward = true;

const openId = () => detail.querySelector("header")?.dataset.id;
const addressOf = (line) => line.querySelector("a").href;

/** Mark a line as the open one, and no other. */
function showLine(current) {
  for (const line of rows.querySelectorAll(".f.on")) if (line !== current) line.classList.remove("on");
  current?.classList.add("on");
  current?.scrollIntoView({ block: "nearest" });
}

function markOpen() {
  const current = lineOf(openId());
  showLine(current);
  for (const link of rows.querySelectorAll(".f a[aria-current]")) link.removeAttribute("aria-current");
  current?.querySelector("a").setAttribute("aria-current", "true");
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
  forward = step > 0;
  openLine(next);
}

/** Open the finding of a line: the line is marked at once, the answer follows. */
function openLine(next) {
  showLine(next);
  open(addressOf(next), opened);
}

/** Fetch ahead what J and K lead to, that way first in which somebody goes. */
function lookAhead() {
  const all = lines();
  const place = all.findIndex((line) => line.classList.contains("on"));
  const [below, above] = [[all[place + 1], all[place + 2]], [all[place - 1], all[place - 2]]];
  const near = forward ? [below[0], above[0], below[1]] : [above[0], below[0], above[1]];
  expect(near.filter(Boolean).map(addressOf));
}

/** Press a button of the open finding; false when it has none, so that the key does nothing. */
function press(id) {
  const button = $(id);
  if (!button) return false;
  button.click();
  return true;
}

/** Act on all that are selected, else on the open finding. */
const act = (name) => press(checked().length ? `picked-${name}` : `act-${name}`);

// What was written of a note stays with its finding until it is saved, also when another finding was opened meanwhile.
const draftOf = (form) => `note ${new URL(form.action).pathname}`;

function restoreDraft() {
  const field = $("note");
  if (field && !field.value) field.value = sessionStorage.getItem(draftOf(field.form)) ?? "";
}

document.addEventListener("input", (event) => {
  if (event.target.id === "note") sessionStorage.setItem(draftOf(event.target.form), event.target.value);
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
    showRead(lineOf(header.dataset.id));
  }, READ_AFTER_MILLISECONDS);
}

function changed() {
  clearSelection();
  markOpen();
  lookAhead();
}

function opened() {
  markOpen();
  readSoon();
  restoreDraft();
  detail.scrollTop = 0;
  lookAhead();
}

rows.addEventListener("click", (event) => {
  const line = event.target.closest("a.t")?.closest(".f");
  if (!line || event.ctrlKey || event.metaKey || event.button !== 0) return;
  event.preventDefault();
  openLine(line);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === detail) {
    opened();
    showSelection();
  }
  if (event.detail.target === rows) changed();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "dialog-body" && !dialog.open) dialog.showModal();
});

document.addEventListener("watchdesk:decided", () => {
  clearSelection();
  if (dialog.open) dialog.close();
});

document.addEventListener("watchdesk:counts", () => {
  forget();
  lookAhead();
});

onKey("j", (event) => move(1, event.shiftKey));
onKey("k", (event) => move(-1, event.shiftKey));
onKey("x", (event) => (event.shiftKey ? toggleAll() : toggle(lineOf(openId()))));
onKey("c", () => act("confirm"));
onKey("a", () => act("case"));
onKey("s", (event) => (event.shiftKey ? press("act-scope") : act("suppress")));
onKey("n", () => focusOn("note"));
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
lookAhead();
