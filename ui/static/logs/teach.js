// Teaching a format: what is selected in the line becomes a mark, and the server makes the pattern of all marks.
import { $, onClick } from "/static/page.js";

const form = $("teach");
let marks = [];

function send() {
  const { line } = form.elements;
  const values = Object.fromEntries(new FormData(form));
  values.marks = marks.map((one) => `${one.start}-${one.end}:${one.name}`).join("\n");
  window.htmx.ajax("POST", "/logs/formats/try", { target: "#taught", values }).then(() => {
    const made = $("line");
    if (!made) return;
    made.value = line.value;
    made.focus();
  });
}

/** Characters as Python counts them: what lies beyond the basic plane is one. */
const count = (text) => [...text].length;

function mark(name) {
  const { line } = form.elements;
  const [from, to] = [line.selectionStart, line.selectionEnd];
  const wanted = name || $("other").value.trim();
  if (!wanted || from === to) return line.focus();
  const start = count(line.value.slice(0, from));
  const end = start + count(line.value.slice(from, to));
  marks = marks.filter((one) => one.name !== wanted && (one.end <= start || one.start >= end));
  marks.push({ start, end, name: wanted });
  send();
}

onClick("#teach [data-mark]", (button) => mark(button.dataset.mark));
onClick("#marks-clear", () => {
  marks = [];
  $("pattern").value = "";
  send();
});

// The line is for selecting alone. Were it read-only, some engines would give it no cursor to select with.
form.addEventListener("beforeinput", (event) => {
  if (event.target.id === "line") event.preventDefault();
});

form.addEventListener("keydown", (event) => {
  if (event.target.id !== "line" || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = form.querySelectorAll("[data-mark]:not([data-mark=''])")[Number(event.key) - 1];
  if (!button) return;
  event.preventDefault();
  mark(button.dataset.mark);
});

// Other lines make another beginning.
$("lines").addEventListener("input", () => {
  marks = [];
});
