// Bringing rules or a pipeline in: with the window's own dialogs, by sending files from a plain browser, by dropping.
import { available, pick } from "../shell.js";
import { named, upload } from "./dom.js";

const form = document.querySelector("form.brings");
const fits = new RegExp(form.dataset.kinds, "i");

function submit(name, value) {
  for (const field of form.querySelectorAll(`[name=${name}]`)) field.disabled = true;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
  form.submit();
}

async function send(files) {
  try {
    const copied = await upload(files.map(named));
    if (copied) submit("upload", copied);
  } catch (error) {
    const place = form.querySelector("[data-wrong]");
    const menu = place.closest("details");
    if (menu) menu.open = true;
    place.textContent = error.message;
  }
}

for (const button of form.querySelectorAll("[data-pick]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const kind = button.dataset.pick;
    if (!available()) return form.querySelector(`[data-input=${kind}]`).click();
    const [path] = await pick(kind);
    if (path) submit("path", path);
  });
}

for (const one of form.querySelectorAll("[data-input]")) {
  // Of a folder only what can be read is sent.
  one.addEventListener("change", () => send([...one.files].filter((file) => fits.test(file.name))));
}

// What is dropped here and looks like rules is not imported as logs: the page is asked before the rest of the house.
document.addEventListener(
  "drop",
  (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (available() || !files.length || !files.every((file) => fits.test(file.name))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.documentElement.classList.remove("dropping");
    send(files);
  },
  true,
);
document.addEventListener(
  "watchdesk:dropped",
  (event) => {
    const { paths } = event.detail;
    if (paths.length !== 1 || !fits.test(paths[0])) return;
    event.stopImmediatePropagation();
    submit("path", paths[0]);
  },
  true,
);
