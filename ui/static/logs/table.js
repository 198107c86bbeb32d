// A table of a million rows of which only those in view exist. A row's place is its number in the result, newest
// first; a page of the result is fetched by the key of its neighbour, or by number after a jump.
import { arrange } from "../arrange.js";
import { t } from "../i18n.js";
import { copyOf, el } from "./dom.js";

const ROW = 26;
const HEAD = 30;
const PAGE = 100;
const SPARE = 8; // rows drawn beyond each edge
const TALLEST = 8_000_000; // browsers lose precision in elements much taller than this

/** Draw one event as a row. The template event_row of the server draws the same. */
function drawRow(event) {
  const parts = event.parts.map(([text, hit]) => (hit ? el("mark", {}, text) : text));
  const cell = (name, ...inside) => el("span", { role: "gridcell", class: name }, ...inside);
  const { url, severity, label, name } = event.finding ?? {};
  const badge = url ? [el("a", { href: url, class: `sev s-${severity}`, title: label, tabindex: "-1" }, copyOf(`bars-${severity}`), name)] : [];
  return [
    cell("", el("i", { class: `lvb b-${event.tone}` })),
    cell("tm dim", event.clock),
    cell(`lv ${event.level_class}`, event.level_name),
    cell("ho", event.host),
    cell("so dim", event.source),
    cell("ms", ...parts),
    cell("dt", ...badge),
  ];
}

