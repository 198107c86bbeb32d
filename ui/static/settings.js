// The settings: filtered while you type, over name, explanation, choices and key in both languages.
import { $, fold } from "/static/page.js";

const page = $("settings");
const field = page.querySelector("input[type=search]");

function filter() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  let shown = false;
  for (const group of page.querySelectorAll("fieldset")) {
    for (const one of group.querySelectorAll("[data-words]")) {
      one.hidden = !words.every((word) => one.dataset.words.includes(word));
    }
    group.hidden = !group.querySelector("[data-words]:not([hidden])");
    const link = page.querySelector(`.sections a[href="#${group.id}"]`);
    if (link) link.hidden = group.hidden;
    shown ||= !group.hidden;
  }
  $("no-setting").hidden = shown;
  page.querySelector(".saving").hidden = !shown;
  const address = new URL(location.href);
  if (field.value) address.searchParams.set("q", field.value);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}

field.addEventListener("input", filter);
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  page.querySelector("[data-words]:not([hidden]) :is(input:not([type=hidden]), select)")?.focus();
});
page.addEventListener("focusin", ({ target }) => {
  if (target.matches(".cap")) target.select(); // so that the next key takes its place
});

// An address such as #set-theme leads to that one setting.
function land() {
  const target = $(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("input, select")) target.focus();
}
addEventListener("hashchange", land);
land();
