// The months below the picture: a bar for what each one brought, a slider, and a button that plays.

import { attributes, element, month } from "./page.js";

const STEP = 260; // milliseconds of a month while time plays

export class Timeline {
  // `ask` is called when another month is to be shown; `{ passing: true }` while time plays.
  constructor(ask, askSoon) {
    this.ask = ask;
    this.root = element("div", "time");
    this.play = element("button", "button", "▶");
    this.play.type = "button";
    this.play.addEventListener("click", () => this.playOrPause());
    const slide = element("div", "slide");
    this.bars = element("div", "bars");
    this.slider = element("input", "");
    Object.assign(this.slider, { type: "range", step: 1 });
    this.slider.setAttribute("aria-label", "Show what was created up to a month");
    slide.append(this.bars, this.slider);
    this.when = element("div", "when");
    this.root.append(this.play, slide, this.when);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.tell();
      askSoon();
    });
    this.stop();
  }

  // The month up to which is shown; null for all time, which is one step beyond the last.
  until() {
    const value = Number(this.slider.value);
    return !this.months || value > this.months[1] ? null : value;
  }

  // `answered` tells whether this is what was asked for last; else the address says which month.
  update({ months, history, until, answers }, answered) {
    this.months = months;
    this.root.hidden = !months || months[0] === months[1];
    if (this.root.hidden) return;
    Object.assign(this.slider, { min: months[0], max: months[1] + 1 });
    if (answers === null) {
      this.stop();
      this.slider.value = until ?? months[1] + 1;
    }
    this.drawBars(history);
    this.tell();
    if (this.playing && answered) this.playOn();
  }

  drawBars(history) {
    if (this.bars.childElementCount === history.length + 1) return;
    const most = Math.max(...history);
    this.bars.replaceChildren(...[...history, 0].map((count) => {
      const bar = document.createElement("i");
      bar.style.height = `${Math.max(2, (100 * count) / most)}%`;
      return bar;
    }));
  }

  tell() {
    const until = this.until();
    const text = until === null ? "All time" : `Until ${month(until)}`;
    this.when.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    [...this.bars.children].forEach((bar, place) => {
      bar.className = until === null || this.months[0] + place <= until ? "lit" : "";
    });
  }

  playOrPause() {
    if (this.playing) {
      this.stop();
      this.ask();
      return;
    }
    if (this.until() === null) this.slider.value = this.months[0];
    this.playing = true;
    this.name("❚❚", "Pause");
    this.show();
  }

  show() {
    this.begun = performance.now();
    this.tell();
    this.ask({ passing: true });
  }

  // The next month, once the one before it was drawn and seen.
  playOn() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.slider.value = Number(this.slider.value) + 1;
      if (this.until() !== null) {
        this.show();
        return;
      }
      this.stop();
      this.tell();
      this.ask();
    }, Math.max(0, STEP - (performance.now() - this.begun)));
  }

  stop() {
    clearTimeout(this.timer);
    this.playing = false;
    this.name("▶", "Play the months");
  }

  name(sign, name) {
    this.play.textContent = sign;
    attributes(this.play, { "aria-label": name, title: name });
  }
}
