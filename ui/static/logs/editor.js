// The editor of rules: line numbers beside a plain textarea, marks where the server's check found something.
import { $, onClick } from "/static/page.js";

const body = $("body");
const gutter = $("gutter");
const checked = $("checked");
const saved = body.value;

const numbers = [];
let marked = new Map();

function marks() {
  const found = new Map();
  for (const { dataset } of checked.querySelectorAll("[data-line]")) {
    const line = dataset.line;
    found.set(line, dataset.bad === "1" ? "bad" : (found.get(line) ?? "thought"));
  }
  return found;
}

function mark(kind, line) {
  const number = numbers[line - 1] ?? {};
  number.textContent = ({ bad: "✕ ", thought: "! " }[kind] ?? "") + line;
  number.className = kind;
}

// At each key, so only what is another.
function draw() {
  const lines = body.value.split("\n").length;
  for (const gone of numbers.splice(lines)) gone.remove();
  while (numbers.length < lines) {
    numbers.push(gutter.appendChild(document.createElement("div")));
    mark("", numbers.length);
  }
  marked.forEach((_, line) => mark("", line));
  marked = marks();
  marked.forEach(mark);
  gutter.scrollTop = body.scrollTop;
}

/** Put the cursor where a complaint points. */
function go(line, column) {
  const lines = body.value.split("\n");
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Math.min(column - 1, (lines[line - 1] ?? "").length);
  body.focus();
  body.setSelectionRange(at, at);
  body.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(body).lineHeight));
}

onClick("#checked [data-line]", ({ dataset }) => go(Number(dataset.line), Number(dataset.column)));

// A new line begins below the one before; Tab stays what it is everywhere, the way out.
body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const before = body.value.slice(0, body.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = line.match(/^ */)[0] + (/:\s*$/.test(line) ? "    " : "");
  event.preventDefault();
  body.setRangeText(`\n${indent}`, body.selectionStart, body.selectionEnd, "end");
  body.dispatchEvent(new Event("input", { bubbles: true }));
});

body.addEventListener("input", draw);
body.addEventListener("scroll", () => {
  gutter.scrollTop = body.scrollTop;
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === checked) draw();
});

let leaves = false;
$("editor").addEventListener("submit", () => {
  leaves = true;
});
addEventListener("beforeunload", (event) => {
  if (!leaves && body.value !== saved) event.preventDefault();
});
draw();
