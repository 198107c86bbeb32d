// The live tail: asks every second whether events have come that fit. They appear at the top by themselves while
// nobody works further down; until then they are counted.
import { t } from "../i18n.js";

const EVERY = 1000;
const SLOWER = 5000; // after an answer that failed, and between two drawings of the chart

export class LiveTail {
  /** `ask(mark)` answers {mark, new}; `rows()` a page; `busy()` whether the view must stay; `onRows(page, number)`;
   *  `onRest()` draws what is dearer than rows; `onState(on, waiting)` shows how it stands. */
  constructor({ ask, rows, busy, onRows, onRest, onState }) {
    Object.assign(this, { ask, rows, busy, onRows, onRest, onState });
    this.on = false;
    this.waiting = 0;
    this.due = false;
    this.drawn = 0;
  }

  from(mark) {
    this.mark = mark;
    this.waiting = 0;
    this.turns = (this.turns ?? 0) + 1; // an answer to an earlier question is none to this search
    this.onState(this.on, 0);
  }

  switch(on) {
    this.on = on;
    this.onState(on, this.waiting);
    clearTimeout(this.timer);
    if (on) this.turn();
  }

  async turn() {
    let pause = EVERY;
    if (!document.hidden) {
      try {
        await this.look();
      } catch (error) {
        if (error.name !== "AbortError") pause = SLOWER;
      }
    }
    clearTimeout(this.timer);
    if (this.on) this.timer = setTimeout(() => this.turn(), pause);
  }

  async look() {
    const turns = this.turns;
    const told = await this.ask(this.mark);
    if (turns !== this.turns || !this.on) return;
    this.mark = told.mark;
    this.waiting += told.new;
    this.due ||= told.new > 0;
    if (this.waiting && !this.busy()) await this.show();
    else this.onState(true, this.waiting);
    if (this.due && performance.now() - this.drawn > SLOWER) {
      this.drawn = performance.now();
      this.due = false;
      this.onRest();
    }
  }

  /** Show what waits, at the top. */
  async show() {
    const turns = this.turns;
    const page = await this.rows();
    if (turns !== this.turns) return;
    const number = this.waiting;
    this.waiting = 0;
    this.mark = page.mark;
    this.onRows(page, number);
    this.onState(this.on, 0);
  }
}

/** How many wait, as the button above the table says it. */
export const newOnes = (number) => (number === 1 ? t("1 new") : t("%(shown)s new", { shown: number.toLocaleString("en") }));
