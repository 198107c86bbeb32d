// Choosing rules to import: with the window's own dialogs, or by sending them from a plain browser.
import { available, openFiles, openFolder } from "../shell.js";
import { json, writeHeaders } from "./dom.js";

const form = document.getElementById("rules-import");
const dialogs = { open_files: openFiles, open_folder: openFolder };
const inputs = { open_files: document.getElementById("rules-files"), open_folder: document.getElementById("rules-folder") };

function submit(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
  form.submit();
}

async function send(files) {
  try {
    let upload = "";
    for (const file of files) {
      const address = `/logs/upload?${new URLSearchParams({ name: file.webkitRelativePath || file.name, ...(upload ? { upload } : {}) })}`;
      const headers = { ...writeHeaders(), "Content-Type": "application/octet-stream" };
      ({ upload } = await json(address, { method: "POST", headers, body: file }));
    }
    if (upload) submit("upload", upload);
  } catch (error) {
    document.getElementById("rules-wrong").textContent = error.message;
  }
}

for (const button of form.querySelectorAll("[data-pick]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!available()) return inputs[button.dataset.pick].click();
    const [path] = await dialogs[button.dataset.pick]();
    if (path) submit("path", path);
  });
}

for (const input of Object.values(inputs)) {
  // Of a folder only the rules are sent.
  input.addEventListener("change", () => send([...input.files].filter((file) => /\.(ya?ml|zip)$/i.test(file.name))));
}
