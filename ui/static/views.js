// Save view: the name is asked for above the page, of the address as it stands now. Without scripts it is a page.
import { fetchPage, onClick } from "/static/page.js";

async function ask() {
  const url = location.pathname + location.search;
  const page = await fetchPage(`/views/new?${new URLSearchParams({ url })}`);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "save-view-title");
  dialog.append(page.getElementById("save-view"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Let every button that saves a view ask on the spot. */
export const installViews = () => onClick("[data-save-view]", ask);
