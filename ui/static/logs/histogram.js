// Events by time and level as a small SVG: drag to zoom, or by keyboard.
import { t } from "../i18n.js";
import { brush } from "./brush.js";
import { announce, el, svg } from "./dom.js";

const HEIGHT = 84;
const FLOOR = 82;
const LETTER = 7; // how wide a letter of a label is at most
const CEILING = 12; // room for the marks of findings

const rect = (name, x, y, width, height, least = 1) =>
  svg("rect", { class: name, x: x.toFixed(1), y: y.toFixed(1), width: Math.max(least, width).toFixed(1), height: height.toFixed(1) });

export class Histogram {
  /** `onZoom(start, end)` in microseconds, null for all; `onBucket(newer)` with the number of events after a bucket. */
  constructor(root, { onZoom, onBucket }) {
    Object.assign(this, { root, onZoom, onBucket });
    this.stage = root.querySelector(".hist-stage");
    this.readout = root.querySelector(".hist-say");
    this.legend = root.querySelector(".hist-levels");
    this.ticks = root.querySelector(".tx");
    this.selected = -1;
    brush(this.stage, {
      placeOf: (event) => (this.buckets ? this.bucketAt(event) : null),
      draw: (first, last) => this.band(first, last),
      choose: (first, last) => (first === last ? this.select(first) : this.zoom(first, last)),
      cancel: () => this.mark(),
      hover: (bucket) => bucket === null || this.say(bucket),
    });
    this.stage.addEventListener("pointerleave", () => this.say(this.selected));
    new ResizeObserver(() => this.draw()).observe(this.stage);
  }

  show(data) {
    this.data = data;
    this.selected = -1;
    this.sums = data.labels.map((_, bucket) => data.levels.reduce((sum, level) => sum + level.counts[bucket], 0));
    // What the next step of a zoom starts from, which may come before the chart of the one before it.
    this.span = [data.start, data.start + data.labels.length * data.step];
    this.draw();
  }

  get width() {
    return Math.max(120, this.stage.clientWidth);
  }

  get buckets() {
    return this.data?.labels.length ?? 0;
  }

  draw() {
    if (!this.data) return;
    const step = this.width / Math.max(1, this.buckets);
    const peak = Math.max(1, ...this.sums);
    const shapes = [20.5, 51.5, 82.5].map((y) => svg("line", { class: "b-ax", x1: 0, x2: this.width, y1: y, y2: y }));
    shapes.push(...this.gaps(), ...this.sums.flatMap((_, bucket) => this.bar(bucket, step, peak)));
    this.brush = svg("g", {});
    const picture = svg("svg", { viewBox: `0 0 ${this.width} ${HEIGHT}`, role: "img", "aria-label": this.summary(peak) }, ...shapes, this.brush);
    this.stage.replaceChildren(picture, ...this.marks(step));
    this.drawLegend();
    this.drawTicks();
    this.mark();
  }

  bar(bucket, step, peak) {
    let floor = FLOOR;
    // The rarest and worst stand on top of the many that are merely informational.
    return this.data.levels.toReversed().filter(({ counts }) => counts[bucket]).map(({ counts, tone }) => {
      const height = Math.max(1, (counts[bucket] / peak) * (FLOOR - CEILING));
      floor -= height;
      return rect(`b-${tone}`, (bucket + 0.1) * step, floor, step * 0.8, height);
    });
  }

  /** Hatched where a live source was not heard. */
  gaps() {
    const x = (time) => ((time - this.data.start) / (this.buckets * this.data.step)) * this.width;
    const drawn = this.data.gaps.map(({ start, end }) => rect("gap", x(start), 0, x(end) - x(start), FLOOR, 2));
    for (const gap of drawn) gap.setAttribute("fill", "url(#hatch)");
    return drawn;
  }

  /** The words of the gaps that a bar touches. */
  gapsIn(bucket) {
    const start = this.data.start + bucket * this.data.step;
    return this.data.gaps.filter((gap) => gap.start < start + this.data.step && gap.end >= start).map((gap) => gap.said);
  }

