// The inbox: keys, selection, the row that is open. What the page says is drawn by the server.
import { onKey } from "/static/keys.js";
import { lineOf, lines, showRead } from "/static/lines.js";
import { expect, forget, open } from "/static/opening.js";
import { $, focusOn, focusPage, on, press } from "/static/page.js";
import { checked, clearSelection, selectFrom, selectTo, showSelection, toggle, toggleAll } from "/static/selection.js";

const READ_AFTER_MILLISECONDS = 700;

const rows = $("rows");
const detail = $("detail");
const dialog = $("dialog");
let reading = 0;
let forward = true;

const openId = () => detail.querySelector("header")?.dataset.id;
const addressOf = (line) => line.querySelector("a").href;

function showLine(current) {
  for (const line of rows.querySelectorAll(".f.on")) line.classList.remove("on");
  current?.classList.add("on");
  current?.scrollIntoView({ block: "nearest" });
}

function markOpen() {
  const current = lineOf(openId());
  showLine(current);
  for (const link of rows.querySelectorAll(".f a[aria-current]")) link.removeAttribute("aria-current");
  current?.querySelector("a").setAttribute("aria-current", "true");
}

const placeOf = (all) => all.findIndex((line) => line.classList.contains("on"));

/** Open the next line or the one before; `selecting` selects every line on the way. */
function move(step, selecting) {
  const all = lines();
  const place = placeOf(all);
  const next = all[place < 0 ? 0 : place + step];
  if (!next) return;
  if (selecting) {
    selectFrom(all[place]);
    selectTo(next);
  }
  forward = step > 0;
  openLine(next);
}

/** Open the finding of a line: the line is marked at once, the answer and `act` follow. */
function openLine(next, act) {
  showLine(next);
  open(addressOf(next), () => {
    opened();
    act?.();
  });
}

const atLine = () => document.activeElement.closest("#rows .f") ?? lineOf(openId());

/** Act on the line that has the focus; it is opened first. */
function onLine(act) {
  const line = atLine();
  if (!line || line === lineOf(openId())) return act();
  return openLine(line, act);
}

/** Fetch ahead what J and K lead to, that way first in which somebody goes. */
function lookAhead() {
  const all = lines();
  const place = placeOf(all);
  const step = forward ? 1 : -1;
  expect([step, -step, 2 * step].map((far) => all[place + far]).filter(Boolean).map(addressOf));
}

const act = (name) => (checked().length ? press($(`picked-${name}`)) : onLine(() => press($(`act-${name}`))));

// What was written of a note stays with its finding until it is saved, also when another finding was opened meanwhile.
const draftOf = (form) => `note ${new URL(form.action).pathname}`;

function restoreDraft() {
  const field = $("note");
  if (field && !field.value) field.value = sessionStorage.getItem(draftOf(field.form)) ?? "";
}

on("input", ({ target }) => {
  if (target.id === "note") sessionStorage.setItem(draftOf(target.form), target.value);
});

on("htmx:beforeSwap", (event) => {
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

function opened() {
  markOpen();
  // The focus goes along, unless somebody reads or writes.
  if (document.activeElement.matches("body, #rows *")) focusPage();
  readSoon();
  restoreDraft();
  detail.scrollTop = 0;
  lookAhead();
}

rows.addEventListener("click", (event) => {
  const line = event.target.closest("a.t")?.closest(".f");
  if (!line || event.ctrlKey || event.metaKey || event.button !== 0) return;
  event.preventDefault();
  // Enter on the line that is open goes on to read it.
  if (!event.detail && line === lineOf(openId())) detail.focus();
  else openLine(line);
});

// Once an answer, where afterSettle comes for each part of it.
on("htmx:afterOnLoad", ({ detail: { target } }) => {
  if (target === detail) {
    opened();
    showSelection();
  }
  if (target !== rows) return;
  clearSelection();
  markOpen();
  lookAhead();
});

on("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id === "dialog-body" && !dialog.open) dialog.showModal();
});

on("watchdesk:decided", () => {
  clearSelection();
  dialog.close();
});

on("watchdesk:counts", () => {
  forget();
  lookAhead();
});

onKey("j", (event) => move(1, event.shiftKey));
onKey("k", (event) => move(-1, event.shiftKey));
onKey("x", (event) => (event.shiftKey ? toggleAll() : toggle(atLine())));
onKey("c", () => act("confirm"));
onKey("a", () => act("case"));
onKey("s", (event) => (event.shiftKey ? onLine(() => press($("act-scope"))) : act("suppress")));
onKey("n", () => onLine(() => focusOn("note")));
onKey("Enter", ({ target }) => ([document.body, detail].includes(target) ? detail.focus() : false));
onKey("Escape", () => (checked().length ? clearSelection() : false));

markOpen();
showSelection();
readSoon();
restoreDraft();
lookAhead();
