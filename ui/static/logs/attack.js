// The matrix by arrow keys: up and down within a tactic, left and right to the cell beside.
const matrix = document.getElementById("matrix");
const columns = [...matrix.querySelectorAll(".tactic")].map((one) => [...one.querySelectorAll("[data-cell]")]).filter((one) => one.length);

function place(cell) {
  for (const [x, column] of columns.entries()) {
    const y = column.indexOf(cell);
    if (y >= 0) return [x, y];
  }
  return null;
}

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
  const at = place(document.activeElement);
  if (at === null && document.activeElement !== matrix) return;
  event.preventDefault();
  if (at === null) focus(0, 0);
  else focus(at[0] + step[0], at[1] + step[1]);
});
