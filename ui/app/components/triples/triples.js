// Draws triples as SVG at the places that Python worked out. Text is only ever set as textContent, and a link is only
// ever one of this app's own.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 9;
const CROWDED = 16; // edges from which on their names wait for the pointer or for a closer look
const CLOSE = 1.15; // the scale at which every name is shown
const LETTER = 7; // about the width of one
const LINE = 16; // the height of a name
const READABLE = 0.7; // the smallest scale to begin with
const drawings = new WeakMap();

export default function triples({ parentElement, data }) {
  let drawing = drawings.get(parentElement);
  if (!drawing) drawings.set(parentElement, (drawing = new Drawing(parentElement)));
  drawing.update(data);
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
    this.root = element("div", "triples");
    this.svg = shape("svg", { class: "picture", role: "group" });
    const marker = shape("marker", {
      id: "arrow", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse",
    });
    marker.append(shape("path", { d: "M0 0L10 5L0 10z", class: "tip" }));
    const definitions = shape("defs");
    definitions.append(marker);
    this.content = shape("g");
    this.svg.append(definitions, this.content);
    const bar = element("div", "bar");
    for (const [sign, name, act] of [
      ["+", "Zoom in", () => this.zoom(1.3)],
      ["−", "Zoom out", () => this.zoom(1 / 1.3)],
      ["⤢", "Fit all", () => this.fit()],
    ]) {
      const button = element("button", "button", sign);
      attributes(button, { type: "button", "aria-label": name, title: name });
      button.addEventListener("click", act);
      bar.append(button);
    }
    this.root.append(this.svg, bar);
    parent.append(this.root);
    this.sizes = new ResizeObserver(() => this.begin());

    this.svg.addEventListener("pointerdown", (event) => this.grab(event));
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return; // the page scrolls
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }, { passive: false });
  }

  update(data) {
    this.age += 1;
    const text = JSON.stringify(data);
    if (text === this.drawn) return;
    this.drawn = text;
    this.data = data;
    this.svg.setAttribute("aria-label", `${data.nodes.length} nodes and ${data.edges.length} edges`);
    this.svg.classList.toggle("crowded", data.edges.length > CROWDED);
    this.content.replaceChildren(
      ...data.edges.map((edge) => this.edge(edge)),
      ...data.nodes.map((node) => this.node(node)),
    );
    this.thin();
    this.begin();
    this.sizes.observe(this.svg);
    this.root.dataset.drawn = "true";
  }

  // Names that would lie on others wait for the pointer or a closer look; those with most edges go first.
  thin() {
    const degree = new Map();
    for (const end of this.data.edges.flatMap(([from, to]) => [from, to])) degree.set(end, (degree.get(end) ?? 0) + 1);
    const groups = [...this.content.querySelectorAll(".node")];
    const kept = [];
    for (const index of groups.map((_, index) => index).sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0))) {
      const { x, y, name } = this.data.nodes[index];
      const half = (Math.min(name.length, 28) * LETTER) / 2;
      const free = kept.every((other) => Math.abs(other.y - y) > LINE || Math.abs(other.x - x) > other.half + half);
      groups[index].classList.toggle("waiting", !free);
      if (free) kept.push({ x, y, half });
    }
  }

  remove() {
    this.sizes.disconnect();
    this.root.remove();
  }

  edge([from, to, name]) {
    const start = this.data.nodes[from];
    const end = this.data.nodes[to];
    const group = shape("g", { class: "edge" });
    const label = shape("text", { class: "name" });
    label.textContent = name;
    if (from === to) {
      const path = `M${start.x - 6} ${start.y - RADIUS}c-24 -44 36 -44 12 0`;
      group.append(shape("path", { d: path, class: "line", "marker-end": "url(#arrow)" }));
      attributes(label, { x: start.x, y: start.y - 44 });
    } else {
      const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
      const step = { x: (end.x - start.x) / length, y: (end.y - start.y) / length };
      const gap = RADIUS + 2;
      group.append(shape("line", {
        x1: start.x + step.x * gap, y1: start.y + step.y * gap, x2: end.x - step.x * gap, y2: end.y - step.y * gap,
        class: "line", "marker-end": "url(#arrow)",
      }));
      attributes(label, { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 - 4 });
    }
    group.append(label);
    return group;
  }

  node({ x, y, kind, name, full, link }) {
    const group = link ? shape("a", { href: link, target: "_blank", rel: "noopener" }) : shape("g");
    group.classList.add("node", kind);
    const title = shape("title");
    title.textContent = full;
    const label = shape("text", { x, y: y + RADIUS + 14, class: "label" });
    label.textContent = name.length > 28 ? `${name.slice(0, 27)}…` : name;
    const mark = kind === "literal"
      ? shape("rect", { x: x - RADIUS, y: y - RADIUS / 2, width: 2 * RADIUS, height: RADIUS, rx: 2 })
      : shape("circle", { cx: x, cy: y, r: RADIUS });
    group.append(title, mark, label);
    return group;
  }

  // --- looking ----------------------------------------------------------------------------------

  extent() {
    const xs = this.data.nodes.map((node) => node.x);
    const ys = this.data.nodes.map((node) => node.y);
    const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const { width, height } = this.svg.getBoundingClientRect();
    const box = { left: left - 90, top: top - 40, right: right + 90, bottom: bottom + 40 };
    const whole = Math.min(width / (box.right - box.left), height / (box.bottom - box.top), 1.4);
    return { ...box, width, height, whole };
  }

  begin() {
    const { left, top, right, bottom, width, height, whole } = this.extent();
    if (!width || !height) return;
    const scale = Math.max(whole, READABLE);
    const x = whole < scale ? left : (left + right) / 2 - width / scale / 2;
    const y = whole < scale ? top : (top + bottom) / 2 - height / scale / 2;
    this.look({ x, y, scale, width, height });
  }

  fit() {
    const { left, top, right, bottom, width, height, whole: scale } = this.extent();
    if (!width || !height) return;
    const x = (left + right) / 2 - width / scale / 2;
    this.look({ x, y: (top + bottom) / 2 - height / scale / 2, scale, width, height });
  }

  zoom(factor) {
    const { x, y, scale, width, height } = this.view;
    const next = Math.min(Math.max(scale * factor, 0.05), 4);
    const shift = (1 / scale - 1 / next) / 2;
    this.look({ x: x + width * shift, y: y + height * shift, scale: next, width, height });
  }

  look(view) {
    this.view = view;
    const { x, y, scale, width, height } = view;
    this.svg.setAttribute("viewBox", `${x} ${y} ${width / scale} ${height / scale}`);
    this.svg.classList.toggle("close", scale >= CLOSE);
  }

  grab(event) {
    const start = { ...this.view, at: [event.clientX, event.clientY] };
    const move = ({ clientX, clientY }) => this.look({
      ...this.view,
      x: start.x - (clientX - start.at[0]) / start.scale,
      y: start.y - (clientY - start.at[1]) / start.scale,
    });
    const drop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
  }
}

function shape(name, values = {}) {
  const made = document.createElementNS(SVG, name);
  attributes(made, values);
  return made;
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
