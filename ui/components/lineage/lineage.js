// Draws a lineage with vis-network at the places that Python worked out, and reports clicks.
// Rule: text from the Hub is drawn on the canvas or set as textContent, and nothing else.

import "./vis-network.min.js"; // no module: it leaves its names in globalThis.vis

const { Network, DataSet } = globalThis.vis;

const CARD = { width: 216, height: 46 };
const PILL = { width: 116, height: 28 };
const HEAD = 7; // half the height of an arrow's head
const REACH = 14; // pixels on the screen around a card in which a click still counts
const READABLE = { wide: 0.62, narrow: 0.75 }; // the smallest scale at which cards can be read
const BARE = 0.3; // below this scale cards are drawn without text
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
    this.active = -1; // the card that the keys are at
    this.hovered = -1;
    this.root = element("div", "lineage");
    this.stage = element("div", "stage");
    attributes(this.stage, { tabindex: "0", role: "application" });
    this.canvas = element("div", "canvas");
    this.tip = element("div", "tip");
    this.spoken = element("div", "spoken");
    attributes(this.spoken, { "aria-live": "polite" });
    this.bar = element("div", "bar");
    this.bar.append(
      element("span", "side", "← what it was made from"),
      element("span", "side", "what was made from it →"),
    );
    this.buttons = element("div", "buttons");
    for (const [sign, name, act] of [
      ["+", "Zoom in", () => this.zoom(1.3)],
      ["−", "Zoom out", () => this.zoom(1 / 1.3)],
      ["⤢", "Fit all", () => this.fit()],
      ["◎", "Back to the focus", () => this.settle()],
    ]) {
      const button = element("button", "button", sign);
      attributes(button, { type: "button", "aria-label": name, title: name });
      button.addEventListener("click", act);
      this.buttons.append(button);
    }
    this.legend = element("div", "legend");
    this.bar.append(this.buttons);
    this.stage.append(this.canvas, this.tip, this.spoken);
    this.root.append(this.bar, this.stage, this.legend);
    parent.append(this.root);
    this.stage.addEventListener("keydown", (event) => this.pressed(event));
    // The wheel scrolls the page unless the picture has the focus, or Ctrl is held.
    this.stage.addEventListener("wheel", (event) => {
      const zooms = event.ctrlKey || event.metaKey || this.stage.matches(":focus-within");
      if (!zooms) event.stopPropagation();
    }, { capture: true, passive: true });
    // For whoever looks from outside, such as a test: what is drawn, to read only.
    this.root.lineage = Object.freeze({
      cards: () => this.cards(),
      edges: () => this.edgeList(),
    });
  }

  update(data, setTriggerValue) {
    this.age += 1;
    this.send = setTriggerValue;
    const same = this.data && JSON.stringify(this.data) === JSON.stringify(data);
    this.colours();
    if (same) {
      this.network.redraw();
      this.drawLegend();
      return;
    }
    const before = this.data && this.data.nodes[this.data.focus];
    this.data = data;
    const focus = data.nodes[data.focus];
    this.hovered = -1;
    this.tip.hidden = true;
    const stays = before && before.iri === focus.iri;
    this.active = stays ? Math.min(this.active, data.nodes.length - 1) : data.focus;
    const found = this.shape();
    this.grow();
    if (this.network) this.network.setData(found);
    else this.network = this.build(found);
    this.network.setSize("100%", "100%");
    this.network.redraw();
    this.settle();
    this.drawLegend();
    this.describe();
    this.network.once("afterDrawing", () => {
      this.root.dataset.focus = focus.iri;
      this.root.dataset.drawn = String(this.age);
    });
    this.network.redraw();
  }

  remove() {
    this.network?.destroy();
    this.root.remove();
  }

  // --- vis-network ---------------------------------------------------------------------------

  // vis-network keeps the places, the view and the gestures. What is seen is drawn here: it would
  // tie lines to the nearest corners, where a lineage reads better with lines that leave on the
  // right and arrive on the left, and it leaves out cards whose middle is not in sight.
  shape() {
    const nodes = this.data.nodes.map((node, id) => ({
      id, x: node.x, y: node.y, shape: "custom", physics: false, label: undefined,
      ctxRenderer: () => ({ nodeDimensions: node.more ? PILL : CARD }),
    }));
    return { nodes: new DataSet(nodes), edges: new DataSet([]) };
  }

  build(found) {
    const network = new Network(this.canvas, found, {
      physics: false,
      layout: { improvedLayout: false },
      interaction: {
        dragNodes: false, hover: false, selectable: false, zoomSpeed: 0.6, tooltipDelay: 1e9,
        keyboard: false,
      },
    });
    network.on("beforeDrawing", (ctx) => this.drawAll(ctx));
    network.on("click", ({ pointer }) => this.clicked(pointer.DOM));
    this.canvas.addEventListener("mousemove", (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.pointed({ x: event.clientX - box.left, y: event.clientY - box.top });
    });
    this.canvas.addEventListener("mouseleave", () => this.pointed(null));
    return network;
  }

  relight() {
    this.network.redraw();
  }

  zoom(factor) {
    const scale = Math.min(2.5, Math.max(0.05, this.network.getScale() * factor));
    this.network.moveTo({ scale, animation: false });
  }

  bounds() {
    const { nodes } = this.data;
    const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
    const left = Math.min(...xs) - CARD.width / 2 - 14, right = Math.max(...xs) + CARD.width / 2 + 14;
    const above = CARD.height / 2 + 16;
    const turned = this.data.edges.some((edge) => edge[3]) ? 30 : 0;
    const top = Math.min(...ys) - above, bottom = Math.max(...ys) + above + turned;
    return {
      x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top,
      scale: Math.min(1.1, this.canvas.clientWidth / (right - left),
        this.canvas.clientHeight / (bottom - top)),
      left, right, top, bottom,
    };
  }

  // As high as the picture needs at the width there is, within what the style sheet allows.
  grow() {
    this.canvas.style.height = "";
    const { width, height } = this.bounds();
    const needed = height * Math.min(1.1, this.canvas.clientWidth / width) + 24;
    this.canvas.style.height = `${Math.min(this.canvas.clientHeight, Math.max(340, needed))}px`;
  }

  fit() {
    const { x, y, scale } = this.bounds();
    this.network.moveTo({ position: { x, y }, scale, animation: false });
  }

  // All of it, if it can be read like that; else a readable part around the focus.
  settle() {
    const all = this.bounds();
    const scale = READABLE[this.canvas.clientWidth < 560 ? "narrow" : "wide"];
    if (all.scale >= scale) return this.fit();
    const focus = this.data.nodes[this.data.focus];
    const half = {
      x: this.canvas.clientWidth / scale / 2, y: this.canvas.clientHeight / scale / 2,
    };
    const position = {
      x: within(focus.x, all.left + half.x, all.right - half.x, all.x),
      y: within(focus.y, all.top + half.y, all.bottom - half.y, all.y),
    };
    this.network.moveTo({ position, scale, animation: false });
  }

  // --- what a card looks like -----------------------------------------------------------------

  colours() {
    const style = getComputedStyle(this.root);
    const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
    const page = read("--st-background-color", "#ffffff");
    const dark = brightness(page) < 0.4;
    this.mode = dark ? 3 : 2; // the place of the colour in a row of `look`
    this.ink = {
      page, text: read("--st-text-color", dark ? "#e6ebf0" : "#1a2430"),
      accent: read("--st-primary-color", dark ? "#7cb8ff" : "#1463b5"),
      muted: dark ? "#aab4be" : "#56616d",
      line: dark ? "#5d6a77" : "#a3adb8",
      faint: dark ? "#4a5560" : "#c3cad2",
      card: dark ? "#18212b" : "#ffffff",
      font: read("--st-font", "sans-serif"),
    };
  }

  drawAll(ctx) {
    this.drawEdges(ctx);
    const { clientWidth: x, clientHeight: y } = this.canvas;
    const from = this.network.DOMtoCanvas({ x: 0, y: 0 }), to = this.network.DOMtoCanvas({ x, y });
    this.data.nodes.forEach((node, id) => {
      const aside = node.x + CARD.width < from.x || node.x - CARD.width > to.x;
      const above = node.y + CARD.height < from.y || node.y - CARD.height > to.y;
      if (!aside && !above) this.drawNode(ctx, id, node.x, node.y);
    });
  }

  drawEdges(ctx) {
    const isLit = ([from, to]) => [from, to].some((id) => id === this.active || id === this.hovered);
    const { edges } = this.data;
    for (const edge of edges.filter((each) => !isLit(each))) this.drawEdge(ctx, edge, false);
    for (const edge of edges.filter(isLit)) this.drawEdge(ctx, edge, true);
    ctx.setLineDash([]);
  }

  drawEdge(ctx, [from, to, relations, turned], lit) {
    const { nodes, look } = this.data;
    const parent = nodes[from], child = nodes[to];
    const style = relations.length ? look.relations[relations[0]] : null;
    ctx.strokeStyle = ctx.fillStyle = !style ? this.ink.faint : lit ? style[this.mode] : this.ink.line;
    ctx.lineWidth = lit && style ? 2.2 : 1.3;
    ctx.setLineDash(!style ? [2, 4] : turned ? [12, 4] : style[4]);
    ctx.beginPath();
    if (turned) { // from below the parent round to below the child
      const low = Math.max(parent.y, child.y) + CARD.height / 2 + 46;
      ctx.moveTo(parent.x, parent.y + CARD.height / 2);
      ctx.bezierCurveTo(parent.x, low, child.x, low, child.x, child.y + CARD.height / 2 + HEAD);
      ctx.stroke();
      arrow(ctx, child.x, child.y + CARD.height / 2 + 1, 0, -1);
      return;
    }
    const start = parent.x + (parent.more ? PILL : CARD).width / 2;
    const end = child.x - (child.more ? PILL : CARD).width / 2 - (style ? HEAD + 4 : 0);
    const bend = Math.max(24, (end - start) / 2);
    ctx.moveTo(start, parent.y);
    ctx.bezierCurveTo(start + bend, parent.y, end - bend, child.y, end, child.y);
    ctx.stroke();
    if (style) arrow(ctx, end + HEAD + 2, child.y, 1, 0);
  }

  drawNode(ctx, id, x, y) {
    const node = this.data.nodes[id];
    if (node.more) this.drawPill(ctx, id, node, x, y);
    else this.drawCard(ctx, id, node, x, y);
  }

  drawPill(ctx, id, node, x, y) {
    const { width, height } = PILL;
    rounded(ctx, x - width / 2, y - height / 2, width, height, height / 2);
    ctx.fillStyle = this.ink.page;
    ctx.fill();
    const lit = id === this.active || id === this.hovered;
    ctx.strokeStyle = lit ? this.ink.accent : this.ink.line;
    ctx.lineWidth = lit ? 2 : 1.2;
    ctx.setLineDash([4, 3]);
    ctx.stroke();
    ctx.setLineDash([]);
    if (this.network.getScale() < BARE) return;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = `600 12px ${this.ink.font}`;
    ctx.fillStyle = this.ink.text;
    ctx.fillText(node.name, x, y + 0.5);
  }

  drawCard(ctx, id, node, x, y) {
    const { width, height } = CARD;
    const left = x - width / 2, top = y - height / 2;
    const focus = id === this.data.focus, lit = id === this.active || id === this.hovered;
    const colour = this.data.look.classes[node.class][this.mode];
    if (focus) {
      rounded(ctx, left - 4, top - 4, width + 8, height + 8, 11);
      ctx.strokeStyle = this.ink.accent;
      ctx.lineWidth = 2.5;
      ctx.stroke();
    }
    rounded(ctx, left, top, width, height, 7);
    ctx.fillStyle = node.named ? this.ink.page : this.ink.card;
    ctx.fill();
    ctx.save();
    ctx.clip();
    if (!node.named) {
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, width, height);
      ctx.globalAlpha = 1;
      ctx.fillRect(left, top, 8, height);
    }
    ctx.restore();
    rounded(ctx, left, top, width, height, 7);
    ctx.setLineDash(node.named ? [4, 3] : []);
    ctx.strokeStyle = lit ? this.ink.accent : node.named ? this.ink.muted : colour;
    ctx.lineWidth = lit ? 2.2 : 1.1;
    ctx.stroke();
    ctx.setLineDash([]);
    if (this.network.getScale() >= BARE) this.drawText(ctx, node, left, top);
  }

  drawText(ctx, node, left, top) {
    const inside = left + 16, width = CARD.width - 26;
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.direction = "ltr";
    ctx.fillStyle = node.named ? this.ink.muted : this.ink.text;
    ctx.font = `${node.named ? "italic " : ""}600 14px ${this.ink.font}`;
    ctx.fillText(shorten(ctx, node.name, width), inside, top + 20);
    ctx.font = `12px ${this.ink.font}`;
    ctx.fillStyle = this.ink.muted;
    const right = [node.loop ? "↻" : "", node.downloads ? `↓ ${node.downloads}` : ""].join(" ").trim();
    const taken = right ? ctx.measureText(right).width + 8 : 0;
    if (right) {
      ctx.textAlign = "right";
      ctx.fillText(right, left + CARD.width - 10, top + 37);
      ctx.textAlign = "left";
    }
    const kind = node.kind === "model" ? "" : this.data.look.kinds[node.kind];
    const what = node.named ? "only named by others" : node.license;
    const words = [kind, what, node.owner].filter(Boolean).join(" · ");
    ctx.fillText(shorten(ctx, words, width - taken), inside, top + 37);
  }

  // --- pointing, clicking, keys ---------------------------------------------------------------

  // The nearest card within reach of a point on the screen: after "Fit" a card may be a dot.
  nearest({ x, y }) {
    const scale = this.network.getScale();
    let best = -1, least = REACH;
    this.data.nodes.forEach((node, id) => {
      const centre = this.network.canvasToDOM({ x: node.x, y: node.y });
      const size = node.more ? PILL : CARD;
      const aside = Math.max(Math.abs(x - centre.x) - (size.width / 2) * scale, 0);
      const above = Math.max(Math.abs(y - centre.y) - (size.height / 2) * scale, 0);
      const distance = Math.hypot(aside, above) + Math.hypot(x - centre.x, y - centre.y) / 1e4;
      if (distance <= least) [best, least] = [id, distance];
    });
    return best;
  }

  clicked(point) {
    const id = this.nearest(point);
    if (id >= 0) this.choose(id);
  }

  choose(id) {
    const node = this.data.nodes[id];
    this.active = id;
    this.relight();
    if (node.more) this.send("more", node.more);
    else if (id !== this.data.focus) this.send("focus", node.iri);
  }

  pointed(point) {
    const id = point ? this.nearest(point) : -1;
    if (id === this.hovered) return;
    this.hovered = id;
    this.canvas.classList.toggle("pointing", id >= 0);
    this.relight();
    this.showTip(id);
  }

  pressed(event) {
    if (event.target !== this.stage || event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in moves) this.step(...moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.active);
    else if (event.key === "Home") this.walkTo(this.data.focus);
    else if (event.key === "+") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  // Sideways along a line where there is one, else to the nearest card on that side.
  step(right, down) {
    const { nodes, edges } = this.data;
    const here = nodes[this.active];
    const linked = new Set();
    for (const [from, to] of edges) {
      if (from === this.active) linked.add(to);
      if (to === this.active) linked.add(from);
    }
    let best = -1, least = Infinity;
    nodes.forEach((node, id) => {
      const aside = node.x - here.x, below = node.y - here.y;
      const ahead = right ? aside * right : below * down;
      if (ahead <= 0 || (down && aside !== 0)) return;
      const cost = right
        ? (linked.has(id) ? 0 : 1e6) + ahead + Math.abs(below)
        : ahead;
      if (cost < least) [best, least] = [id, cost];
    });
    if (best >= 0) this.walkTo(best);
  }

  walkTo(id) {
    this.active = id;
    this.relight();
    const node = this.data.nodes[id];
    this.spoken.textContent = this.sentence(id);
    const place = this.network.canvasToDOM({ x: node.x, y: node.y });
    const margin = 60;
    if (place.x < margin || place.y < margin || place.x > this.canvas.clientWidth - margin
      || place.y > this.canvas.clientHeight - margin) {
      this.network.moveTo({ position: { x: node.x, y: node.y }, animation: false });
    }
    this.network.redraw();
    this.showTip(id);
  }

  // --- words ----------------------------------------------------------------------------------

  lines(id) {
    const node = this.data.nodes[id];
    if (node.more) return [node.name, `${node.side} of it are not shown; click to see more of them`];
    const { look, edges, nodes, focus } = this.data;
    const lines = [node.id, [
      look.kinds[node.kind],
      node.named ? "only named by others: not in this graph" : node.license || look.classes.none[0],
      node.downloads ? `${node.downloads} downloads` : "",
    ].filter(Boolean).join(" · ")];
    const claims = edges.filter(([from, to, relations]) =>
      relations.length && (to === id || from === id) && (id === focus || from === focus || to === focus));
    for (const [from, to, relations] of claims.slice(0, 4)) {
      const said = relations.map((name) => look.relations[name][1]).join(" and ");
      lines.push(to === id ? `${said} ${nodes[from].name}` : `${nodes[to].name} ${said} this`);
    }
    if (claims.length > 4) lines.push(`and ${claims.length - 4} more such lines`);
    if (node.loop) lines.push("names itself as what it was made from");
    return lines;
  }

  sentence(id) {
    return this.lines(id).join(". ");
  }

  showTip(id) {
    this.tip.hidden = id < 0;
    if (id < 0) return;
    const [first, ...rest] = this.lines(id);
    this.tip.replaceChildren(element("b", "", first), ...rest.map((line) => element("span", "", line)));
    const node = this.data.nodes[id];
    const size = node.more ? PILL : CARD, scale = this.network.getScale();
    const place = this.network.canvasToDOM({ x: node.x, y: node.y });
    const width = this.tip.offsetWidth, height = this.tip.offsetHeight;
    const below = place.y + (size.height / 2) * scale + 8;
    const top = below + height > this.canvas.clientHeight
      ? place.y - (size.height / 2) * scale - height - 8 : below;
    const left = within(place.x - width / 2, 6, this.canvas.clientWidth - width - 6, 6);
    Object.assign(this.tip.style, { left: `${left}px`, top: `${Math.max(4, top)}px` });
  }

  describe() {
    const { nodes, focus } = this.data;
    const cards = nodes.filter((node) => !node.more).length;
    this.stage.setAttribute(
      "aria-label",
      `Lineage around ${nodes[focus].id}: ${cards} repositories, what they were made from on the left. `
      + "Arrow keys move among them, Enter centres the view on one. The table below says the same.",
    );
    this.spoken.textContent = `Now at ${nodes[focus].id}`;
  }

  drawLegend() {
    const { look, nodes, edges } = this.data;
    const classes = new Set(nodes.filter((node) => !node.more && !node.named).map((node) => node.class));
    const relations = new Set(edges.flatMap(([, , names]) => names));
    const licences = element("div", "group");
    licences.append(element("span", "heading", "Licence"));
    for (const [key, row] of Object.entries(look.classes)) {
      if (classes.has(key)) licences.append(entry(swatch(row[this.mode]), row[0], row[1]));
    }
    if (nodes.some((node) => node.named)) {
      licences.append(entry(swatch("transparent", "named"), "Only named",
        "Others name it, but nothing else is known of it: deleted, renamed, private, or not ingested."));
    }
    const lines = element("div", "group");
    lines.append(element("span", "heading", "Lines"));
    for (const [key, row] of Object.entries(look.relations)) {
      if (relations.has(key)) {
        lines.append(entry(stroke(row[this.mode], row[4]), row[0], `The child ${row[1]} the parent.`));
      }
    }
    if (edges.some(([, , , turned]) => turned)) {
      lines.append(entry(stroke(this.ink.line, [12, 3]), "Closes a cycle",
        "Following the lines one comes back to where one started."));
    }
    const help = element("p", "help",
      "Click a card to look from there; point at it to see its lines in colour.");
    this.legend.replaceChildren(licences, ...(relations.size ? [lines] : []), help);
  }

  // --- for reading from outside ---------------------------------------------------------------

  cards() {
    return this.data.nodes.map((node, id) => ({
      ...node, number: id, at: this.network.canvasToDOM({ x: node.x, y: node.y }),
      active: id === this.active, focus: id === this.data.focus,
    }));
  }

  edgeList() {
    return this.data.edges.map(([parent, child, relations, turned]) => ({
      parent, child, relations: [...relations], turned: Boolean(turned),
    }));
  }
}

