// The matrix by arrow keys: up and down within a tactic, left and right to the cell beside.
const matrix = document.getElementById("matrix");
const columns = [...matrix.querySelectorAll(".tactic")].map((one) => [...one.querySelectorAll("[data-cell]")]).filter((one) => one.length);

function focus(x, y) {
  const column = columns[Math.max(0, Math.min(x, columns.length - 1))];
  const cell = column[Math.max(0, Math.min(y, column.length - 1))];
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

matrix.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || !columns.length) return;
  const cell = document.activeElement;
  const x = columns.findIndex((column) => column.includes(cell));
  if (x < 0 && cell !== matrix) return;
  event.preventDefault();
  if (x < 0) focus(0, 0);
  else focus(x + step[0], columns[x].indexOf(cell) + step[1]);
});
