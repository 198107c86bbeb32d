// Which findings of the list are selected. A range is selected from the line that was chosen last.
import { t } from "/static/i18n.js";
import { lines } from "/static/lines.js";
import { $, onClick } from "/static/page.js";

const rows = $("rows");
const whole = $("all");
const picked = $("picked");
let anchor = null;
let ranging = false;

const boxOf = (line) => line.querySelector("input[name=ids]");
const view = () => $("view").dataset;

export const checked = () => [...rows.querySelectorAll("input[name=ids]:checked")];

/** Say how many are selected, and offer those of the view that are not drawn. */
export function showSelection() {
  const all = lines();
  const count = checked().length;
  if (count < all.length) whole.disabled = true;
  const total = Number(view().total);
  const selected = whole.disabled ? count : total;
  picked.hidden = count === 0;
  $("hints").hidden = count > 0;
  picked.querySelector("[data-count]").textContent = t("%(count)s selected", { count: selected.toLocaleString("en") });
  const more = picked.querySelector("[data-all]");
  more.hidden = !whole.disabled || count < all.length || total <= count;
  more.textContent = t("Select all %(count)s", { count: total.toLocaleString("en") });
  for (const line of all) line.classList.toggle("sel", boxOf(line).checked);
}

/** Take the selection back; called too when the list has changed. */
export function clearSelection() {
  for (const box of checked()) box.checked = false;
  anchor = null;
  whole.disabled = true;
  showSelection();
}

function selectWhole() {
  whole.value = view().query;
  whole.disabled = false;
  showSelection();
}

export function toggle(line) {
  if (!line) return;
  const box = boxOf(line);
  box.checked = !box.checked;
  anchor = line;
  showSelection();
}

export function selectTo(line) {
  const all = lines();
  const end = all.indexOf(line);
  const start = all.includes(anchor) ? all.indexOf(anchor) : end;
  for (const one of all.slice(Math.min(start, end), Math.max(start, end) + 1)) boxOf(one).checked = true;
  anchor = line;
  showSelection();
}

/** Begin a range at a line, unless one was begun already. */
export function selectFrom(line) {
  if (line && !lines().includes(anchor)) anchor = line;
}

/** Select all lines that are drawn, then all of the view; or none when all are selected. */
export function toggleAll() {
  const all = lines();
  if (all.length && checked().length === all.length) return clearSelection();
  for (const line of all) boxOf(line).checked = true;
  if (Number(view().total) > all.length) selectWhole();
  return showSelection();
}

document.addEventListener("change", ({ target }) => {
  if (target.name !== "ids") return;
  const line = target.closest(".f");
  if (ranging) selectTo(line);
  anchor = line;
  showSelection();
});

// A click with Shift would open another window; here it selects up to that line.
rows.addEventListener("click", (event) => {
  const line = event.shiftKey && event.target.closest(".f");
  ranging = Boolean(line);
  // A box that is clicked changes by itself; what is prevented there would be turned back after us.
  if (!line || event.target.name === "ids") return;
  event.preventDefault();
  event.stopPropagation();
  selectFrom(rows.querySelector(".f.on"));
  selectTo(line);
}, true);

onClick("[data-clear]", clearSelection);
onClick("[data-all]", selectWhole);
