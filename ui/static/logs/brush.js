// Dragging over a chart chooses a part of it.

/** Let drags over `stage` choose. `placeOf(event)` tells where the pointer is, null where no drag begins; then
 *  `draw(first, last)` on the way, `choose(first, last)` at its end or `cancel()`; `hover(place)` where nothing is dragged. */
export function brush(stage, { placeOf, draw, choose, cancel, hover }) {
  let from = null;
  const ordered = (to) => [Math.min(from, to), Math.max(from, to)];
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("a")) return;
    from = placeOf(event, true);
    if (from === null) return;
    stage.setPointerCapture(event.pointerId);
    draw(from, from);
  });
  stage.addEventListener("pointermove", (event) => {
    if (from !== null) draw(...ordered(placeOf(event)));
    else hover?.(placeOf(event));
  });
  stage.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const chosen = ordered(placeOf(event));
    from = null;
    choose(...chosen);
  });
  stage.addEventListener("pointercancel", () => {
    from = null;
    cancel();
  });
}
