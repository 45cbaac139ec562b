// How large the picture is, and which part of it is best seen first.

import { sizeOf } from "./cards.js";
import { within } from "./dom.js";
import { isTurned } from "./lines.js";

const LARGEST = 1.1; // few cards are not blown up
const READABLE = 0.62; // the smallest scale at which cards can be read

export function boundsOf({ nodes, edges }, places, camera) {
  const below = edges.some(isTurned) ? 52 : 18;
  const all = places.map(({ x, y }, id) => {
    const { width, height } = sizeOf(nodes[id]);
    return [x - width / 2 - 26, x + width / 2 + 26, y - height / 2 - 16, y + height / 2 + below];
  });
  const [left, right, top, bottom] = [
    Math.min(...all.map((box) => box[0])), Math.max(...all.map((box) => box[1])),
    Math.min(...all.map((box) => box[2])), Math.max(...all.map((box) => box[3])),
  ];
  const width = right - left, height = bottom - top;
  const scale = Math.min(LARGEST, camera.width / width, camera.height / height);
  return { x: (left + right) / 2, y: (top + bottom) / 2, width, height, scale, left, right, top, bottom };
}

// The height that the picture needs at the width there is.
export function heightOf({ width, height }, room) {
  return height * Math.min(LARGEST, room / width) + 24;
}

// The middle and the scale that show all, if it can be read like that; else a part with the focus.
export function readable(all, focus, camera) {
  if (all.scale >= READABLE) return [{ x: all.x, y: all.y }, all.scale];
  const half = { x: camera.width / READABLE / 2, y: camera.height / READABLE / 2 };
  return [{
    x: within(focus.x, all.left + half.x, all.right - half.x, all.x),
    y: within(focus.y, all.top + half.y, all.bottom - half.y, all.y),
  }, READABLE];
}
