// What every page needs: the token of writes, notices that can be dismissed, dialogs and menus, the event stream.
import { installKeys } from "/static/keys.js";
import { $, focusOn, focusPage, on, onClick, writeHeaders } from "/static/page.js";
import { installStream } from "/static/stream.js";
import { installViews } from "/static/views.js";

on("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = writeHeaders()["X-CSRFToken"];
});

// An error that names its own place (HX-Retarget) is shown there; htmx alone would drop it.
on("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

on("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
onClick("[data-dismiss]", (button) => button.closest(".undo").remove());
onClick("[data-help]", () => $("help").showModal());
onClick("dialog [data-close]", (button) => button.closest("dialog").close());
onClick("[data-print]", () => window.print());
onClick("#act-note", () => focusOn("note"));

on("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    event.preventDefault(); // only the menu is left, not what the page does on Escape
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.target.id === "note" && event.key === "Enter" && !event.isComposing && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// The focus of what is gone goes to what came in its place, or else to what the page is about.
const named = (one) => one.id || one.href || one.form?.action + one.textContent;
let held;
on("focusin", ({ target }) => { held = target; });
for (const name of ["keyup", "htmx:afterSettle"]) {
  on(name, () => setTimeout(() => {
    if (document.activeElement === document.body && held?.checkVisibility() === false) {
      const same = [...document.querySelectorAll("#live :is(a, button)")].find((one) => named(one) === named(held));
      if (same) same.focus({ preventScroll: true });
      else focusPage();
    }
  }));
}

installKeys();
installStream();
installViews();
// Says that keys and buttons act now; a test that types waits for it.
document.documentElement.dataset.ready = "true";
