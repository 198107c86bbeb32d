// The page of a live source keeps itself fresh: only the state and the facts are exchanged, so that focus stays.
const EVERY = 5000;

async function refresh() {
  if (document.hidden || document.querySelector("#live-facts :focus")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["live-state", "live-facts"]) {
    const made = fresh.getElementById(id);
    const held = document.getElementById(id);
    if (made && held && made.textContent !== held.textContent) held.replaceWith(document.adoptNode(made));
  }
}

setInterval(refresh, EVERY);
