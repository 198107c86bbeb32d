// The command palette: a combobox over the answers that the server draws. Focus stays in the field; the answer that
// Enter takes is named by aria-activedescendant, and taking it is a click on the link or button that it is.
// Pages and actions came when it was opened and answer from here; all else comes from the server a moment later.
import { t } from "/static/i18n.js";
import { composing, onCtrl } from "/static/keys.js";
import { $, fetchPage, fold, onClick } from "/static/page.js";

const WAIT_MILLISECONDS = 60;
const LATER_MILLISECONDS = 180;

const dialog = $("palette");
const field = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const said = dialog.querySelector("[role=status]");
const thisWindow = crypto.randomUUID();
let run = 0;
let waiting = 0;
let later = 0;
let asking = new AbortController();
let known = [];
let chosen = "";

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => $(field.getAttribute("aria-activedescendant") ?? "");

function mark(option) {
  for (const one of list.querySelectorAll("[aria-selected=true]")) one.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

const fetchParts = async (address, signal) => [...(await fetchPage(address, { signal })).body.children];

function announce() {
  const count = options().length;
  list.hidden = count === 0;
  said.textContent = count ? t("%(count)s answers", { count }) : t("Nothing is called that.");
  said.classList.toggle("sr", count > 0);
}

const target = (option) => [option.href, option.formAction, option.value].join();

function choose(option) {
  mark(option);
  chosen = target(option);
}

/** Answer at once from the names of what came when the palette was opened; they begin with a space each. */
function askHere() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MILLISECONDS);
  asking.abort();
  chosen = "";
  mark(null);
  const words = (fold(field.value).match(/\S+/g) ?? []).map((word) => (/^\w/.test(word) ? ` ${word}` : word));
  const found = known.filter(({ dataset }) => words[0] && words.every((word) => dataset.names.includes(word)));
  if (!found.length) return;
  const begins = (option) => option.dataset.names.startsWith(words[0]);
  list.innerHTML = '<div class="answers"></div>';
  list.firstChild.append(...found.sort((one, other) => begins(other) - begins(one)));
  list.dataset.question = field.value.trim();
  mark(found[0]);
  announce();
}

async function ask() {
  clearTimeout(waiting);
  asking.abort();
  asking = new AbortController();
  clearTimeout(later);
  run += 1;
  const { signal } = asking;
  const q = field.value.trim();
  try {
    const parts = await fetchParts(`/palette/answers?${new URLSearchParams({ q })}`, signal);
    if (signal.aborted) return;
    list.replaceChildren(...parts);
    list.dataset.question = q;
    if (!q) known = options();
    mark(options().find((one) => target(one) === chosen) ?? options()[0]);
    announce();
    if (q) later = setTimeout(() => askLater(q, signal), LATER_MILLISECONDS);
  } catch (error) {
    if (error.name !== "AbortError") said.textContent = t("Watchdesk does not answer. It may have ended.");
  }
}

/** What takes longer comes below what is there, and never moves what is marked. */
async function askLater(q, signal) {
  for (const address of dialog.dataset.later.split(" ").filter(Boolean)) {
    try {
      const parts = await fetchParts(`${address}?${new URLSearchParams({ q, window: thisWindow, run })}`, signal);
      if (signal.aborted) return;
      list.append(...parts);
    } catch {
      return; // the next question ended it, or there is nothing to add
    }
    if (!active()) mark(options()[0]);
    announce();
  }
}

function step(by) {
  const all = options();
  const place = all.indexOf(active());
  choose(all.at((place + by + all.length) % all.length));
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };

function pressed(event) {
  if (composing(event)) return;
  if (event.key in MOVES && options().length) {
    event.preventDefault();
    step(MOVES[event.key]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    active()?.click();
  } else if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    ask();
  }
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  $("palette-run").elements.next.value = location.pathname + location.search;
  field.value = chosen = "";
  dialog.showModal();
  ask();
}

field.addEventListener("input", (event) => {
  if (!event.isComposing) askHere();
});
field.addEventListener("compositionend", askHere);
field.addEventListener("keydown", pressed);
list.addEventListener("mousemove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== active()) choose(option);
});
list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", (event) => {
  if (event.target.closest("[role=option]")) dialog.close();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

onClick("[data-palette]", open);onCtrl("k", () => (dialog.open ? dialog.close() : open()));