  marks(step) {
    return this.data.marks.map((mark) => {
      const x = ((mark.time - this.data.start) / this.data.step) * step;
      const arrow = svg("svg", { viewBox: "0 0 11 8", "aria-hidden": "true" }, svg("path", { class: "b-det", d: "M5.5 8 11 0H0z" }));
      const link = el("a", { class: "hist-mark", href: mark.url, title: mark.title, "aria-label": mark.title }, arrow);
      link.style.left = `${Math.min(this.width - 6, Math.max(6, x))}px`;
      return link;
    });
  }

  drawTicks() {
    let end = -Infinity;
    this.ticks.replaceChildren(
      ...this.data.ticks.flatMap(({ at, label }) => {
        const half = (label.length * LETTER) / 2;
        const middle = Math.max(half, Math.min(this.width - half, at * this.width));
        if (middle - half < end) return []; // it would run into the one before it
        end = middle + half;
        const tick = el("span", {}, label);
        tick.style.left = `${middle}px`;
        return [tick];
      }),
    );
  }

  drawLegend() {
    const said = this.data.gaps.map((gap) => gap.said).join("\n");
    this.legend.replaceChildren(
      ...this.data.levels.map((level) => el("span", {}, el("i", { class: `b-${level.tone}` }), `${level.name} `, el("span", { class: "dim num" }, level.total))),
      ...(said ? [el("span", { title: said }, el("i", { class: "b-gap" }), t("Not listening"))] : []),
    );
  }

  summary(peak) {
    const highest = this.sums.indexOf(peak);
    if (highest < 0) return t("No events in this range");
    return t("Events, %(step)s per bar, peak at %(time)s", { step: this.data.step_name, time: this.data.labels[highest] });
  }

  say(bucket) {
    if (!this.data?.step_name) return this.readout.replaceChildren();
    this.readout.textContent =
      bucket < 0 ? t("Drag to zoom · %(step)s per bar", { step: this.data.step_name }) : this.describe(bucket);
  }

  describe(bucket) {
    const named = this.data.levels.filter((level) => level.counts[bucket]).map((level) => `${level.name} ${level.counts[bucket].toLocaleString("en")}`);
    return [this.data.labels[bucket], ...(named.length ? named : [t("No events")]), ...this.gapsIn(bucket)].join(" · ");
  }

  bucketAt(event) {
    const box = this.stage.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    return Math.min(this.buckets - 1, Math.max(0, Math.floor(share * this.buckets)));
  }

  band(first, last) {
    const step = this.width / this.buckets;
    const [x, end] = [first * step, (last + 1) * step];
    this.brush.replaceChildren(rect("b-sel", x, 0, end - x, 83), svg("path", { class: "b-edge", d: `M${x} 0v83M${end} 0v83` }));
  }

  mark() {
    if (this.selected < 0) this.brush?.replaceChildren();
    else this.band(this.selected, this.selected);
    this.say(this.selected);
  }

  /** Choose a bar and let the table show its newest event. */
  select(bucket) {
    this.selected = bucket;
    this.mark();
    announce(this.describe(bucket));
    this.onBucket(this.sums.slice(bucket + 1).reduce((sum, one) => sum + one, 0));
  }

  /** The next bar in a direction that holds any event. */
  step(direction) {
    if (!this.buckets) return;
    let next = this.selected < 0 ? (direction < 0 ? this.buckets : -1) : this.selected;
    do next += direction;
    while (this.sums[next] === 0);
    if (next in this.sums) this.select(next);
  }

  zoomIn() {
    if (!this.buckets) return;
    const [start, end] = this.span;
    const middle = this.selected < 0 ? (start + end) / 2 : this.data.start + (this.selected + 0.5) * this.data.step;
    this.zoomTo(Math.max(start, middle - (end - start) / 4), Math.min(end, middle + (end - start) / 4));
  }

  zoomOut() {
    if (!this.buckets) return;
    const [start, end] = this.span;
    this.zoomTo(start - (end - start) / 2, end + (end - start) / 2);
  }

  zoom(first, last) {
    this.zoomTo(this.data.start + first * this.data.step, this.data.start + (last + 1) * this.data.step);
  }

  zoomTo(start, end) {
    if (end - start < 1000) return; // the address tells milliseconds
    this.selected = -1;
    this.span = [start, end];
    this.onZoom(start, end);
  }
}
