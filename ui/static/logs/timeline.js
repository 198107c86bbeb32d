// The timeline: drag over the lanes to look closer, or by single keys. Each look is an address, drawn by the server.
import { onKey } from "../keys.js";

const LEAST = 1000; // µs; the address tells no less
const APART = 84; // pixels between labels of the axis

let asked = 0;

/** Show another time: the page of that address takes the place of this one, without leaving it. */
async function show(url, keep = true) {
  const run = ++asked;
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("timeline");
  if (run !== asked) return; // a later key was quicker
  if (!answer.ok || !made) return void location.assign(url);
  document.getElementById("timeline").replaceWith(document.adoptNode(made));
  if (keep) history.pushState({}, "", url);
  install();
  document.querySelector(".tl-page")?.focus({ preventScroll: true });
}

function follow(name) {
  const link = document.querySelector(`[data-zoom="${name}"]`);
  if (link) show(link.href);
  return Boolean(link);
}

/** The address of this page between two shares of the axis. */
function between(chart, from, to) {
  const [start, end] = [Number(chart.dataset.start), Number(chart.dataset.end)];
  const edge = (share) => new Date((start + (end - start) * share) / 1000).toISOString();
  const url = new URL(location.href);
  url.searchParams.set("from", edge(from));
  url.searchParams.set("to", edge(to));
  return (end - start) * (to - from) < LEAST ? null : url.href;
}

class Brush {
  constructor(chart) {
    this.chart = chart;
    this.band = chart.querySelector("#tl-brush");
    chart.addEventListener("pointerdown", (event) => this.begin(event));
    chart.addEventListener("pointermove", (event) => this.move(event));
    chart.addEventListener("pointerup", (event) => this.end(event));
    chart.addEventListener("pointercancel", () => this.cancel());
  }

  get stage() {
    return this.chart.querySelector("svg").getBoundingClientRect();
  }

  share(event) {
    return Math.min(1, Math.max(0, (event.clientX - this.stage.left) / Math.max(1, this.stage.width)));
  }

  begin(event) {
    const box = this.stage;
    if (event.button !== 0 || event.clientX < box.left || event.clientX > box.right || event.target.closest("a")) return;
    this.chart.setPointerCapture(event.pointerId);
    this.from = this.share(event);
  }

  move(event) {
    if (this.from === undefined) return;
    const [a, b] = [Math.min(this.from, this.share(event)), Math.max(this.from, this.share(event))];
    const [box, whole] = [this.stage, this.chart.getBoundingClientRect()];
    this.band.hidden = false;
    this.band.style.left = `${box.left - whole.left + a * box.width}px`;
    this.band.style.width = `${(b - a) * box.width}px`;
  }

  end(event) {
    if (this.from === undefined) return;
    const [a, b] = [Math.min(this.from, this.share(event)), Math.max(this.from, this.share(event))];
    const url = b - a > 0.005 ? between(this.chart, a, b) : null;
    this.cancel();
    if (url) show(url);
  }

  cancel() {
    this.from = undefined;
    this.band.hidden = true;
  }
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
  const chart = document.getElementById("tl");
  if (!chart) return;
  new Brush(chart);
  new ResizeObserver(() => place(chart)).observe(chart);
  for (const link of document.querySelectorAll("[data-zoom]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(link.href);
    });
  }
}

onKey("[", () => follow("earlier"));
onKey("]", () => follow("later"));
onKey("+", () => follow("in"));
onKey("=", () => follow("in"), "+"); // the same key without Shift
onKey("-", () => follow("out"));
addEventListener("popstate", () => show(location.href, false));
install();
