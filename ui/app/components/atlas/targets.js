// What the pointer is at: its number, its name, where it is, and what there is to say of it.

import { radius } from "./drawing.js";

const REACH = 14; // pixels around a point in which a click still counts

// The nearest point within reach, else the smallest disc that is there.
export function find(picture, at) {
  return findPoint(picture, at) || findDisc(picture, at);
}

function findPoint(picture, at) {
  const { scene } = picture;
  if (scene.points === undefined) return null;
  const room = scene.unit * picture.scale();
  let best = -1, least = REACH;
  for (let n = 0; n < scene.points; n += 1) {
    const { x, y } = picture.toScreen(scene.xs[n], scene.ys[n]);
    const away = Math.max(0, Math.hypot(x - at.x, y - at.y) - radius(picture, n, room));
    if (away < least) [best, least] = [n, away];
  }
  if (best < 0) return null;
  const downloads = scene.downloads[best];
  return {
    number: scene.numbers[best], name: scene.names[best], x: scene.xs[best], y: scene.ys[best],
    radius: radius(picture, best, room) / picture.scale(),
    lines: [
      scene.colour === "licence" ? "" : scene.classes[scene.codes[best]][0],
      scene.licences[best] || "no licence known",
      downloads < 0 ? "" : `${downloads.toLocaleString("en")} downloads`,
    ].filter(Boolean),
  };
}

function findDisc(picture, at) {
  const scale = picture.scale();
  let best = null;
  for (const disc of picture.scene.discs) {
    const { x, y } = picture.toScreen(disc[2], disc[3]);
    const away = Math.hypot(x - at.x, y - at.y);
    if (away <= disc[4] * scale && disc[4] * scale < picture.size.width && (!best || disc[4] < best[4])) {
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
