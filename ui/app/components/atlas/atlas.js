// Draws the atlas and moves it: what was sent is scaled at once, and what comes into view asked for.
// Rule: text from the Hub is drawn on the canvas or set as textContent, and nothing else.

import { drawScene } from "./drawing.js";
import { Legend } from "./legend.js";
import { attributes, element, within } from "./page.js";
import { scaleOf, unpack } from "./scene.js";
import { find } from "./targets.js";
import { Timeline } from "./timeline.js";

const PAUSE = 60; // milliseconds without a move before Python is asked
const LEAST = 0.5, MOST = 1e5; // of the zoom, as graph/view/atlas/window.py has it
const pictures = new WeakMap();

export default function atlas({ parentElement, data, setTriggerValue }) {
  let picture = pictures.get(parentElement);
  if (!picture) pictures.set(parentElement, (picture = new Picture(parentElement)));
  picture.update(data, setTriggerValue);
  const { age } = picture;
  return () => {
    if (picture.age !== age) return; // a newer drawing took over
    picture.remove();
    pictures.delete(parentElement);
  };
}

class Picture {
  constructor(parent) {
    this.age = 0;
    this.asked = 0; // the number of the last look that Python was asked for
    this.target = null; // what the pointer is at
    this.pointers = new Map();
    this.build(parent);
    this.listen();
    // For whoever looks from outside, such as a test: what is drawn, to read only.
    this.root.atlas = Object.freeze({
      view: () => ({ ...this.view }), scene: () => this.scene,
      place: (x, y) => this.toScreen(x, y), busy: () => Boolean(this.timer || this.flying || this.waiting),
    });
  }

  build(parent) {
    this.root = element("div", "atlas");
    this.stage = element("div", "stage");
    attributes(this.stage, { tabindex: "0", role: "application" });
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.tip = element("div", "tip");
    this.tip.hidden = true;
    this.seen = element("div", "seen");
    this.spoken = element("div", "spoken");
    attributes(this.spoken, { "aria-live": "polite" });
    const buttons = element("div", "buttons");
    for (const [sign, name, act] of [
      ["+", "Zoom in", () => this.zoomBy(2)],
      ["−", "Zoom out", () => this.zoomBy(1 / 2)],
      ["⤢", "Show all", () => this.fly({ x: 0, y: 0, zoom: 1 })],
    ]) buttons.append(this.button(sign, name, act));
    this.stage.append(this.canvas, this.tip, this.seen, this.spoken, buttons);
    this.legend = new Legend(() => this.redraw());
    this.time = new Timeline((kind) => this.ask(kind), () => this.askSoon());
    this.root.append(this.stage, this.legend.root, this.time.root);
    parent.append(this.root);
  }

  button(sign, name, act) {
    const made = element("button", "button", sign);
    attributes(made, { type: "button", "aria-label": name, title: name });
    made.addEventListener("click", act);
    return made;
  }

