// Draws nodes: cards of repositories, groups of copies, and what stands for the rest.

import { rounded, shorten } from "./surface.js";

const WIDTH = 216, HEIGHTS = [38, 44, 51, 58]; // a card grows with its downloads
const PILL = { width: 116, height: 28 }, GROUP = { width: 196, height: 34 };
export const BARE = 0.3; // below this scale cards are drawn without text
export const HANDLED = 0.4; // and below this one without handles

export function sizeOf(node) {
  if (node.more) return PILL;
  if (node.group) return GROUP;
  return { width: WIDTH, height: HEIGHTS[node.size || 0] };
}

// Where the small + or − of a side is: at a lower corner, out of the way of the lines.
export function handleOf(node, side, { x, y }) {
  if (node.group || node.more || !node[side]) return null;
  const [hidden, helpings] = node[side];
  const text = helpings ? "−" : `+${hidden > 999 ? "999" : hidden}`;
  const { width, height } = sizeOf(node), wide = 12 + 7 * text.length;
  const middle = side === "c" ? x + width / 2 + wide / 2 - 8 : x - width / 2 - wide / 2 + 8;
  return { x: middle, y: y + height / 2, width: wide, height: 18, text, open: helpings > 0 };
}

export function drawNode(surface, scene, id, place, detailed) {
  const node = scene.data.nodes[id];
  const alpha = scene.alpha(id) * (place.alpha ?? 1);
  if (node.more) drawPill(surface, scene, id, place, alpha, detailed);
  else if (node.group) drawGroup(surface, scene, id, place, alpha, detailed);
  else drawCard(surface, scene, id, place, alpha, detailed);
}

export function drawHandles(surface, scene, id, place) {
  const node = scene.data.nodes[id], { ink } = scene;
  for (const side of ["p", "c"]) {
    const handle = handleOf(node, side, place);
    if (!handle || (handle.open && node[side][2] && !scene.isLit(id))) continue;
    const alpha = scene.alpha(id);
    const { x, y, width, height, text } = handle;
    surface.path(rounded(x - width / 2, y - height / 2, width, height, height / 2), {
      fill: handle.open ? ink.page : ink.accent, stroke: handle.open ? ink.muted : ink.page,
      width: 1.2, alpha,
    });
    surface.text(text, x, y + 4, {
      font: { size: 11, weight: 700, family: ink.font }, align: "center", alpha,
      fill: handle.open ? ink.text : ink.page,
    });
  }
}

function drawPill(surface, scene, id, { x, y }, alpha, detailed) {
  const { width, height } = PILL, { ink } = scene, lit = scene.isLit(id);
  surface.path(rounded(x - width / 2, y - height / 2, width, height, height / 2), {
    fill: ink.page, stroke: lit ? ink.accent : ink.line, width: lit ? 2 : 1.2, dash: [4, 3], alpha,
  });
  if (!detailed) return;
  surface.text(scene.data.nodes[id].name, x, y + 4.5, {
    font: { size: 12, weight: 600, family: ink.font }, fill: ink.text, align: "center", alpha,
  });
}

// A group looks like a heap of cards; opened, like a head over those that lie beside it.
function drawGroup(surface, scene, id, { x, y }, alpha, detailed) {
  const node = scene.data.nodes[id], { ink } = scene, lit = scene.isLit(id);
  const { width, height } = GROUP, left = x - width / 2, top = y - height / 2;
  const colour = scene.data.look.relations[node.side === "q" ? "quantized" : "adapter"][scene.mode];
  if (!node.helpings) {
    for (const off of [6, 3]) {
      surface.path(rounded(left + off, top + off, width, height, 7), {
        fill: ink.card, stroke: colour, width: 1, alpha: alpha * 0.7,
      });
    }
  }
  surface.path(rounded(left, top, width, height, 7), {
    fill: ink.card, stroke: lit ? ink.accent : colour, width: lit ? 2.2 : 1.2,
    dash: node.helpings ? [4, 3] : [], alpha,
  });
  if (!detailed) return;
  const font = { size: 13, weight: 600, family: ink.font };
  const small = { size: 12, family: ink.font };
  const right = node.helpings ? "−" : `↓ ${node.downloads}`;
  const taken = surface.measure(right, small) + 8;
  const sign = node.helpings ? "" : "+ ";
  surface.text(shorten(surface, sign + node.name, width - 24 - taken, font), left + 12, y + 4.5, {
    font, fill: ink.text, alpha,
  });
  surface.text(right, left + width - 12, y + 4.5, { font: small, fill: ink.muted, align: "right", alpha });
}

