// Opening a finding: from what was fetched ahead where there is some, else from the server. The lines beside the open
// one are fetched ahead, one request at a time, and only while nobody asks for anything else.
const KEPT = 4;
const FRESH_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 30;
const NOTED_MILLISECONDS = 150;
const HEADERS = { "HX-Request": "true", "HX-Target": "detail" };

const detail = document.getElementById("detail");
const ahead = new Map(); // address -> {drawn, at}
let asking = new AbortController();
let fetching = new AbortController();
let pause = 0;
let noting = 0;

async function ask(address, signal, priority) {
  const answer = await fetch(address, { headers: HEADERS, signal, priority });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** Forget what was fetched ahead: something was decided, so that it may no longer be so. */
export function forget() {
  clearTimeout(pause);
  fetching.abort();
  ahead.clear();
}

function taken(address) {
  const found = ahead.get(address);
  ahead.delete(address);
  return found && performance.now() - found.at < FRESH_MILLISECONDS ? found.drawn : null;
}

function show(address, drawn, shown) {
  detail.innerHTML = drawn;
  window.htmx.process(detail);
  shown();
  // A key that is held passes over many; those are no places to go back to, and engines bear only so many.
  clearTimeout(noting);
  noting = setTimeout(note, NOTED_MILLISECONDS, address);
}

function note(address) {
  // The mark by which htmx knows the entries of the history that it must draw again.
  history.replaceState({ htmx: true }, "", location.href);
  history.pushState({ htmx: true }, "", address);
}

/** Open the finding of an address; `shown` is called once it stands there. */
export async function open(address, shown) {
  asking.abort();
  asking = new AbortController();
  fetching.abort();
  clearTimeout(pause);
  const { signal } = asking;
  const known = taken(address);
  if (known !== null) {
    show(address, known, shown);
    return;
  }
  try {
    const drawn = await ask(address, signal, "high");
    if (!signal.aborted) show(address, drawn, shown);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address); // the page itself says what is wrong
  }
}

async function fetchEach(addresses, signal) {
  for (const address of addresses) {
    if (ahead.has(address)) continue;
    try {
      const drawn = await ask(address, signal, "low");
      if (signal.aborted) return;
      ahead.set(address, { drawn, at: performance.now() });
    } catch {
      return; // whoever opens it is told
    }
    for (const [oldest] of ahead) if (ahead.size > KEPT) ahead.delete(oldest);
  }
}

export function expect(addresses) {
  clearTimeout(pause);
  fetching.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  pause = setTimeout(() => fetchEach(addresses, signal), PAUSE_MILLISECONDS);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, requestConfig } = event.detail;
  if (target !== detail && requestConfig.verb === "get") return;
  if (target === detail) {
    asking.abort(); // what is decided opens what comes next
    clearTimeout(noting);
  }
  if (requestConfig.verb !== "get" && !requestConfig.elt.dataset.unread) forget();
});
