// Single keys. They are off inside inputs, in dialogs, during composition of Chinese input, and when the setting is off.
const bound = new Map();
let awaiting = 0;

const GO_MILLISECONDS = 1500;

/** Bind a key (as `event.key` names it) to an action of the page that is shown. */
export function onKey(key, action) {
  bound.set(key, action);
}

function typing(target) {
  if (!(target instanceof Element)) return false;
  return target.isContentEditable || target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

function ignored(event) {
  const composing = event.isComposing || event.keyCode === 229;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const off = document.documentElement.dataset.keys === "off";
  return off || composing || modified || event.defaultPrevented || typing(event.target)
    || document.querySelector("dialog[open]");
}

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) link.click();
  return Boolean(link);
}

function pressed(event) {
  if (ignored(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const wasGo = awaiting > performance.now();
  awaiting = 0;
  if (wasGo && go(key)) {
    event.preventDefault();
  } else if (key === "g") {
    awaiting = performance.now() + GO_MILLISECONDS;
  } else if (bound.has(key) && bound.get(key)(event) !== false) {
    event.preventDefault();
  }
}

function focusSearch() {
  const field = document.querySelector("main input[type=search]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function undo() {
  // The notice of the newest decision knows more of its page; without one the server finds the decision.
  const newest = document.getElementById("undo-newest");
  const form = document.querySelector("form[data-undo]") ?? newest;
  if (!form) return false;
  if (form === newest) newest.elements.next.value = location.pathname + location.search;
  form.requestSubmit();
  return true;
}

/** Listen, with the keys that every page has. */
export function installKeys() {
  onKey("/", focusSearch);
  onKey("z", undo);
  onKey("?", () => document.getElementById("help").showModal());
  document.addEventListener("keydown", pressed);
  document.addEventListener("keydown", (event) => {
    // Escape leaves a field, so that the single keys act again.
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
  });
}