function within(value, least, most, otherwise) {
  return least > most ? otherwise : Math.min(Math.max(value, least), most);
}

function arrow(ctx, x, y, right, down) {
  const back = 1.6 * HEAD, half = HEAD * 0.7;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - back * right - half * down, y - back * down - half * right);
  ctx.lineTo(x - back * right + half * down, y - back * down + half * right);
  ctx.fill();
}

function rounded(ctx, x, y, width, height, radius) {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius);
}

const widths = new Map(); // measuring text is what drawing takes longest for

function shorten(ctx, text, width) {
  const key = `${ctx.font}\n${Math.round(width)}\n${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  let short = text;
  while (short && ctx.measureText(short === text ? text : `${short}…`).width > width) {
    short = short.slice(0, Math.min(short.length - 1, Math.ceil(short.length * 0.94)));
  }
  if (widths.size > 5000) widths.clear();
  const result = short === text ? text : `${short}…`;
  widths.set(key, result);
  return result;
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

function entry(mark, title, meaning) {
  const made = element("span", "entry");
  made.title = meaning;
  made.append(mark, element("span", "", title));
  return made;
}

function swatch(colour, extra = "") {
  const made = element("span", `swatch ${extra}`);
  made.style.background = colour;
  return made;
}

function stroke(colour, dash) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  attributes(made, { class: "stroke", viewBox: "0 0 30 8", "aria-hidden": "true" });
  const line = document.createElementNS(space, "line");
  attributes(line, {
    x1: 1, y1: 4, x2: 29, y2: 4, stroke: colour, "stroke-width": 2.4, "stroke-dasharray": dash.join(" "),
  });
  made.append(line);
  return made;
}
