// What the colours stand for, how many dots have each, and what the dots leave out.

import { attributes, element, month } from "./page.js";

const HEADS = {
  licence: "Class of licence", task: "Task", relation: "How it was made", month: "Created",
};
const HELP = "Drag and zoom; names appear on the way. Click what is under the pointer to explore it,"
  + " and an entry above to pick its dots out.";

export class Legend {
  // `redraw` is called when other dots are to be picked out.
  constructor(redraw) {
    this.redraw = redraw;
    this.root = element("div", "legend");
    this.pressed = this.peeked = -1;
  }

  // The class whose dots are picked out; -1: all are alike.
  picked() {
    return this.peeked >= 0 ? this.peeked : this.pressed;
  }

  update(scene, colours) {
    if (this.colour !== scene.colour) this.pressed = this.peeked = -1;
    this.colour = scene.colour;
    const active = this.root.getRootNode().activeElement;
    const focused = [...(this.entries?.children ?? [])].indexOf(active);
    const most = Math.max(1, ...scene.classes.map((each) => each[4]));
    this.entries = element("div", "entries");
    this.entries.append(...scene.classes.map(([title, meaning, , , count], place) =>
      this.entry(place, title, meaning, count, count / most, colours[place])));
    this.root.replaceChildren(
      element("p", "heading", HEADS[scene.colour]), this.entries, sum(scene), element("p", "help", HELP));
    if (focused >= 0) this.entries.children[focused]?.focus();
  }

  entry(place, title, meaning, count, part, colour) {
    const made = element("button", `entry${count ? "" : " none"}`);
    attributes(made, {
      type: "button", "aria-pressed": String(this.pressed === place), title: meaning,
    });
    const swatch = element("span", "swatch"), share = element("span", "share");
    swatch.style.background = share.style.background = colour;
    share.style.width = `calc((100% - 2.15rem) * ${part})`;
    made.append(swatch, element("span", "title", title),
      element("span", "count", count.toLocaleString("en")), share);
    made.addEventListener("pointerenter", () => this.peek(place));
    made.addEventListener("pointerleave", () => this.peek(-1));
    made.addEventListener("click", () => this.press(place));
    return made;
  }

  peek(place) {
    this.peeked = place;
    this.redraw();
  }

  press(place) {
    this.pressed = this.pressed === place ? -1 : place;
    this.peeked = -1;
    [...this.entries.children].forEach((entry, n) =>
      entry.setAttribute("aria-pressed", String(n === this.pressed)));
    this.redraw();
  }
}

// The dots and what stands alone are together the whole graph.
function sum({ classes, alone, named, total, until }) {
  const made = element("p", "sum");
  const shown = classes.reduce((count, each) => count + each[4], 0);
  const figure = (number, words) => {
    const line = element("span", "");
    line.append(element("b", "", number.toLocaleString("en")), ` ${words}`);
    made.append(line);
  };
  figure(shown, until === null ? "repositories with lineage"
    : `of ${total.toLocaleString("en")} with lineage, created until ${month(until)}`);
  figure(alone, "stand alone: no lineage is declared, so they are no dots");
  if (until === null) {
    const known = named ? `, of which ${named.toLocaleString("en")} are only named by others` : "";
    figure(shown + alone, `in the graph${known}`);
  }
  return made;
}
