// Single keys. They are off inside inputs, in dialogs, during composition of Chinese input, and when the setting is off.
import { $, focusPage, press } from "/static/page.js";

const bound = new Map();
let awaiting = 0;

const GO_MILLISECONDS = 1500;

// What a person changed in the settings: a key as it was made -> the key that acts now, "" when it is switched off.
const changed = JSON.parse(document.documentElement.dataset.keymap || "{}");
const meant = new Map(Object.entries(changed).filter(([, now]) => now).map(([made, now]) => [now, made]));

/** Bind a key (by what it was made as) to an action of the page that is shown. `like`: a second key for the same as another one. */
export function onKey(key, action, like) {
  if (!(like in changed)) bound.set(key, action);
}

/** The key that a pressed one stands for; nothing when its own meaning was moved elsewhere or switched off. */
const meaning = (key) => meant.get(key) ?? (key in changed ? "" : key);

const typing = (target) =>
  target.isContentEditable || target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select");

/** Whether a key belongs to an input method. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

/** Act on Ctrl (or Cmd) and a letter, also inside fields. */
export function onCtrl(letter, action, shift = false) {
  document.addEventListener("keydown", (event) => {
    const held = (event.ctrlKey || event.metaKey) && !event.altKey && event.shiftKey === shift;
    if (!held || event.key.toLowerCase() !== letter || composing(event)) return;
    event.preventDefault();
    action();
  });
}

function ignored(event) {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const off = document.documentElement.dataset.keys === "off";
  return off || composing(event) || modified || event.defaultPrevented || typing(event.target)
    || document.querySelector("dialog[open]");
}

const go = (letter) => press(document.querySelector(`[data-go="${CSS.escape(letter)}"]`));

function pressed(event) {
  // Escape leaves a field, so that the single keys act again.
  if (event.key === "Escape" && typing(event.target)) focusPage();
  if (ignored(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const wasGo = awaiting > performance.now();
  awaiting = 0;
  if (wasGo && go(key)) {
    event.preventDefault();
  } else if (meaning(key) === "g") {
    awaiting = performance.now() + GO_MILLISECONDS;
  } else if (bound.has(meaning(key)) && bound.get(meaning(key))(event) !== false) {
    event.preventDefault();
  }
}

function focusSearch() {
  const field = document.querySelector("main input[type=search]");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function undo() {
  // The notice of the newest decision knows more of its page; without one the server finds the decision.
  // A page that shows what was decided takes it back in place; others are drawn anew.
  const newest = $("undo-newest");
  const form = document.querySelector("form[data-undo]") ?? document.querySelector("form[data-undo-here]") ?? newest;
  if (form === newest) newest.elements.next.value = location.pathname + location.search;
  form.requestSubmit();
}

export function installKeys() {
  onKey("/", focusSearch);
  onKey("z", undo);
  onKey("?", () => $("help").showModal());
  document.addEventListener("keydown", pressed);
}
