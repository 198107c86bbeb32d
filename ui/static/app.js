// What every page needs: the token of writes, notices that can be dismissed, dialogs and menus, the event stream.
import { installKeys } from "/static/keys.js";
import { installStream } from "/static/stream.js";
import { installViews } from "/static/views.js";

const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// An error that names its own place (HX-Retarget) is shown there; htmx alone would drop it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("click", (event) => {
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".undo").remove();
  if (event.target.closest("[data-help]")) document.getElementById("help").showModal();
  const close = event.target.closest("[data-close]");
  const dialog = close?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  event.preventDefault(); // only the menu is left, not what the page does on Escape
  menu.open = false;
  menu.querySelector("summary").focus();
});

installKeys();
installStream();
installViews();
// Says that keys and buttons act now; a test that types waits for it.
document.documentElement.dataset.ready = "true";