function drawCard(surface, scene, id, { x, y }, alpha, detailed) {
  const node = scene.data.nodes[id], { ink } = scene;
  const { width, height } = sizeOf(node), left = x - width / 2, top = y - height / 2;
  const colour = scene.shade(node)[scene.mode], box = rounded(left, top, width, height, 7);
  drawRings(surface, scene, id, left, top, width, height, alpha);
  surface.path(box, { fill: node.state ? ink.page : ink.card, alpha });
  if (isGone(node)) hatch(surface, ink, left, top, width, height, alpha);
  else if (!node.named) {
    surface.path(box, { fill: colour, alpha: alpha * 0.1 });
    surface.path(strip(left, top, height), { fill: colour, alpha });
  }
  const lit = scene.isLit(id) && id !== scene.data.focus, missing = node.state || node.named;
  surface.path(box, {
    stroke: lit ? ink.accent : missing ? ink.muted : colour, width: lit ? 2.2 : 1.1,
    dash: missing ? [4, 3] : [], alpha,
  });
  if (detailed) drawText(surface, scene, node, left, top, height, alpha);
}

// Rings around a card: the focus, what was picked, what the search found.
function drawRings(surface, scene, id, left, top, width, height, alpha) {
  const { ink } = scene;
  const ring = (gap, style) => surface.path(
    rounded(left - gap, top - gap, width + 2 * gap, height + 2 * gap, 7 + gap), { alpha, ...style });
  if (id === scene.data.focus) ring(4, { stroke: ink.accent, width: 2.5 });
  if (scene.picks.includes(id)) ring(7, { stroke: ink.accent, width: 2, dash: [2, 3] });
  if (scene.found.has(id)) ring(6, { stroke: ink.text, width: 2.5, alpha: 1 });
}

export function isGone(node) {
  return Boolean(node.state) && !["NeverChecked", "Resolved"].includes(node.state);
}

function strip(left, top, height) {
  return `M${left + 8} ${top}V${top + height}H${left + 7}A7 7 0 0 1 ${left} ${top + height - 7}`
    + `V${top + 7}A7 7 0 0 1 ${left + 7} ${top}Z`;
}

function hatch(surface, ink, left, top, width, height, alpha) {
  let lines = "";
  for (let x = left + 10; x < left + width - height; x += 12) {
    lines += `M${x} ${top + height - 1}L${x + height - 2} ${top + 1}`;
  }
  surface.path(lines, { stroke: ink.faint, width: 1, alpha: alpha * 0.7 });
}

function drawText(surface, scene, node, left, top, height, alpha) {
  const { ink } = scene, inside = left + 16, width = WIDTH - 26, middle = top + height / 2;
  const missing = node.state || node.named;
  const name = { size: 14, weight: 600, family: ink.font };
  const small = { size: 12, family: ink.font };
  const title = shorten(surface, node.name, width, name);
  surface.text(title, inside, middle - 3, { font: name, fill: missing ? ink.muted : ink.text, alpha });
  if (isGone(node)) {
    const long = surface.measure(title, name);
    surface.path(`M${inside} ${middle - 8}H${inside + long}`, { stroke: ink.muted, width: 1.2, alpha });
  }
  const right = [node.loop ? "↻" : "", node.downloads ? `↓ ${node.downloads}` : ""].join(" ").trim();
  const taken = right ? surface.measure(right, small) + 8 : 0;
  if (right) {
    surface.text(right, left + WIDTH - 10, middle + 14, { font: small, fill: ink.muted, align: "right", alpha });
  }
  surface.text(shorten(surface, secondLine(scene, node), width - taken, small), inside, middle + 14, {
    font: small, fill: ink.muted, alpha,
  });
}

// The words for the card's colour come first, for colour alone says nothing to some.
function secondLine({ data: { look } }, node) {
  const shade = look.shades[node.shade][0];
  const colour = look.by === "Licence" ? node.license || shade : shade;
  const state = node.state ? look.states[node.state][0].toLowerCase() : "";
  return [
    node.kind === "model" ? "" : look.kinds[node.kind],
    state,
    node.named || node.state ? node.license : colour,
    node.gated ? "gated" : "",
    look.by === "Owner" ? "" : node.owner,
  ].filter(Boolean).join(" · ");
}
