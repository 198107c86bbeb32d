// The timeline: drag over the lanes to look closer, or by single keys. Each look is an address, drawn by the server.
import { onKey } from "../keys.js";
import { $, fetchPage, onClick, press } from "../page.js";
import { brush } from "./brush.js";

const LEAST = 1000; // µs; the address tells no less
const APART = 84; // pixels between labels of the axis

let asked = 0;

/** Show another time: the page of that address takes the place of this one, without leaving it. */
async function show(url, keep = true) {
  const run = ++asked;
  const page = await fetchPage(url, { headers: { Accept: "text/html" } }).catch(() => null);
  if (run !== asked) return; // a later key was quicker
  const made = page?.getElementById("timeline");
  if (!made) return void location.assign(url);
  $("timeline").replaceWith(document.adoptNode(made));
  if (keep) history.pushState({}, "", url);
  install();
  document.querySelector(".tl-page")?.focus({ preventScroll: true });
}

const follow = (name) => press(document.querySelector(`[data-zoom="${name}"]`));

/** The address of this page between two shares of the axis. */
function between(chart, from, to) {
  const [start, end] = [Number(chart.dataset.start), Number(chart.dataset.end)];
  const edge = (share) => new Date((start + (end - start) * share) / 1000).toISOString();
  const url = new URL(location.href);
  url.searchParams.set("from", edge(from));
  url.searchParams.set("to", edge(to));
  return (end - start) * (to - from) < LEAST ? null : url.href;
}

/** Let a drag over the lanes look closer. */
function follows(chart) {
  const band = chart.querySelector("#tl-brush");
  const stage = () => chart.querySelector("svg").getBoundingClientRect();
  brush(chart, {
    placeOf: (event, first) => {
      const box = stage();
      if (first && (event.clientX < box.left || event.clientX > box.right)) return null;
      return Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    },
    draw: (from, to) => {
      const box = stage();
      band.hidden = from === to;
      band.style.left = `${box.left - chart.getBoundingClientRect().left + from * box.width}px`;
      band.style.width = `${(to - from) * box.width}px`;
    },
    choose: (from, to) => {
      band.hidden = true;
      const url = to - from > 0.005 ? between(chart, from, to) : null;
      if (url) show(url);
    },
    cancel: () => (band.hidden = true),
  });
}

/** Put the labels of the axis where they belong; the policy of these pages allows no style in the markup. */
function place(chart) {
  const row = chart.querySelector(".tl-ticks");
  const [box, whole] = [chart.querySelector("svg").getBoundingClientRect(), row.getBoundingClientRect()];
  let before = -APART;
  for (const tick of row.children) {
    const x = Number(tick.dataset.at) * box.width;
    tick.classList.toggle("first", x < 30);
    tick.classList.toggle("last", x > box.width - 30);
    tick.hidden = x - before < APART;
    if (!tick.hidden) before = x;
    tick.style.left = `${box.left - whole.left + x}px`;
  }
}

function install() {
  const chart = $("tl");
  if (!chart) return;
  follows(chart);
  new ResizeObserver(() => place(chart)).observe(chart);
}

onClick("[data-zoom]", (link) => show(link.href));
for (const [key, name] of Object.entries({ "[": "earlier", "]": "later", "+": "in", "-": "out" })) onKey(key, () => follow(name));
onKey("=", () => follow("in"), "+"); // the same key without Shift
addEventListener("popstate", () => show(location.href, false));
install();
