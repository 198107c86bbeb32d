// The search page: its address is its state. The first rows come first; count, histogram and facets follow, and each
// new search ends what is left of the one before.
import { t } from "../i18n.js";
import { onKey } from "../keys.js";
import { $, fetchPage, focusPage, onClick } from "../page.js";
import { announce, copyOf, el, json } from "./dom.js";
import { Histogram } from "./histogram.js";
import { LiveTail, newOnes } from "./live.js";
import { EventTable } from "./table.js";

const first = JSON.parse($("logs-first").textContent);
const form = $("search-form");
let running = new AbortController();
let state = fromAddress();
let took = 0; // milliseconds for the newest page of rows

function fromAddress() {
  const given = new URLSearchParams(location.search);
  const [q, from, to, event] = ["q", "from", "to", "event"].map((name) => given.get(name) ?? "");
  return { q, f: given.getAll("f"), from, to, event, live: given.has("live") };
}

function toParameters(extra = {}) {
  const { q, f, from, to, live } = state;
  const given = { from, to, live: live ? "1" : "", ...extra };
  const terms = f.map((term) => ["f", term]);
  return new URLSearchParams([["q", q], ...terms, ...Object.entries(given)].filter(([, value]) => value !== undefined && value !== ""));
}

// The server ends what it still does for the run before.
const thisWindow = crypto.randomUUID();
let run = 0;
const ask = (what, signal, extra) => json(`/logs/${what}?${toParameters({ ...extra, window: thisWindow, run })}`, { signal });

function change(changes) {
  state = { ...state, event: "", ...changes };
  if (state.to) state.live = false; // what ends is not followed
  history.pushState(null, "", `/logs/?${toParameters()}`);
  load();
}

const quoted = (value) => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const nameOf = (field) => (/^[A-Za-z_@.][\w.@/-]*$/.test(field) ? field : quoted(field));
const isAbout = (field) => (term) => [field, quoted(field)].some((name) => term.replace(/^-/, "").toLowerCase().startsWith(`${name.toLowerCase()}:`));
const without = (terms, ...gone) => terms.filter((term) => !gone.includes(term));

$("facets").addEventListener("change", ({ target }) => {
  const { field, term, not } = target.closest("li").dataset;
  const chosen = state.f.some((one) => !one.startsWith("-") && isAbout(field)(one));
  const kept = without(state.f, term, not);
  // Of the levels all are shown until some are switched off; of other fields, none is chosen until one is.
  if (field === "level" && !chosen) change({ f: target.checked ? kept : [...kept, not] });
  else change({ f: target.checked ? [...kept, term] : kept });
});

onClick("#facets .not", (button) => {
  const { term, not } = button.closest("li").dataset;
  const kept = without(state.f, term, not);
  change({ f: button.ariaPressed === "true" ? kept : [...kept, not] });
});

/** Plus on a value: only this one of its field. */
function only(field, term) {
  change({ f: [...state.f.filter((one) => !isAbout(field)(one)), term] });
}

async function load(page) {
  running.abort();
  running = new AbortController();
  run += 1;
  const { signal } = running;
  showForm();
  document.body.classList.add("loading-events");
  try {
    const rows = page ?? (await ask("rows", signal));
    if (signal.aborted) return;
    showRows(rows);
    tail.from(rows.mark);
    tail.switch(state.live);
    await Promise.all([loadCount(signal, rows), loadHistogram(signal), loadFacets(signal)]);
    if (state.event) await land(signal);
  } catch (error) {
    if (error.name !== "AbortError") fail(error);
  } finally {
    if (!signal.aborted) document.body.classList.remove("loading-events");
  }
}

function showRows(page) {
  took = page.ms;
  $("query-error").hidden = true;
  table.start(page);
  $("events").dataset.search = location.search;
  showChips(page.chips);
  $("range-name").textContent = page.range.name;
  for (const [id, edge] of [["range-from", page.range.from], ["range-to", page.range.to]]) {
    $(id).value = $(id).defaultValue = edge;
  }
  $("result").textContent = page.rows.length ? t("Counting…") : "";
  $("partial").replaceChildren();
  showPartial(page.partial);
  $("unknown-fields").textContent = page.unknown;
  $("unknown-fields").hidden = !page.unknown;
  $("no-events").hidden = page.rows.length > 0;
  $("events").hidden = page.rows.length === 0;
}

/** Say what could not be read; several parts of a search may meet the same fault. */
function showPartial(sentences) {
  const said = new Set([...$("partial").children].map((line) => line.textContent.trim()));
  for (const sentence of sentences) {
    if (!said.has(sentence)) $("partial").append(el("p", { class: "partial" }, copyOf("warning"), ` ${sentence}`));
  }
}

async function loadCount(signal, page) {
  const counted = await ask("count", signal, { ms: page.ms });
  if (signal.aborted) return;
  table.setTotal(counted.count);
  $("result").textContent = counted.said;
  showPartial(counted.partial);
}

async function loadHistogram(signal) {
  const data = await ask("histogram", signal);
  if (!signal.aborted) histogram.show(data);
}

async function loadFacets(signal) {
  const data = await ask("facets", signal);
  if (signal.aborted) return;
  // A toggle draws everything anew; whoever works by keyboard stays where they were.
  const open = document.activeElement?.closest("#facets [data-facet]")?.dataset.facet;
  $("facets").innerHTML = data.drawn;
  if (open) document.querySelector(`[data-facet="${CSS.escape(open)}"] input`)?.focus();
  $("field-names").replaceChildren(...data.fields.map((name) => el("option", { value: name })));
}

