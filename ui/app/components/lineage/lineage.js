// Draws a lineage at the places that Python worked out, and reports clicks.
// Rule: text from the Hub is drawn on the canvas or set as textContent, and nothing else.

import { BARE, HANDLED, drawHandles, drawNode, sizeOf } from "./cards.js";
import { Camera } from "./camera.js";
import { attributes, element, within } from "./dom.js";
import { nameOf, save, toPng, toSvg } from "./files.js";
import { boundsOf, heightOf, readable } from "./frame.js";
import { between, glide } from "./gliding.js";
import { drawLegend } from "./legend.js";
import { drawLines } from "./lines.js";
import { Minimap } from "./minimap.js";
import { told } from "./outside.js";
import { hit, neighbour } from "./picking.js";
import { Scene, identity } from "./scene.js";
import { CanvasSurface } from "./surface.js";
import { Tools } from "./tools.js";
import { linesOf, sentence, steps, title } from "./words.js";

const MARGIN = 60; // pixels from the edge of the picture at which the keys move it on
const drawings = new WeakMap();

export default function lineage({ parentElement, data, setTriggerValue }) {
  let drawing = drawings.get(parentElement);
  if (!drawing) drawings.set(parentElement, (drawing = new Drawing(parentElement)));
  drawing.update(data, setTriggerValue);
  const { age } = drawing;
  return () => {
    if (drawing.age !== age) return; // a newer drawing took over
    drawing.remove();
    drawings.delete(parentElement);
  };
}

class Drawing {
  constructor(parent) {
    this.age = 0;
    this.scene = new Scene();
    this.places = [];
    this.matches = [];
    this.cancel = () => {};
    this.build(parent);
    this.camera = new Camera(this.canvas, {
      draw: (ctx) => this.draw(new CanvasSurface(ctx)),
      drawn: () => this.minimap?.draw(this.scene, this.places, this.bounds()),
      click: (point, shift) => this.clicked(point, shift),
    });
    this.minimap = new Minimap(this.camera);
    this.stage.append(this.minimap.root);
    this.listen();
    // For whoever looks from outside, such as a test: what is drawn, to read only.
    this.root.lineage = told(this.scene, this.camera, () => this.targets);
  }

  build(parent) {
    this.root = element("div", "lineage");
    this.stage = attributes(element("div", "stage"), { tabindex: "0", role: "application" });
    this.canvas = element("div", "canvas");
    this.tip = element("div", "tip");
    this.tip.hidden = true;
    this.spoken = attributes(element("div", "spoken"), { "aria-live": "polite" });
    this.legend = element("div", "legend");
    this.tools = new Tools({
      find: (text) => this.find(text), next: (by) => this.next(by), clear: () => this.clear(),
      zoom: (factor) => this.camera.look(this.camera.middle, this.camera.scale * factor),
      fit: () => this.fit(), settle: () => this.camera.look(...this.settled()),
      fullscreen: () => this.fullscreen(), save: (kind) => this.save(kind),
    });
    this.stage.append(this.canvas, this.tip, this.spoken);
    this.root.append(this.tools.root, this.tools.told, this.stage, this.legend);
    parent.append(this.root);
  }

  listen() {
    this.stage.addEventListener("keydown", (event) => this.pressed(event));
    // The wheel scrolls the page unless the picture has the focus, or Ctrl is held.
    this.stage.addEventListener("wheel", (event) => {
      const zooms = event.ctrlKey || event.metaKey || this.stage.matches(":focus-within");
      if (!zooms) event.stopPropagation();
    }, { capture: true, passive: true });
    this.canvas.addEventListener("mousemove", (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.pointed({ x: event.clientX - box.left, y: event.clientY - box.top });
    });
    this.canvas.addEventListener("mouseleave", () => this.pointed(null));
    document.addEventListener("fullscreenchange", this.refit = () => {
      if (!this.scene.data) return;
      this.grow();
      this.camera.look(...this.settled());
    });
  }

  remove() {
    this.cancel();
    document.removeEventListener("fullscreenchange", this.refit);
    this.camera.remove();
    this.root.remove();
  }

  // --- what is new --------------------------------------------------------------------------

  update(data, setTriggerValue) {
    this.age += 1;
    this.send = setTriggerValue;
    this.scene.colours(this.root);
    const text = JSON.stringify(data);
    if (text !== this.text) this.change(data);
    this.text = text;
    drawLegend(this.legend, this.scene);
    this.camera.redraw();
  }

