// Buttons that fill a field with a path by the system's dialog; in a plain browser they stay hidden.
import { available, pick } from "/static/shell.js";

for (const button of available() ? document.querySelectorAll("[data-pick]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const [path] = await pick(button.dataset.pick);
    if (path) document.getElementById(button.dataset.for).value = path;
  });
}
