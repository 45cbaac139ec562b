// Draws edges: in the colour of the relation, dashed where nobody declared it.

import { sizeOf } from "./cards.js";

const HEAD = 7; // half the height of an arrow's head
const TURNED = 1, INFERRED = 2;
export const UNDECLARED = [6, 4];
export const CYCLE = [12, 4];

export function drawLines(surface, scene, places) {
  const { edges } = scene.data, { lit } = scene;
  const isLit = (number) => Boolean(lit?.edges.has(number));
  edges.forEach((edge, number) => {
    if (!isLit(number)) drawLine(surface, scene, edge, places, lit ? 0.12 : 0.65, 1.4);
  });
  edges.forEach((edge, number) => {
    if (isLit(number)) drawLine(surface, scene, edge, places, 1, 2.4);
  });
}

export function isTurned(edge) {
  return Boolean(edge[3] & TURNED);
}

export function isInferred(edge) {
  return Boolean(edge[3] & INFERRED);
}

function drawLine(surface, scene, edge, places, strength, width) {
  const [from, to, relations] = edge, { nodes, look } = scene.data;
  const style = relations.length ? look.relations[relations[0]] : null;
  const stroke = style ? style[scene.mode] : scene.ink.line;
  const dash = !style ? [2, 4] : isTurned(edge) ? CYCLE : isInferred(edge) ? UNDECLARED : style[4];
  const alpha = strength * Math.min(places[from].alpha ?? 1, places[to].alpha ?? 1);
  const drawn = { stroke, width, dash, alpha };
  const parent = places[from], child = places[to];
  const size = { from: sizeOf(nodes[from]), to: sizeOf(nodes[to]) };
  if (isTurned(edge)) { // from below the parent round to below the child
    const start = parent.y + size.from.height / 2, end = child.y + size.to.height / 2;
    const low = Math.max(start, end) + 46;
    surface.path(
      `M${parent.x} ${start}C${parent.x} ${low} ${child.x} ${low} ${child.x} ${end + HEAD}`, drawn);
    arrow(surface, child.x, end + 1, 0, -1, stroke, alpha);
    return;
  }
  const start = parent.x + size.from.width / 2;
  const end = child.x - size.to.width / 2 - (style ? HEAD + 4 : 0);
  const bend = Math.max(24, (end - start) / 2);
  surface.path(
    `M${start} ${parent.y}C${start + bend} ${parent.y} ${end - bend} ${child.y} ${end} ${child.y}`,
    drawn);
  if (style) arrow(surface, end + HEAD + 2, child.y, 1, 0, stroke, alpha);
}

function arrow(surface, x, y, right, down, fill, alpha) {
  const back = 1.6 * HEAD, half = HEAD * 0.7;
  surface.path(
    `M${x} ${y}L${x - back * right - half * down} ${y - back * down - half * right}`
    + `L${x - back * right + half * down} ${y - back * down + half * right}Z`, { fill, alpha });
}