  // Shows new data: what stays glides to its new place, around what holds still on the screen.
  change(data) {
    const { scene } = this, first = !scene.data;
    const before = scene.data?.nodes, old = this.places;
    const sameFocus = !first && identity(before[scene.data.focus]) === identity(data.nodes[data.focus]);
    const kept = scene.take(data);
    const came = (node) => old[kept.get(identity(node))];
    const anchor = this.anchorOf(data, kept);
    const held = came(anchor), point = held && this.camera.onScreen(held);
    const shift = held ? { x: held.x - anchor.x, y: held.y - anchor.y } : { x: 0, y: 0 };
    this.targets = data.nodes.map(({ x, y }) => ({ x: x + shift.x, y: y + shift.y }));
    const starts = data.nodes.map((node) => came(node) || held && { ...held, alpha: 0 });
    this.tip.hidden = true;
    this.places = this.targets;
    this.grow();
    if (held) this.camera.hold(held, point);
    const from = [this.camera.middle, this.camera.scale];
    const to = sameFocus ? from : this.settled();
    this.tell();
    this.find(this.tools.input.value);
    this.glide(starts, held ? from : to, to);
    this.describe();
  }

  // What was clicked, where it still is there; else the focus.
  anchorOf(data, kept) {
    const clicked = data.nodes.find((node) => identity(node) === this.turning);
    this.turning = null;
    if (clicked && kept.has(identity(clicked))) return clicked;
    return data.nodes[data.focus];
  }

  glide(starts, from, to) {
    const { age } = this, { targets } = this, focus = this.scene.data.nodes[this.scene.data.focus].iri;
    this.cancel();
    const step = (part) => {
      this.places = targets.map((target, id) => {
        const start = starts[id];
        if (!start || part === 1) return target;
        return {
          x: between(start.x, target.x, part), y: between(start.y, target.y, part),
          alpha: between(start.alpha ?? 1, 1, part),
        };
      });
      if (from !== to) {
        this.camera.look({
          x: between(from[0].x, to[0].x, part), y: between(from[0].y, to[0].y, part),
        }, between(from[1], to[1], part));
      } else this.camera.redraw();
      this.root.dataset.focus = focus;
      this.root.dataset.drawn = String(age);
    };
    const known = starts.some(Boolean);
    this.camera.look(...from);
    if (known) this.cancel = glide(step, () => this.rest());
    else {
      step(1);
      this.rest();
    }
  }

  rest() {
    this.root.dataset.settled = String(this.age);
  }

  describe() {
    this.stage.setAttribute("aria-label", title(this.scene));
    const { nodes } = this.scene.data;
    this.spoken.textContent = `Now at ${nodes[this.scene.active].id || nodes[this.scene.active].name}`;
  }

  // --- the part that is in sight -------------------------------------------------------------

  bounds() {
    return boundsOf(this.scene.data, this.targets, this.camera);
  }

  settled() {
    return readable(this.bounds(), this.targets[this.scene.data.focus], this.camera);
  }

  // As high as the picture needs at the width there is, within what the style sheet allows.
  grow() {
    this.canvas.style.height = "";
    if (document.fullscreenElement !== this.root) {
      const needed = heightOf(this.bounds(), this.canvas.clientWidth);
      this.canvas.style.height = `${Math.min(this.canvas.clientHeight, Math.max(360, needed))}px`;
    }
    this.camera.resize();
  }

