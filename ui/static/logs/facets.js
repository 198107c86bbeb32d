// The fields of a result with their commonest values: a click narrows, a minus leaves out.
import { t } from "../i18n.js";
import { el } from "./dom.js";

/** Draw the facets; `onToggle(field, value, wanted)` and `onExclude(value, excluded)` change the search; a value knows its terms. A field's name leads to `addressOf(field)`. */
export function drawFacets(root, facets, { onToggle, onExclude, addressOf }) {
  const open = document.activeElement?.closest?.("[data-facet]")?.dataset.facet;
  root.replaceChildren(...facets.flatMap((facet) => [el("h2", {}, el("a", { href: addressOf(facet.field), title: t("What %(field)s holds", { field: facet.field }) }, facet.name)), drawValues(facet, onToggle, onExclude)]));
  // A toggle draws everything anew; whoever works by keyboard stays where they were.
  if (open) root.querySelector(`[data-facet="${CSS.escape(open)}"] input`)?.focus({ preventScroll: true });
}

function drawValues(facet, onToggle, onExclude) {
  return el("ul", {}, ...facet.values.map((one) => drawValue(facet, one, onToggle, onExclude)));
}

function drawValue(facet, one, onToggle, onExclude) {
  const excluded = one.state === "not";
  const box = el("input", { type: "checkbox" });
  box.checked = one.state === "on";
  box.addEventListener("change", () => onToggle(facet.field, one, box.checked));
  const names = { field: facet.name, value: one.name };
  const less = el("button", { type: "button", class: "not", "aria-pressed": String(excluded), title: t("Leave out"), "aria-label": t("Leave out %(field)s %(value)s", names) }, "−");
  less.addEventListener("click", () => onExclude(one, !excluded));
  const label = el("label", {}, box, el("span", { title: one.name }, one.name), el("em", { class: "num" }, one.count));
  return el("li", { class: excluded ? "left-out" : "", "data-facet": `${facet.field} ${one.value}` }, label, less);
}
