// Draws the atlas and moves it: what was sent is scaled at once, and what comes into view asked for.
// Rule: text from the Hub is drawn on the canvas or set as textContent, and nothing else.

import { Names, shortened } from "./names.js";
import { paint, scaleOf, stipple, unpack } from "./scene.js";

const PAUSE = 120; // milliseconds without a move before Python is asked
const STEP = 260; // milliseconds of a month while time plays
const REACH = 14; // pixels around a point in which a click still counts
const LEAST = 0.5, MOST = 1e5; // of the zoom, as graph/atlas/window.py has it
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
    this.only = -1; // the class of the legend that is picked out
    this.peeked = -1; // likewise, while it is pointed at
    this.target = null; // what the pointer is at
    this.pointers = new Map();
    this.build(parent);
    this.listen();
    // For whoever looks from outside, such as a test: what is drawn, to read only.
    this.root.atlas = Object.freeze({
      view: () => ({ ...this.view }), scene: () => this.scene,
      place: (x, y) => this.toScreen(x, y),
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
    this.legend = element("div", "legend");
    this.buildTime();
    this.root.append(this.stage, this.legend, this.time);
    parent.append(this.root);
  }

  buildTime() {
    this.time = element("div", "time");
    this.play = this.button("▶", "Play the months", () => this.playOrPause());
    const slide = element("div", "slide");
    this.bars = element("div", "bars");
    this.slider = element("input", "");
    Object.assign(this.slider, { type: "range", step: 1 });
    this.slider.setAttribute("aria-label", "Show what was created up to a month");
    slide.append(this.bars, this.slider);
    this.when = element("div", "when");
    this.time.append(this.play, slide, this.when);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.tellTime();
      this.askSoon();
    });
  }

  button(sign, name, act) {
    const made = element("button", "button", sign);
    attributes(made, { type: "button", "aria-label": name, title: name });
    made.addEventListener("click", act);
    return made;
  }

  remove() {
    clearTimeout(this.timer);
    clearTimeout(this.playing);
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
    this.readColours();
    this.image = null;
    this.follow(before);
    this.drawLegend();
    this.drawTime();
    this.describe();
    this.stage.dispatchEvent(new Event("arrived"));
    if (!this.measure()) this.draw();
    this.root.dataset.drawn = String(age);
    this.root.dataset.answers = String(scene.answers ?? "");
    this.playOn();
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

  ask(kind = {}) {
    clearTimeout(this.timer);
    this.timer = null;
    this.asked += 1;
    this.root.dataset.asked = String(this.asked);
    const { x, y, zoom } = this.view;
    const { width, height } = this.size;
    this.send("look", { number: this.asked, x, y, zoom, width, height, until: this.until(), ...kind });
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

  // Glides to a view, and then asks for what is there unless it was Python that sent it.
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
      if (share < 1) this.flight = requestAnimationFrame(step);
      else if (tell) this.ask();
    };
    this.flight = requestAnimationFrame(step);
  }

  cancelFlight() {
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
    this.drawDiscs(ctx);
    if (this.scene.points === undefined) this.drawImage(ctx);
    else this.drawPoints(ctx);
    this.drawTarget(ctx);
    this.drawNames(ctx);
  }

  picked() {
    return this.peeked >= 0 ? this.peeked : this.only;
  }

  drawDiscs(ctx) {
    const scale = this.scale();
    ctx.lineWidth = 1;
    for (const disc of this.scene.discs) {
      const { x, y } = this.toScreen(disc[2], disc[3]);
      ctx.beginPath();
      ctx.arc(x, y, disc[4] * scale, 0, 2 * Math.PI);
      ctx.fillStyle = this.ink.text;
      ctx.globalAlpha = 0.022;
      ctx.fill();
      ctx.strokeStyle = this.ink.text;
      ctx.globalAlpha = disc[9] ? 0.16 : 0.1;
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  // What was sent as one picture is scaled to where its window is now.
  drawImage(ctx) {
    const { window: sent, raster } = this.scene;
    const only = this.picked();
    if (!this.image || this.imageOnly !== only) {
      this.imageOnly = only;
      this.image = raster
        ? paint(this.scene, this.colours, only) : stipple(this.scene, this.colours, only, this.ratio);
    }
    const scale = scaleOf(sent), ratio = this.scale() / scale;
    const { x, y } = this.toScreen(sent.x - sent.width / scale / 2, sent.y - sent.height / scale / 2);
    const width = raster ? raster.columns * raster.size : sent.width;
    const height = raster ? raster.rows * raster.size : sent.height;
    ctx.imageSmoothingEnabled = !raster || ratio * raster.size < 3;
    ctx.drawImage(this.image, x, y, width * ratio, height * ratio);
  }

  drawPoints(ctx) {
    const { scene } = this;
    const room = scene.unit * this.scale(); // pixels of radius that a point has
    this.drawLines(ctx, room);
    const only = this.picked();
    for (let n = scene.points - 1; n >= 0; n -= 1) {
      const { x, y } = this.toScreen(scene.xs[n], scene.ys[n]);
      if (x < -40 || y < -40 || x > this.size.width + 40 || y > this.size.height + 40) continue;
      ctx.globalAlpha = only < 0 || only === scene.codes[n] ? 0.92 : 0.1;
      ctx.fillStyle = this.colours[scene.codes[n]];
      ctx.beginPath();
      ctx.arc(x, y, this.radius(n, room), 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }

  radius(n, room) {
    return within(room * (0.3 + (0.5 * this.scene.sizes[n]) / 255), 0.9, 26);
  }

  drawLines(ctx, room) {
    const { lines, xs, ys } = this.scene;
    if (room < 2) return;
    ctx.strokeStyle = this.ink.text;
    ctx.globalAlpha = within(room / 60, 0.07, 0.2);
    ctx.lineWidth = within(room / 14, 0.6, 1.6);
    ctx.beginPath();
    const lit = new Path2D(), numbers = this.scene.numbers;
    const targets = new Set([this.target?.number, this.scene.mark?.number]);
    const far = Math.min(this.size.width, this.size.height) / 4;
    for (let n = 0; n < lines.length; n += 2) {
      const child = this.toScreen(xs[lines[n]], ys[lines[n]]);
      const parent = this.toScreen(xs[lines[n + 1]], ys[lines[n + 1]]);
      const isLit = targets.has(numbers[lines[n]]) || targets.has(numbers[lines[n + 1]]);
      // Lines from one end of the picture to the other hide more than they tell.
      if (!isLit && Math.hypot(child.x - parent.x, child.y - parent.y) > far) continue;
      const path = isLit ? lit : ctx;
      path.moveTo(parent.x, parent.y);
      path.lineTo(child.x, child.y);
    }
    ctx.stroke();
    ctx.globalAlpha = 0.75;
    ctx.strokeStyle = this.ink.accent;
    ctx.stroke(lit);
    ctx.globalAlpha = 1;
  }

  drawTarget(ctx) {
    const { mark } = this.scene;
    if (mark) {
      const { x, y } = this.toScreen(mark.x, mark.y);
      ring(ctx, x, y, 9, this.ink.page, 5);
      ring(ctx, x, y, 9, this.ink.accent, 2.5);
      ring(ctx, x, y, 15, this.ink.accent, 1);
    }
    if (!this.target) return;
    const { x, y } = this.toScreen(this.target.x, this.target.y);
    ring(ctx, x, y, Math.max(5, this.target.radius * this.scale() + 1.5), this.ink.accent, 2);
  }

  drawNames(ctx) {
    const { scene } = this;
    const scale = this.scale(), names = new Names(ctx, this.ink, this.size.width, this.size.height);
    if (scene.mark) {
      const { x, y } = this.toScreen(scene.mark.x, scene.mark.y);
      names.write([shortened(scene.mark.name, 44)], x, y - 26, { size: 14, bold: true, force: true });
    }
    let written = 0;
    for (const [number, name, x, y, radius, , , , , members] of scene.discs) {
      const wide = radius * scale;
      if (wide < 24 || written > 60 || number === scene.mark?.number) continue;
      const place = this.toScreen(x, y);
      if (wide > this.size.height) continue; // the picture is within it
      const size = within(wide / 6, 11, 17);
      const most = Math.max(6, Math.floor((wide * 2) / (size * 0.56)));
      const lines = [shortened(name, Math.min(36, most))];
      if (wide > 44 && members) lines.push(`${members.toLocaleString("en")}`);
      // A branch is named at its upper edge: its family's name has the middle.
      const at = members ? place.y : place.y - wide + size;
      const style = { size: members ? size : Math.min(size, 13), bold: members > 0, faint: !members };
      if (names.write(lines, place.x, at, style)) written += 1;
    }
    if (scene.points !== undefined) this.namePoints(names);
  }

  namePoints(names) {
    const { scene } = this;
    const room = scene.unit * this.scale();
    if (room < 5) return;
    const most = room > 24 ? 300 : room > 12 ? 60 : 25;
    let written = 0;
    for (let n = 0; n < scene.points && written < most; n += 1) {
      if (scene.mark?.number === scene.numbers[n]) continue;
      const { x, y } = this.toScreen(scene.xs[n], scene.ys[n]);
      const fitting = Math.max(14, Math.floor((room * 2) / 6));
      const below = y + this.radius(n, room) + 9;
      const name = shortened(scene.names[n], Math.min(40, fitting));
      if (names.write([name], x, below, { size: room > 26 ? 12 : 11, faint: true })) written += 1;
    }
  }

  // --- pointing -------------------------------------------------------------------------------

  // The nearest point within reach, else the smallest disc that is there.
  find(at) {
    return this.findPoint(at) || this.findDisc(at);
  }

  findPoint(at) {
    const { scene } = this;
    if (scene.points === undefined) return null;
    const room = scene.unit * this.scale();
    let best = -1, least = REACH;
    for (let n = 0; n < scene.points; n += 1) {
      const { x, y } = this.toScreen(scene.xs[n], scene.ys[n]);
      const away = Math.max(0, Math.hypot(x - at.x, y - at.y) - this.radius(n, room));
      if (away < least) [best, least] = [n, away];
    }
    if (best < 0) return null;
    const downloads = scene.downloads[best];
    return {
      number: scene.numbers[best], name: scene.names[best], x: scene.xs[best], y: scene.ys[best],
      radius: this.radius(best, room) / this.scale(),
      lines: [
        scene.colour === "licence" || !scene.licences[best] ? "" : scene.classes[scene.codes[best]][0],
        scene.licences[best] || "no licence known",
        downloads < 0 ? "" : `${downloads.toLocaleString("en")} downloads`,
      ].filter(Boolean),
    };
  }

  findDisc(at) {
    const scale = this.scale();
    let best = null;
    for (const disc of this.scene.discs) {
      const { x, y } = this.toScreen(disc[2], disc[3]);
      const away = Math.hypot(x - at.x, y - at.y);
      if (away <= disc[4] * scale && disc[4] * scale < this.size.width && (!best || disc[4] < best[4])) {
        best = disc;
      }
    }
    if (!best) return null;
    const [number, name, x, y, radius, , , made, downloads, members] = best;
    return {
      number, name, x, y, radius,
      lines: [
        `${made.toLocaleString("en")} ${made === 1 ? "was" : "were"} made from it`
        + (members ? `; its family has ${members.toLocaleString("en")}` : ""),
        downloads === "–" ? "" : `${downloads} downloads`,
      ].filter(Boolean),
    };
  }

  point(at) {
    const target = at && this.scene ? this.find(at) : null;
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
    return this.find({ x: this.size.width / 2, y: this.size.height / 2 });
  }

  // --- time -----------------------------------------------------------------------------------

  // The month up to which is shown; null for all time, which is one step beyond the last.
  until() {
    const { months } = this.scene;
    const value = Number(this.slider.value);
    return !months || value > months[1] ? null : value;
  }

  drawTime() {
    const { months, history, until } = this.scene;
    this.time.hidden = !months || months[0] === months[1];
    if (this.time.hidden) return;
    Object.assign(this.slider, { min: months[0], max: months[1] + 1 });
    if (this.scene.answers === null || this.playing) this.slider.value = until ?? months[1] + 1;
    if (this.bars.childElementCount !== history.length + 1) {
      const most = Math.max(...history);
      const bars = [...history, 0].map((count) => {
        const bar = document.createElement("i");
        bar.style.height = `${Math.max(2, (100 * count) / most)}%`;
        return bar;
      });
      this.bars.replaceChildren(...bars);
    }
    this.tellTime();
  }

  tellTime() {
    const until = this.until(), { months } = this.scene;
    const text = until === null ? "All time" : `Until ${month(until)}`;
    this.when.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    [...this.bars.children].forEach((bar, place) => {
      bar.className = until === null || months[0] + place <= until ? "lit" : "";
    });
  }

  playOrPause() {
    if (this.playing) {
      this.stop();
      this.ask();
      return;
    }
    const { months } = this.scene;
    if (this.until() === null) this.slider.value = months[0];
    this.playing = setTimeout(() => {}, 0);
    this.setPlay("❚❚", "Pause");
    this.tellTime();
    this.begun = performance.now();
    this.ask({ passing: true });
  }

  // The next month, once the one before it was drawn and seen.
  playOn() {
    if (!this.playing || this.scene.answers !== this.asked) return;
    clearTimeout(this.playing);
    const wait = Math.max(0, STEP - (performance.now() - this.begun));
    this.playing = setTimeout(() => {
      this.begun = performance.now();
      this.slider.value = Number(this.slider.value) + 1;
      this.tellTime();
      if (this.until() !== null) {
        this.ask({ passing: true });
        return;
      }
      this.stop();
      this.ask();
    }, wait);
  }

  stop() {
    clearTimeout(this.playing);
    this.playing = null;
    this.setPlay("▶", "Play the months");
  }

  setPlay(sign, name) {
    this.play.textContent = sign;
    attributes(this.play, { "aria-label": name, title: name });
  }

  // --- words ----------------------------------------------------------------------------------

  drawLegend() {
    const { classes, alone, total, until, colour } = this.scene;
    if (this.legendOf !== colour) [this.legendOf, this.only, this.peeked] = [colour, -1, -1];
    const shown = classes.reduce((sum, each) => sum + each[4], 0);
    const most = Math.max(1, ...classes.map((each) => each[4]));
    const focused = [...(this.entries?.children ?? [])].indexOf(this.root.getRootNode().activeElement);
    this.entries = element("div", "entries");
    classes.forEach(([title, meaning, , , count], place) => {
      this.entries.append(this.entry(place, title, meaning, count, most));
    });
    const sum = element("p", "sum");
    const figure = (number, words) => {
      const line = element("span", "");
      line.append(element("b", "", number.toLocaleString("en")), ` ${words}`);
      sum.append(line);
    };
    figure(shown, until === null ? "repositories with lineage" : `of ${total.toLocaleString("en")} with lineage, created until ${month(until)}`);
    figure(alone, "stand alone: no lineage is declared, so they are no dots");
    if (until === null) figure(shown + alone, "in the graph");
    const heading = element("p", "heading", {
      licence: "Class of licence", task: "Task", relation: "How it was made", month: "Created",
    }[colour]);
    const help = element("p", "help",
      "Drag and zoom; names appear on the way. Click what is under the pointer to explore it, and an"
      + " entry above to pick its dots out.");
    this.legend.replaceChildren(heading, this.entries, sum, help);
    if (focused >= 0) this.entries.children[focused]?.focus();
    const seen = this.scene.seen;
    this.seen.textContent = `${seen.toLocaleString("en")} ${seen === 1 ? "dot" : "dots"} in view`;
  }

  entry(place, title, meaning, count, most) {
    const made = element("button", `entry${count ? "" : " none"}`);
    attributes(made, { type: "button", "aria-pressed": String(this.only === place), title: meaning });
    const swatch = element("span", "swatch"), share = element("span", "share");
    swatch.style.background = share.style.background = this.colours[place];
    share.style.width = `calc((100% - 2.15rem) * ${count / most})`;
    made.append(swatch, element("span", "title", title),
      element("span", "count", count.toLocaleString("en")), share);
    const peek = (which) => () => {
      this.peeked = which;
      this.redraw();
    };
    made.addEventListener("pointerenter", peek(place));
    made.addEventListener("pointerleave", peek(-1));
    made.addEventListener("click", () => {
      this.only = this.only === place ? -1 : place;
      this.peeked = -1;
      [...this.entries.children].forEach((entry, n) =>
        entry.setAttribute("aria-pressed", String(n === this.only)));
      this.redraw();
    });
    return made;
  }

  describe() {
    const { seen, discs, mark } = this.scene;
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

function month(number) {
  return new Date(Date.UTC(1970, number)).toLocaleDateString("en", {
    month: "short", year: "numeric", timeZone: "UTC",
  });
}

function ring(ctx, x, y, radius, colour, width) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

function within(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

function brightness(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(probe.fillStyle.slice(place, place + 2), 16));
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}
