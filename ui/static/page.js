// What the scripts of several pages share.

export const $ = (id) => document.getElementById(id);

/** Words as they are compared: one width, one case. */
export const fold = (words) => words.normalize("NFKC").toLowerCase();

/** The headers that every write needs. */
export function writeHeaders() {
  return { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "" };
}

/** Fetch a page and read it; throws the status of an answer that is no success. */
export async function fetchPage(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Hear of something wherever it happens. */
export const on = (name, action) => document.addEventListener(name, action);

/** Act on plain clicks on what a selector names, now or later: `action(element, event)`. With Ctrl or Shift a link stays one. */
export function onClick(selector, action) {
  on("click", (event) => {
    const found = event.target.closest?.(selector);
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    action(found, event);
  });
}

/** Go to what a page is about. */
export function focusPage() {
  (document.querySelector("#rows .f.on a.t, #events:not([hidden])") ?? $("main"))?.focus({ preventScroll: true });
}

/** Click on something; false when it is not there, so that its key does nothing. */
export function press(found) {
  found?.click();
  return Boolean(found);
}

/** Go to a field, into the midst of the page; false when there is none. */
export function focusOn(id) {
  const field = $(id);
  field?.scrollIntoView({ block: "center" });
  field?.focus();
  return Boolean(field);
}
