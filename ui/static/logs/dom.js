// Small helpers of the log pages: elements without innerHTML, so that no log line can become markup.
import { $, writeHeaders } from "../page.js";

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

export const svg = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/** Return a copy of what a template of the page holds: an icon, the bars of a severity. */
export const copyOf = (id) => $(id).content.firstElementChild.cloneNode(true);

/** An answer that is not a success, with the sentences that the server sent. */
export class Refused extends Error {
  constructor(status, said) {
    super([said.what, said.why, said.fix].filter(Boolean).join(" ") || String(status));
    Object.assign(this, { status, said });
  }
}

/** Fetch JSON of this desk; throws Refused with the server's sentences. */
export async function json(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "application/json", ...options.headers }, ...options });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Refused(answer.status, body.error ?? {}), { problems: body.problems });
  return body;
}

/** Copy files into Watchdesk one by one; returns the name of the folder that they lie in. `told(name, bytes)` follows. */
export async function upload(files, { told, signal } = {}) {
  let folder = "";
  const headers = { ...writeHeaders(), "Content-Type": "application/octet-stream" };
  for (const { file, name } of files) {
    told?.(name, 0);
    const address = `/logs/upload?${new URLSearchParams({ name, ...(folder && { upload: folder }) })}`;
    ({ upload: folder } = await json(address, { method: "POST", headers, body: file, signal }));
    told?.(name, file.size);
  }
  return folder;
}

/** A chosen file with the path it had in its folder. */
export const named = (file) => ({ file, name: file.webkitRelativePath || file.name });

/** Say something to people who listen to the page. */
export function announce(sentence) {
  const place = $("logs-said");
  if (place) place.textContent = sentence;
}