export class EventTable {
  /** `fetchPage(place, signal)` answers a page; `fetchDetail(id)` an element; `onFailure(error)` says what went wrong. */
  constructor(root, { fetchPage, fetchDetail, onFailure }) {
    Object.assign(this, { root, fetchPage, fetchDetail, onFailure });
    this.space = root.querySelector(".ev-space");
    this.window = root.querySelector(".ev-win");
    this.reset();
    root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    root.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    root.addEventListener("keydown", (event) => this.pressed(event));
    this.window.addEventListener("click", (event) => this.clicked(event));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  reset() {
    this.forget();
    this.total = 0;
    this.counted = false;
    this.top = 0; // in pixels of the whole result, were it all there
    this.active = -1;
    this.open = null; // {index, id, node, height}
    this.rows = new Map();
    this.window.replaceChildren();
  }

  forget() {
    for (const waiting of this.pages?.values() ?? []) waiting.abort?.abort();
    this.pages = new Map();
  }

  start(page) {
    this.reset();
    this.keep(0, page);
    this.place(0);
  }

  /** Whether nobody works in the table: it stands at its top, and no row is chosen or open. */
  get idle() {
    return this.top < ROW && this.active < 0 && !this.open;
  }

  leave() {
    this.close();
    this.active = -1;
    this.root.removeAttribute("aria-activedescendant");
    this.place(0);
  }

  /** Take a new first page of a result that has grown by so many rows. */
  refresh(page, number) {
    this.forget();
    this.total += number;
    this.keep(0, page);
    this.place(0);
  }

  setTotal(total) {
    this.counted = true;
    this.total = total;
    this.draw();
  }

  // Geometry: everything is reckoned in the full height; the scroll bar only shows where in it we are.

  get room() {
    return Math.max(0, this.root.clientHeight - HEAD);
  }

  get fullHeight() {
    return this.total * ROW + (this.open?.height ?? 0);
  }

  get travel() {
    return Math.max(0, this.fullHeight - this.room);
  }

  get squeezed() {
    return this.fullHeight > TALLEST;
  }

  yOf(index) {
    return index * ROW + (this.open && index > this.open.index ? this.open.height : 0);
  }

  rowAt(y) {
    if (!this.open || y < (this.open.index + 1) * ROW) return Math.floor(y / ROW);
    return Math.max(this.open.index, Math.floor((y - this.open.height) / ROW));
  }

  place(y) {
    this.top = Math.min(Math.max(0, y), this.travel);
    const shown = Math.min(this.fullHeight, TALLEST);
    this.space.style.height = `${shown}px`;
    const scale = this.travel ? Math.max(0, shown - this.room) / this.travel : 0;
    this.expected = Math.round(this.top * scale);
    if (Math.abs(this.root.scrollTop - this.expected) > 1) this.root.scrollTop = this.expected;
    this.draw();
  }

  scrolled() {
    const now = this.root.scrollTop;
    if (Math.abs(now - this.expected) <= 1) return;
    const shown = Math.max(1, Math.min(this.fullHeight, TALLEST) - this.room);
    this.expected = now;
    this.top = Math.min(this.travel, this.squeezed ? (now / shown) * this.travel : now);
    this.draw();
  }

  // In a squeezed table one notch of the wheel would fly past thousands of rows.
  wheeled(event) {
    if (!this.squeezed || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? ROW : event.deltaMode === 2 ? this.room : 1;
    this.place(this.top + event.deltaY * unit);
  }

  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.drawNow();
    });
  }

  drawNow() {
    const shown = Math.min(this.fullHeight, TALLEST);
    if (this.space.style.height !== `${shown}px`) this.space.style.height = `${shown}px`;
    if (this.top > this.travel) this.top = this.travel;
    const first = Math.max(0, this.rowAt(this.top) - SPARE);
    const last = Math.min(this.total - 1, this.rowAt(this.top + this.room) + SPARE);
    const wanted = [];
    for (let index = first; index <= last; index++) {
      wanted.push(this.rowNode(index));
      if (this.open?.index === index) wanted.push(this.open.node);
    }
    this.arrange(wanted, first, last);
    const offset = this.squeezed ? this.root.scrollTop - this.top + this.yOf(first) : this.yOf(first);
    this.window.style.transform = `translateY(${offset}px)`;
    this.root.setAttribute("aria-rowcount", this.counted ? this.total + 1 : -1);
    this.fetchNeeded(first, last);
    this.measure();
  }

  arrange(wanted, first, last) {
    const held = this.open?.node.contains(document.activeElement);
    arrange(this.window, wanted);
    for (const index of this.rows.keys()) if (index < first || index > last) this.rows.delete(index);
    if (held && !this.window.contains(this.open?.node)) this.focus();
  }

  rowNode(index) {
    const event = this.eventAt(index);
    let node = this.rows.get(index);
    if (!node || (event && node.dataset.id !== event.id)) {
      const fresh = el("div", { class: "ev-row", role: "row", id: `ev-${index}`, "aria-rowindex": index + 2 });
      if (event) fresh.dataset.id = event.id;
      fresh.append(...(event ? drawRow(event) : [el("span", { role: "gridcell", class: "wait" })]));
      fresh.dataset.index = index;
      node?.replaceWith(fresh);
      node = fresh;
      this.rows.set(index, node);
    }
    node.setAttribute("aria-expanded", String(this.open?.index === index));
    node.classList.toggle("active", this.active === index);
    return node;
  }

  measure() {
    if (!this.open || !this.window.contains(this.open.node)) return;
    const height = this.open.node.offsetHeight;
    if (height !== this.open.height) {
      this.open.height = height;
      this.draw();
    }
  }

  eventAt(index) {
    return this.pages.get(Math.floor(index / PAGE))?.rows?.[index % PAGE];
  }

  keep(number, page) {
    this.pages.set(number, page);
    const seen = number * PAGE + page.rows.length;
    if (!this.counted) this.total = Math.max(this.total, page.older ? seen + PAGE : seen);
  }

  fetchNeeded(first, last) {
    const from = Math.floor(first / PAGE);
    const to = Math.floor(Math.max(first, last) / PAGE);
    for (const [number, page] of this.pages) {
      if (page.abort && (number < from || number > to)) {
        page.abort.abort();
        this.pages.delete(number);
      }
    }
    for (let number = from; number <= to; number++) if (!this.pages.has(number)) this.fetchNumber(number);
  }

  placeOf(number) {
    const before = this.pages.get(number - 1);
    const after = this.pages.get(number + 1);
    if (before?.older) return { after: before.older };
    if (after?.newer) return { before: after.newer };
    return { at: number * PAGE };
  }

  async fetchNumber(number) {
    const abort = new AbortController();
    this.pages.set(number, { abort });
    const mine = () => this.pages.get(number)?.abort === abort;
    try {
      const page = await this.fetchPage({ ...this.placeOf(number), limit: PAGE }, abort.signal);
      if (!mine()) return;
      this.keep(number, page);
      this.draw();
    } catch (error) {
      if (!mine()) return;
      // Kept as an empty page: asking again at once would only fail again.
      this.pages.set(number, { rows: [] });
      if (error.name !== "AbortError") this.onFailure(error);
    }
  }

  clicked(event) {
    const row = event.target.closest(".ev-row");
    if (!row || event.target.closest("a, button") || !row.dataset.id || String(getSelection())) return;
    this.focus();
    this.activate(Number(row.dataset.index));
    this.toggle(this.active);
  }

  pressed(event) {
    if (event.key === "Escape" && this.open) {
      event.stopPropagation();
      this.close();
      this.focus();
      return;
    }
    if (event.target !== this.root || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.room / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (event.key in moves) this.move(moves[event.key]);
    else if (event.key === "Home") this.activate(0);
    else if (event.key === "End") this.activate(this.total - 1);
    else if (event.key === "Enter" && this.active >= 0) this.toggle(this.active);
    else if (event.key === "ArrowRight" && this.open?.index !== this.active) this.toggle(this.active);
    else if (event.key === "ArrowLeft" && this.open) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go so many rows on, from the active one or from the first in view. */
  move(rows) {
    this.focus();
    this.activate(this.active < 0 ? Math.ceil(this.top / ROW) : this.active + rows);
  }

  activate(index) {
    if (!this.total) return;
    this.active = Math.min(Math.max(0, index), this.total - 1);
    this.point();
    const y = this.yOf(this.active);
    if (y < this.top) this.place(y);
    else if (y + ROW > this.top + this.room) this.place(y + ROW - this.room);
    else this.draw();
  }

  /** Show the row of a number at the upper third of the view. */
  jump(index) {
    this.active = Math.min(Math.max(0, index), Math.max(0, this.total - 1));
    this.point();
    this.place(this.yOf(this.active) - Math.floor(this.room / 3));
  }

  point() {
    this.root.setAttribute("aria-activedescendant", `ev-${this.active}`);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  async toggle(index) {
    const event = this.eventAt(index);
    if (!event) return;
    if (this.open?.index === index) return this.close();
    this.close();
    const node = el("div", { class: "exp", role: "row" }, el("div", { role: "gridcell", class: "dim" }, t("Reading the event…")));
    const open = { index, id: event.id, node, height: ROW };
    this.open = open;
    this.draw();
    try {
      const detail = await this.fetchDetail(event.id);
      if (this.open !== open) return;
      open.node.replaceChildren(...detail);
    } catch (error) {
      open.node.replaceChildren(el("div", { role: "gridcell" }, copyOf("warning"), ` ${error.message}`));
    }
    this.drawNow();
    const bottom = this.yOf(index) + ROW + open.height;
    if (this.open === open && bottom > this.top + this.room) {
      this.place(Math.min(this.yOf(index), bottom - this.room));
    }
  }

  close() {
    if (!this.open) return;
    const held = this.open.node.contains(document.activeElement);
    this.open.node.remove();
    this.open = null;
    if (held) this.focus();
    this.place(this.top);
  }
}
