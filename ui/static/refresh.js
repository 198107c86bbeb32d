// A page that shows running work draws itself again when the stream says that something changed.
// The server draws it: only the part with the id `live` is exchanged, and focus and scroll stay.
import { $, on } from "/static/page.js";

let busy = false;
let again = false;

async function refresh() {
  const part = $("live");
  if (!part?.hasAttribute("data-refresh")) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const top = part.scrollTop;
  await window.htmx.ajax("GET", location.href, { target: "#live", select: "#live", swap: "outerHTML show:none" });
  $("live").scrollTop = top;
  busy = false;
  if (again) {
    again = false;
    refresh();
  }
}

on("watchdesk:jobs", refresh);
on("watchdesk:counts", () => {
  if (document.querySelector("[data-refresh] .tiles")) refresh();
});
