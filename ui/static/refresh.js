// A page that shows running work draws itself again when the stream says that something changed.
// The server draws it: only the part with the id `live` is exchanged, and focus and scroll stay.
import { $ } from "/static/page.js";

let busy = false;
let again = false;

const parts = () => [...$("live").querySelectorAll("a[href], button, summary, input, select")];
const named = (one) => one.id || one.getAttribute("href") || `${one.form?.action} ${one.value || one.textContent}`;

async function refresh() {
  const part = $("live");
  if (!part?.hasAttribute("data-refresh")) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const top = part.scrollTop;
  let held;
  part.addEventListener("htmx:beforeSwap", () => {
    const at = document.activeElement;
    held = part.contains(at) && named(at);
  });
  await window.htmx.ajax("GET", location.href, { target: "#live", select: "#live", swap: "outerHTML show:none" });
  $("live").scrollTop = top;
  if (held && document.activeElement === document.body) {
    parts().find((one) => named(one) === held)?.focus({ preventScroll: true });
  }
  busy = false;
  if (again) {
    again = false;
    refresh();
  }
}

document.addEventListener("watchdesk:jobs", refresh);
document.addEventListener("watchdesk:counts", () => {
  if (document.querySelector("[data-refresh] .tiles")) refresh();
});
