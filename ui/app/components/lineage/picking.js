// What is under a point of the screen, and what the arrow keys lead to.

import { HANDLED, handleOf, sizeOf } from "./cards.js";

const REACH = 14; // pixels on the screen around a card in which a click still counts
const THUMB = 5; // and around a handle

// The handle under a point, else the nearest card within reach: after "Fit" a card may be a dot.
export function hit({ nodes }, places, camera, { x, y }) {
  const { scale } = camera;
  let best = { id: -1 }, least = REACH;
  nodes.forEach((node, id) => {
    const distance = beside(camera.onScreen(places[id]), sizeOf(node), scale, x, y);
    if (distance <= least) [best, least] = [{ id }, distance];
    for (const side of scale < HANDLED ? [] : ["p", "c"]) {
      const handle = handleOf(node, side, places[id]);
      if (!handle) continue;
      const off = beside(camera.onScreen(handle), handle, scale, x, y);
      if (off <= THUMB && off - 2 * REACH < least) [best, least] = [{ id, side }, off - 2 * REACH];
    }
  });
  return best;
}

function beside(centre, { width, height }, scale, x, y) {
  const aside = Math.max(Math.abs(x - centre.x) - (width / 2) * scale, 0);
  const above = Math.max(Math.abs(y - centre.y) - (height / 2) * scale, 0);
  return Math.hypot(aside, above) + Math.hypot(x - centre.x, y - centre.y) / 1e4;
}

// Sideways along a line where there is one, else to the nearest card on that side.
export function neighbour({ nodes, edges }, from, right, down) {
  const here = nodes[from], linked = new Set();
  for (const [parent, child] of edges) {
    if (parent === from) linked.add(child);
    if (child === from) linked.add(parent);
  }
  let best = -1, least = Infinity;
  nodes.forEach((node, id) => {
    const aside = node.x - here.x, below = node.y - here.y;
    const ahead = right ? aside * right : below * down;
    if (ahead <= 0 || (down && aside !== 0)) return;
    const cost = right ? (linked.has(id) ? 0 : 1e6) + ahead + Math.abs(below) : ahead;
    if (cost < least) [best, least] = [id, cost];
  });
  return best;
}
