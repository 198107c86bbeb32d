// Save view: the name is asked for above the page, of the address as it stands now. Without scripts it is a page.
async function ask() {
  const url = location.pathname + location.search;
  const answer = await fetch(`/views/new?${new URLSearchParams({ url })}`);
  const form = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("save-view");
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "save-view-title");
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Let every button that saves a view ask on the spot. */
export function installViews() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-save-view]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask();
  });
}
