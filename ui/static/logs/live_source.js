// The page of a live source keeps itself fresh: only the state and the facts are exchanged, so that focus stays.
import { $, fetchPage } from "../page.js";

async function refresh() {
  if (document.hidden || document.querySelector("#live-facts :focus")) return;
  const fresh = await fetchPage(location.href, { headers: { Accept: "text/html" } }).catch(() => document);
  for (const id of ["live-state", "live-facts"]) {
    const made = fresh.getElementById(id);
    const held = $(id);
    if (made && held && made.textContent !== held.textContent) held.replaceWith(document.adoptNode(made));
  }
}

setInterval(refresh, 5000);