/** Go to the event that the address names, in the midst of what happened around it. */
async function land(signal) {
  const { position } = await ask("position", signal, { event: state.event });
  if (signal.aborted || position === null) return;
  table.jump(position);
  focusPage();
}

function fail(error) {
  const { position } = error.said ?? {};
  const shown = [el("span", {}, error.message)];
  if (Number.isInteger(position)) {
    const bad = state.q.slice(position, position + 1) || "␣";
    shown.push(el("code", { class: "mono" }, state.q.slice(0, position), el("mark", {}, bad), state.q.slice(position + 1)));
  }
  $("query-error").replaceChildren(...shown);
  $("query-error").hidden = false;
  $("result").textContent = "";
}

function showForm() {
  form.elements.q.value = state.q;
  for (const old of form.querySelectorAll('input[name="f"]')) old.remove();
  for (const term of state.f) form.append(el("input", { type: "hidden", name: "f", value: term }));
  for (const link of document.querySelectorAll("[data-carry]")) link.href = `${link.dataset.carry}?${toParameters()}`;
  for (const link of document.querySelectorAll("[data-export]")) link.href = `/logs/export?${toParameters({ format: link.dataset.export, redact: link.dataset.redact })}`;
}

function showChips(chips) {
  $("chips").replaceChildren(
    ...chips.map(({ field, value, term, remove }) => {
      const off = el("button", { type: "button", "aria-label": remove, "data-off": term }, "×");
      return el("span", { class: "chip" }, field && `${field} `, el("b", {}, value), off);
    }),
  );
}

onClick("[data-off]", ({ dataset }) => change({ f: without(state.f, dataset.off) }));

async function fetchDetail(id) {
  const page = await fetchPage(`/logs/event/${id}/detail`).catch(() => {
    throw new Error(t("The event cannot be read. It may have been removed."));
  });
  return [...page.body.children];
}

const table = new EventTable($("events"), {
  fetchPage: (place, signal) => ask("rows", signal, place),
  fetchDetail,
  onFailure: fail,
});

const iso = (micros) => new Date(Math.floor(micros / 1000)).toISOString();
const histogram = new Histogram($("hist"), {
  onZoom: (start, end) => change({ from: iso(start), to: iso(end) }),
  onBucket: (newer) => table.jump(newer),
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  $("range").open = false;
  const { q, from, to } = form.elements;
  // The fields show resolved times; a range such as "last hour" stays one unless somebody edits it.
  const edited = [from, to].some((one) => one.value.trim() !== one.defaultValue);
  change({ q: q.value.trim(), ...(edited && { from: from.value.trim(), to: to.value.trim() }) });
});

onClick("#range [data-from]", (preset) => {
  $("range").open = false;
  change({ from: preset.dataset.from, to: "" });
});

$("add-filter").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new FormData(event.target);
  const [field, value] = [String(given.get("field")).trim(), String(given.get("value")).trim()];
  const term = `${given.get("how") === "not" ? "-" : ""}${nameOf(field)}:${value ? quoted(value) : "*"}`;
  event.target.reset();
  event.target.closest("details").open = false;
  change({ f: [...without(state.f, term), term] });
});

onClick("#events [data-term]", ({ dataset: { how, field, term } }) => {
  if (how === "only") only(field, term);
  else change({ f: [...without(state.f, term), term] });
});

onClick("[data-copy]", async (button) => {
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    button.querySelector("span").textContent = t("Copied");
    announce(t("Link copied"));
  } catch {
    announce(t("The link cannot be copied here. Open the event and copy its address."));
    location.assign(button.dataset.copy);
  }
});

const tail = new LiveTail({
  ask: (mark) => ask("live", running.signal, { mark }),
  rows: () => ask("rows", running.signal),
  busy: () => !table.idle && !$("events").hidden,
  onRows: (page, number) => {
    took = page.ms;
    if ($("events").hidden || !number) showRows(page);
    else table.refresh(page, number);
  },
  onRest: () => {
    const { signal } = running;
    Promise.all([loadCount(signal, { ms: took }), loadHistogram(signal), loadFacets(signal)]).catch(() => {});
  },
  onState: (on, waiting) => {
    $("live").setAttribute("aria-pressed", String(on));
    $("live-new").hidden = !waiting;
    if (waiting) $("live-new").querySelector("span").textContent = newOnes(waiting);
  },
});

function switchLive() {
  if (state.live) {
    state = { ...state, live: false };
    history.replaceState(null, "", `/logs/?${toParameters()}`);
    tail.switch(false);
    announce(t("The live tail is off"));
  } else {
    change({ live: true, to: "" });
    announce(t("The live tail is on: new events appear by themselves"));
  }
}

onClick("#live", switchLive);
onClick("#live-new", async () => {
  table.leave();
  await tail.show().catch(fail);
  focusPage();
});

const keys = {
  l: switchLive,
  j: () => table.move(1),
  k: () => table.move(-1),
  "[": () => histogram.step(-1),
  "]": () => histogram.step(1),
  "+": () => histogram.zoomIn(),
  "-": () => histogram.zoomOut(),
};
for (const [key, act] of Object.entries(keys)) onKey(key, act);
onKey("=", () => histogram.zoomIn(), "+"); // the same key without Shift

onClick("#zoom-in", () => histogram.zoomIn());
onClick("#zoom-out", () => histogram.zoomOut());
onClick("#show-facets", (button) => button.setAttribute("aria-expanded", String(document.querySelector(".lg").classList.toggle("with-facets"))));
addEventListener("popstate", () => {
  state = fromAddress();
  load();
});

document.documentElement.classList.add("scripted");
if (first.error) {
  showForm();
  fail(Object.assign(new Error(first.error.said), { said: first.error }));
} else {
  load(first);
}
