// One case: its keys. Every act is a form of its own.
import { onKey } from "/static/keys.js";

function focusOn(id) {
  const field = document.getElementById(id);
  if (!field) return false;
  field.scrollIntoView({ block: "center" });
  field.focus();
  return true;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#act-note")) return;
  event.preventDefault();
  focusOn("note");
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "note" || event.key !== "Enter" || event.isComposing) return;
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

onKey("n", () => focusOn("note"));
onKey("a", () => focusOn("task"));
