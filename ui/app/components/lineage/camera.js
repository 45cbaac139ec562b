// What part of the picture is in sight. vis-network keeps it and knows the gestures: it draws none
// of the nodes, for it would tie lines to the nearest corners, where a lineage reads better with
// lines that leave on the right and arrive on the left.

import "./vis-network.min.js"; // no module: it leaves its names in globalThis.vis

const { Network } = globalThis.vis;
const LEAST = 0.04, MOST = 2.5;

export class Camera {
  constructor(host, { draw, drawn, click }) {
    this.host = host;
    this.network = new Network(host, { nodes: [], edges: [] }, {
      physics: false,
      layout: { improvedLayout: false },
      interaction: {
        dragNodes: false, hover: false, selectable: false, zoomSpeed: 0.6, tooltipDelay: 1e9,
        keyboard: false,
      },
    });
    this.network.on("beforeDrawing", draw);
    this.network.on("afterDrawing", drawn);
    this.network.on("click", ({ pointer, event }) => click(pointer.DOM, event.srcEvent.shiftKey));
  }

  get scale() {
    return this.network.getScale();
  }

  get width() {
    return this.host.clientWidth;
  }

  get height() {
    return this.host.clientHeight;
  }

  get middle() {
    return this.network.getViewPosition();
  }

  onScreen(place) {
    return this.network.canvasToDOM({ x: place.x, y: place.y });
  }

  sight() {
    const from = this.network.DOMtoCanvas({ x: 0, y: 0 });
    const to = this.network.DOMtoCanvas({ x: this.width, y: this.height });
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  }

  look(position, scale = this.scale) {
    const bounded = Math.min(MOST, Math.max(LEAST, scale));
    this.network.moveTo({ position, scale: bounded, animation: false });
  }

  // Moves so that a place of the picture is at a point of the screen.
  hold(place, point) {
    const now = this.onScreen(place), { scale, middle } = this;
    this.look({ x: middle.x + (now.x - point.x) / scale, y: middle.y + (now.y - point.y) / scale });
  }

  // Takes the room that there is; vis-network would zoom along with it.
  resize() {
    const { scale, middle } = this;
    this.network.setSize("100%", "100%");
    this.network.redraw();
    this.look(middle, scale);
  }

  redraw() {
    this.network.redraw();
  }

  remove() {
    this.network.destroy();
  }
}
