// Teaching a format: what is selected in the line becomes a mark, and the server makes the pattern of all marks.
const form = document.getElementById("teach");
let marks = [];

function send() {
  const { line } = form.elements;
  const values = Object.fromEntries(new FormData(form));
  values.marks = marks.map((one) => `${one.start}-${one.end}:${one.name}`).join("\n");
  window.htmx.ajax("POST", "/logs/formats/try", { target: "#taught", values }).then(() => {
    const made = document.getElementById("line");
    if (!made) return;
    made.value = line.value;
    made.focus();
  });
}

/** Characters as Python counts them: what lies beyond the basic plane is one. */
function count(text) {
  return [...text].length;
}

function mark(name) {
  const { line } = form.elements;
  const [from, to] = [line.selectionStart, line.selectionEnd];
  const wanted = name || document.getElementById("other").value.trim();
  if (!wanted || from === to) return line.focus();
  const start = count(line.value.slice(0, from));
  const end = start + count(line.value.slice(from, to));
  marks = marks.filter((one) => one.name !== wanted && (one.end <= start || one.start >= end));
  marks.push({ start, end, name: wanted });
  send();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (button) mark(button.dataset.mark);
  if (event.target.id === "marks-clear") {
    marks = [];
    document.getElementById("pattern").value = "";
    send();
  }
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
document.getElementById("lines").addEventListener("input", () => {
  marks = [];
});