  remove() {
    clearTimeout(this.timer);
    this.time.stop();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.flight);
    this.resized.disconnect();
    this.root.remove();
  }

  // --- what Python sends ----------------------------------------------------------------------

  async update(data, setTriggerValue) {
    this.age += 1;
    const { age } = this;
    this.send = setTriggerValue;
    const scene = data === this.data ? this.scene : await unpack(data);
    if (age !== this.age) return;
    this.data = data;
    const before = this.scene;
    this.scene = scene;
    if (scene.answers === this.asked || scene.answers === null) this.waiting = false;
    this.readColours();
    this.image = null;
    this.follow(before);
    this.legend.update(scene, this.colours);
    this.time.update(scene, scene.answers === this.asked);
    this.describe();
    if (!this.measure()) this.draw();
    this.root.dataset.drawn = String(age);
  }

  // Where to look now: an answer to our own question moves nothing, another address does.
  follow(before) {
    const { window: sent, mark, answers } = this.scene;
    const wanted = { x: sent.x, y: sent.y, zoom: sent.zoom };
    if (!before) {
      this.view = wanted;
      return;
    }
    if (answers !== null) return;
    const moved = differ(wanted, before.window);
    if (mark && mark.number !== before.mark?.number && !moved) this.fly(mark);
    else if (differ(wanted, this.view) && !this.timer) this.fly(wanted, { tell: false });
  }

  ask(kind = {}, { x, y, zoom } = this.view) {
    clearTimeout(this.timer);
    this.timer = null;
    this.asked += 1;
    this.waiting = true;
    const { width, height } = this.size;
    this.send("look", { number: this.asked, x, y, zoom, width, height, until: this.time.until(), ...kind });
  }

  askSoon(kind = {}) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(kind), PAUSE);
  }

  // Takes the size of the stage; returns whether it is another one than Python knew of.
  measure() {
    const width = Math.round(this.stage.clientWidth), height = Math.round(this.stage.clientHeight);
    if (!width || !height) return true;
    this.size = { width, height };
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    }
    this.ratio = ratio;
    this.draw();
    const { window: sent } = this.scene;
    if (Math.abs(sent.width - width) + Math.abs(sent.height - height) > 2) this.askSoon({ sizing: true });
    return true;
  }

  // --- moving ---------------------------------------------------------------------------------

  scale() {
    return scaleOf({ ...this.size, zoom: this.view.zoom });
  }

  toScreen(x, y) {
    const scale = this.scale();
    return {
      x: (x - this.view.x) * scale + this.size.width / 2,
      y: (y - this.view.y) * scale + this.size.height / 2,
    };
  }

  toPlane({ x, y }) {
    const scale = this.scale();
    return {
      x: (x - this.size.width / 2) / scale + this.view.x,
      y: (y - this.size.height / 2) / scale + this.view.y,
    };
  }

  moveTo({ x, y, zoom }) {
    this.view = {
      x: within(x, -1, 1), y: within(y, -1, 1), zoom: within(zoom, LEAST, MOST),
    };
    this.tip.hidden = true;
    this.redraw();
  }

  panBy(right, down) {
    this.cancelFlight();
    const scale = this.scale();
    this.moveTo({ ...this.view, x: this.view.x + right / scale, y: this.view.y + down / scale });
    this.askSoon();
  }

  zoomBy(factor) {
    this.fly({ ...this.view, zoom: within(this.view.zoom * factor, LEAST, MOST) }, { time: 180 });
  }

  zoomAt(point, factor) {
    this.cancelFlight();
    const before = this.toPlane(point);
    this.view = { ...this.view, zoom: within(this.view.zoom * factor, LEAST, MOST) };
    const after = this.toPlane(point);
    this.moveTo({
      ...this.view, x: this.view.x + before.x - after.x, y: this.view.y + before.y - after.y,
    });
    this.askSoon();
  }

  // Glides to a view, and meanwhile asks for what is there unless it was Python that sent it.
  fly(wanted, { time = 700, tell = true } = {}) {
    this.cancelFlight();
    const from = { ...this.view }, begun = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now) => {
      const share = still ? 1 : Math.min(1, (now - begun) / time);
      const eased = 1 - (1 - share) ** 3;
      const zoom = from.zoom * (wanted.zoom / from.zoom) ** eased;
      // Places follow the zoom, so that what is flown to stays in sight while one comes near.
      const same = Math.abs(wanted.zoom / from.zoom - 1) < 1e-6;
      const near = same ? eased : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / wanted.zoom);
      this.moveTo({
        x: from.x + (wanted.x - from.x) * near, y: from.y + (wanted.y - from.y) * near, zoom,
      });
      if (share < 1) {
        this.flight = requestAnimationFrame(step);
        return;
      }
      this.flying = false;
    };
    this.flying = true;
    if (tell) this.ask({}, wanted);
    this.flight = requestAnimationFrame(step);
  }

  cancelFlight() {
    this.flying = false;
    cancelAnimationFrame(this.flight);
  }

  // --- drawing --------------------------------------------------------------------------------

  readColours() {
    const style = getComputedStyle(this.root);
    const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
    const page = read("--st-background-color", "#ffffff");
    const dark = brightness(page) < 0.4;
    this.ink = {
      page, text: read("--st-text-color", dark ? "#e6ebf0" : "#1a2430"),
      accent: read("--st-primary-color", dark ? "#7cb8ff" : "#1463b5"),
      font: read("--st-font", "sans-serif"),
    };
    this.colours = this.scene.classes.map((each) => each[dark ? 3 : 2]);
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (!this.scene || !this.size) return;
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, this.size.width, this.size.height);
    drawScene(ctx, this);
  }

  // --- pointing -------------------------------------------------------------------------------

  point(at) {
    const target = at && this.scene ? find(this, at) : null;
    if (target?.number !== this.target?.number || Boolean(target) !== Boolean(this.target)) {
      this.target = target;
      this.redraw();
    }
    this.stage.classList.toggle("pointing", Boolean(target));
    this.showTip(at);
  }

  showTip(at) {
    this.tip.hidden = !this.target || !at;
    if (this.tip.hidden) return;
    const { name, lines } = this.target;
    this.tip.replaceChildren(
      element("b", "", name), ...lines.map((line) => element("span", "", line)),
      element("span", "hint", "Click to explore it"));
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const left = within(at.x + 16, 6, this.size.width - width - 6);
    const top = at.y + 18 + height > this.size.height ? at.y - height - 12 : at.y + 18;
    Object.assign(this.tip.style, { left: `${left}px`, top: `${Math.max(6, top)}px` });
  }

  open(target) {
    if (target) this.send("open", target.number);
  }

  // --- gestures and keys ----------------------------------------------------------------------

  listen() {
    this.resized = new ResizeObserver(() => this.scene && this.measure());
    this.resized.observe(this.stage);
    const { stage, canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.pressed(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this.released(event));
    }
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("dblclick", (event) => event.preventDefault());
    stage.addEventListener("keydown", (event) => this.typed(event));
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (!this.scene) return;
      const by = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
      this.zoomAt(this.at(event), Math.exp(-within(by, -300, 300) / 260));
    }, { passive: false });
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  pressed(event) {
    if (event.button > 0 || !this.scene) return;
    this.stage.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.at(event));
    this.dragged = this.pointers.size > 1;
    this.cancelFlight();
  }

  moved(event) {
    if (!this.scene) return;
    const at = this.at(event), before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.point(at);
      return;
    }
    if (this.pointers.size === 1) {
      if (!this.dragged && Math.hypot(at.x - before.x, at.y - before.y) < 4) return;
      this.dragged = true;
      this.stage.classList.add("dragging");
      this.panBy(before.x - at.x, before.y - at.y);
    } else {
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, each]) => each);
      const apart = Math.hypot(at.x - other.x, at.y - other.y);
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      if (was > 0 && apart > 0) this.zoomAt({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, apart / was);
    }
    this.pointers.set(event.pointerId, at);
  }

  released(event) {
    const had = this.pointers.delete(event.pointerId);
    this.stage.classList.remove("dragging");
    if (!had || this.dragged || event.type === "pointercancel") return;
    const at = this.at(event), before = this.target;
    this.point(at);
    // A finger has nothing to hover with: its first tap tells the name, the second one opens.
    const told = event.pointerType !== "touch" || (before && before.number === this.target?.number);
    if (told) this.open(this.target);
  }

  typed(event) {
    if (event.target !== this.stage || event.altKey || event.ctrlKey || event.metaKey || !this.scene) return;
    const by = Math.min(this.size.width, this.size.height) / 5;
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (event.key in moves) this.panBy(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoomBy(2);
    else if (event.key === "-") this.zoomBy(1 / 2);
    else if (event.key === "0") this.fly({ x: 0, y: 0, zoom: 1 });
    else if (event.key === "Enter") this.open(this.scene.mark || this.middle());
    else return;
    event.preventDefault();
  }

  // What is in the middle of the picture: keys point there.
  middle() {
    return find(this, { x: this.size.width / 2, y: this.size.height / 2 });
  }

  // What is in view, for those who hear it.
  describe() {
    const { seen, discs, mark } = this.scene;
    this.seen.textContent = `${seen.toLocaleString("en")} ${seen === 1 ? "dot" : "dots"} in view`;
    const families = discs.filter((disc) => disc[9]).slice(0, 3).map((disc) => disc[1]);
    this.stage.setAttribute("aria-label",
      `Atlas: ${seen.toLocaleString("en")} repositories in view`
      + (families.length ? `, the largest families are those of ${families.join(", ")}` : "")
      + (mark ? `; ${mark.name} is marked` : "")
      + ". Arrow keys move, plus and minus zoom, 0 shows all, Enter opens what is marked or in the"
      + " middle. The table below says the same.");
    if (mark) this.spoken.textContent = `${mark.name} is marked`;
  }
}

function differ(one, other) {
  const far = 2e-3 / Math.max(one.zoom, other.zoom);
  return Math.abs(one.x - other.x) > far || Math.abs(one.y - other.y) > far
    || Math.abs(one.zoom / other.zoom - 1) > 1e-3;
}

function brightness(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(probe.fillStyle.slice(place, place + 2), 16));
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