  fit() {
    const { x, y, scale } = this.bounds();
    this.camera.look({ x, y }, scale);
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  draw(surface) {
    if (!this.scene.data) return;
    const { scene, places } = this, sight = this.camera.sight(), { scale } = this.camera;
    drawLines(surface, scene, places);
    const seen = places.map((_, id) => id).filter((id) => {
      const { width, height } = sizeOf(scene.data.nodes[id]), { x, y } = places[id];
      return x + width > sight.left && x - width < sight.right
        && y + height > sight.top && y - height < sight.bottom;
    });
    for (const id of seen) drawNode(surface, scene, id, places[id], scale >= BARE);
    if (scale >= HANDLED) for (const id of seen) drawHandles(surface, scene, id, places[id]);
  }

  async save(kind) {
    const make = kind === "png" ? toPng : toSvg;
    save(await make(this.scene, this.targets, this.bounds()), `${nameOf(this.scene)}.${kind}`);
  }

  // --- pointing and clicking -----------------------------------------------------------------

  clicked(point, shift) {
    const { id, side } = hit(this.scene.data, this.places, this.camera, point);
    if (id < 0) return;
    if (side) this.turn(id, side);
    else if (shift) this.pick(id);
    else this.choose(id);
  }

  // Opens a side of a node that is closed, closes one that is open.
  turn(id, side) {
    const node = this.scene.data.nodes[id], [, helpings, usual] = node[side];
    this.ask(node, node.iri, side, helpings ? 0 : 1, usual);
  }

  ask(node, of, side, helpings, usual) {
    this.turning = identity(node);
    this.send("turn", { node: of, side, helpings, usual });
  }

  choose(id) {
    const node = this.scene.data.nodes[id];
    this.scene.active = id;
    this.camera.redraw();
    if (node.more) {
      const owner = this.scene.data.nodes.find(({ iri }) => iri === node.of);
      this.ask(owner, node.of, node.side, node.helpings + 1, node.usual);
    } else if (node.group) this.ask(node, node.of, node.side, node.helpings ? 0 : 1, 0);
    else if (id !== this.scene.data.focus) this.send("focus", node.iri);
  }

  pick(id) {
    if (!this.scene.data.nodes[id].iri) return;
    const { picks } = this.scene;
    this.scene.choose(picks.includes(id) ? picks.filter((one) => one !== id) : [...picks, id].slice(-2));
    this.tell();
    this.camera.redraw();
  }

  // Says what stands out: the path between two picks, or one that came with the data.
  tell() {
    const { picks, data, outside } = this.scene;
    if (picks.length === 1) {
      this.tools.tell(`From ${data.nodes[picks[0]].id} … pick another for the path between them.`);
    } else if (picks.length === 2) this.tools.tell(steps(this.scene, this.scene.trail));
    else this.tools.tell(outside ? steps(this.scene, outside) : "");
  }

  pointed(point) {
    const { id, side } = point
      ? hit(this.scene.data, this.places, this.camera, point) : { id: -1 };
    this.canvas.classList.toggle("pointing", id >= 0 || Boolean(side));
    if (id === this.scene.pointed) return;
    this.scene.point(id);
    this.camera.redraw();
    this.showTip(id);
  }

  showTip(id) {
    this.tip.hidden = id < 0;
    if (id < 0) return;
    const [first, ...rest] = linesOf(this.scene, id);
    this.tip.replaceChildren(element("b", "", first), ...rest.map((line) => element("span", "", line)));
    const half = (sizeOf(this.scene.data.nodes[id]).height / 2) * this.camera.scale + 16;
    const place = this.camera.onScreen(this.places[id]);
    const width = this.tip.offsetWidth, height = this.tip.offsetHeight;
    const above = place.y + half + height > this.camera.height;
    const left = within(place.x - width / 2, 6, this.camera.width - width - 6, 6);
    const top = above ? place.y - half - height : place.y + half;
    Object.assign(this.tip.style, { left: `${left}px`, top: `${Math.max(4, top)}px` });
  }

  // --- keys ----------------------------------------------------------------------------------

  pressed(event) {
    if (event.target !== this.stage || event.altKey || event.ctrlKey || event.metaKey) return;
    const { scene } = this, walk = (right, down) => () => {
      const id = neighbour(scene.data, scene.active, right, down);
      if (id >= 0) this.walkTo(id);
    };
    const acts = {
      ArrowLeft: walk(-1, 0), ArrowRight: walk(1, 0), ArrowUp: walk(0, -1), ArrowDown: walk(0, 1),
      Enter: () => this.choose(scene.active), " ": () => this.choose(scene.active),
      Home: () => this.walkTo(scene.data.focus), Escape: () => this.clear(),
      "+": () => this.unfold(true), "-": () => this.unfold(false),
      p: () => this.pick(scene.active), "/": () => this.tools.input.focus(), 0: () => this.fit(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // Opens what is hidden of the node that the keys are at, or closes what was opened last.
  unfold(open) {
    const node = this.scene.data.nodes[this.scene.active];
    if (!node.iri) {
      if (node.more ? open : Boolean(node.helpings) !== open) this.choose(this.scene.active);
      return;
    }
    const away = this.targets[this.scene.active].x < this.targets[this.scene.data.focus].x ? "pc" : "cp";
    const side = [...away].find((one) => node[one] && Boolean(node[one][1]) !== open);
    if (side) this.turn(this.scene.active, side);
  }

  walkTo(id) {
    this.scene.active = id;
    this.scene.point(id);
    this.spoken.textContent = sentence(this.scene, id);
    const place = this.camera.onScreen(this.targets[id]);
    if (place.x < MARGIN || place.y < MARGIN || place.x > this.camera.width - MARGIN
      || place.y > this.camera.height - MARGIN) this.camera.look(this.targets[id]);
    this.camera.redraw();
    this.showTip(id);
  }

  clear() {
    this.tools.input.value = "";
    this.find("");
    this.scene.outside = null;
    this.scene.choose([]);
    this.pointed(null);
    this.tell();
    this.camera.redraw();
    this.stage.focus();
  }

  // --- the search inside the view --------------------------------------------------------------

  find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean), { nodes } = this.scene.data;
    const holds = (node) => words.every((word) => (node.id || "").toLowerCase().includes(word));
    this.matches = words.length ? nodes.map((_, id) => id).filter((id) => holds(nodes[id])) : [];
    this.scene.found = new Set(this.matches);
    this.at = -1;
    this.tools.report(words.length ? `${this.matches.length} found` : "");
    this.camera.redraw();
  }

  next(by) {
    if (!this.matches.length) return;
    this.at = (this.at + by + this.matches.length) % this.matches.length;
    this.tools.report(`${this.at + 1} of ${this.matches.length}`);
    this.walkTo(this.matches[this.at]);
  }
}
