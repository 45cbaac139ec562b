// The whole picture, small, with a frame around what is in sight; a click there moves it.

import { attributes, element } from "./dom.js";
import { sizeOf } from "./cards.js";

const WIDE = 168, HIGH = 112, MARGIN = 6;
const NARROW = 560; // pixels of the picture below which there is no room for it

export class Minimap {
  constructor(camera) {
    this.camera = camera;
    this.root = attributes(element("canvas", "minimap"), { "aria-hidden": "true" });
    const move = (event) => {
      if (event.buttons === 0 && event.type !== "pointerdown") return;
      const box = this.root.getBoundingClientRect();
      this.camera.look(this.fromMap(event.clientX - box.left, event.clientY - box.top));
      event.preventDefault();
    };
    this.root.addEventListener("pointerdown", move);
    this.root.addEventListener("pointermove", move);
  }

  fromMap(x, y) {
    return { x: (x - this.off.x) / this.scale, y: (y - this.off.y) / this.scale };
  }

  draw(scene, places, bounds) {
    const sight = this.camera.sight();
    const whole = sight.left <= bounds.left + 20 && sight.right >= bounds.right - 20
      && sight.top <= bounds.top + 20 && sight.bottom >= bounds.bottom - 20;
    this.root.hidden = whole || this.camera.width < NARROW;
    if (this.root.hidden) return;
    const ratio = devicePixelRatio || 1;
    attributes(this.root, { width: WIDE * ratio, height: HIGH * ratio });
    this.scale = Math.min((WIDE - 2 * MARGIN) / bounds.width, (HIGH - 2 * MARGIN) / bounds.height);
    this.off = { x: WIDE / 2 - bounds.x * this.scale, y: HIGH / 2 - bounds.y * this.scale };
    const ctx = this.root.getContext("2d");
    ctx.scale(ratio, ratio);
    const fill = (left, top, width, height) => ctx.fillRect(
      this.off.x + left * this.scale, this.off.y + top * this.scale,
      Math.max(2, width * this.scale), Math.max(1.5, height * this.scale));
    scene.data.nodes.forEach((node, id) => {
      const { width, height } = sizeOf(node), { x, y } = places[id];
      ctx.globalAlpha = Math.max(0.35, scene.alpha(id));
      ctx.fillStyle = id === scene.data.focus ? scene.ink.accent
        : node.iri && !node.state ? scene.shade(node)[scene.mode] : scene.ink.line;
      fill(x - width / 2, y - height / 2, width, height);
    });
    ctx.globalAlpha = 1;
    ctx.strokeStyle = scene.ink.accent;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(
      this.off.x + sight.left * this.scale, this.off.y + sight.top * this.scale,
      (sight.right - sight.left) * this.scale, (sight.bottom - sight.top) * this.scale);
  }
}
