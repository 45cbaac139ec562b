// Draws what was sent of a window where it is now: discs, dots, lines, marks and names.

import { Names, shortened } from "./names.js";
import { within } from "./page.js";
import { paint, scaleOf, stipple } from "./scene.js";

// `picture` knows the scene, the view, the colours, and what is pointed at.
export function drawScene(ctx, picture) {
  drawDiscs(ctx, picture);
  if (picture.scene.points === undefined) drawImage(ctx, picture);
  else drawPoints(ctx, picture);
  drawTarget(ctx, picture);
  drawNames(ctx, picture);
}

function drawDiscs(ctx, picture) {
  const scale = picture.scale();
  ctx.lineWidth = 1;
  for (const disc of picture.scene.discs) {
    const { x, y } = picture.toScreen(disc[2], disc[3]);
    ctx.beginPath();
    ctx.arc(x, y, disc[4] * scale, 0, 2 * Math.PI);
    ctx.fillStyle = picture.ink.text;
    ctx.globalAlpha = 0.022;
    ctx.fill();
    ctx.strokeStyle = picture.ink.text;
    ctx.globalAlpha = disc[9] ? 0.16 : 0.1;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

// What was sent as one picture is scaled to where its window is now.
function drawImage(ctx, picture) {
  const { window: sent, raster } = picture.scene;
  const only = picture.legend.picked();
  if (!picture.image || picture.imageOnly !== only) {
    picture.imageOnly = only;
    picture.image = raster
      ? paint(picture.scene, picture.colours, only)
      : stipple(picture.scene, picture.colours, only, picture.ratio);
  }
  const scale = scaleOf(sent), ratio = picture.scale() / scale;
  const { x, y } = picture.toScreen(sent.x - sent.width / scale / 2, sent.y - sent.height / scale / 2);
  const width = raster ? raster.columns * raster.size : sent.width;
  const height = raster ? raster.rows * raster.size : sent.height;
  ctx.imageSmoothingEnabled = !raster || ratio * raster.size < 3;
  ctx.drawImage(picture.image, x, y, width * ratio, height * ratio);
}

function drawPoints(ctx, picture) {
  const { scene } = picture;
  const room = scene.unit * picture.scale(); // pixels of radius that a point has
  drawLines(ctx, room, picture);
  const only = picture.legend.picked();
  for (let n = scene.points - 1; n >= 0; n -= 1) {
    const { x, y } = picture.toScreen(scene.xs[n], scene.ys[n]);
    if (x < -40 || y < -40 || x > picture.size.width + 40 || y > picture.size.height + 40) continue;
    ctx.globalAlpha = only < 0 || only === scene.codes[n] ? 0.92 : 0.1;
    ctx.fillStyle = picture.colours[scene.codes[n]];
    ctx.beginPath();
    ctx.arc(x, y, radius(picture, n, room), 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

export function radius(picture, n, room) {
  return within(room * (0.3 + (0.5 * picture.scene.sizes[n]) / 255), 0.9, 26);
}

function drawLines(ctx, room, picture) {
  const { lines, xs, ys } = picture.scene;
  if (room < 2) return;
  ctx.strokeStyle = picture.ink.text;
  ctx.globalAlpha = within(room / 60, 0.07, 0.2);
  ctx.lineWidth = within(room / 14, 0.6, 1.6);
  ctx.beginPath();
  const lit = new Path2D(), numbers = picture.scene.numbers;
  const targets = new Set([picture.target?.number, picture.scene.mark?.number]);
  const far = Math.min(picture.size.width, picture.size.height) / 4;
  for (let n = 0; n < lines.length; n += 2) {
    const child = picture.toScreen(xs[lines[n]], ys[lines[n]]);
    const parent = picture.toScreen(xs[lines[n + 1]], ys[lines[n + 1]]);
    const isLit = targets.has(numbers[lines[n]]) || targets.has(numbers[lines[n + 1]]);
    // Lines from one end of the picture to the other hide more than they tell.
    if (!isLit && Math.hypot(child.x - parent.x, child.y - parent.y) > far) continue;
    const path = isLit ? lit : ctx;
    path.moveTo(parent.x, parent.y);
    path.lineTo(child.x, child.y);
  }
  ctx.stroke();
  ctx.globalAlpha = 0.75;
  ctx.strokeStyle = picture.ink.accent;
  ctx.stroke(lit);
  ctx.globalAlpha = 1;
}

function drawTarget(ctx, picture) {
  const { mark } = picture.scene;
  if (mark) {
    const { x, y } = picture.toScreen(mark.x, mark.y);
    ring(ctx, x, y, 9, picture.ink.page, 5);
    ring(ctx, x, y, 9, picture.ink.accent, 2.5);
    ring(ctx, x, y, 15, picture.ink.accent, 1);
  }
  if (!picture.target) return;
  const { x, y } = picture.toScreen(picture.target.x, picture.target.y);
  ring(ctx, x, y, Math.max(5, picture.target.radius * picture.scale() + 1.5), picture.ink.accent, 2);
}

function drawNames(ctx, picture) {
  const { scene } = picture;
  const scale = picture.scale(), names = new Names(ctx, picture.ink, picture.size.width, picture.size.height);
  if (scene.mark) {
    const { x, y } = picture.toScreen(scene.mark.x, scene.mark.y);
    names.write([shortened(scene.mark.name, 44)], x, y - 26, { size: 14, bold: true, force: true });
  }
  let written = 0;
  for (const [number, name, x, y, radius, , , , , members] of scene.discs) {
    const wide = radius * scale;
    if (wide < 24 || written > 60 || number === scene.mark?.number) continue;
    const place = picture.toScreen(x, y);
    if (wide > picture.size.height) continue; // the picture is within it
    const size = within(wide / 6, 11, 17);
    const most = Math.max(6, Math.floor((wide * 2) / (size * 0.56)));
    const lines = [shortened(name, Math.min(36, most))];
    if (wide > 44 && members) lines.push(`${members.toLocaleString("en")}`);
    // A branch is named at its upper edge: its family's name has the middle.
    const at = members ? place.y : place.y - wide + size;
    const style = { size: members ? size : Math.min(size, 13), bold: members > 0, faint: !members };
    if (names.write(lines, place.x, at, style)) written += 1;
  }
  if (scene.points !== undefined) namePoints(names, picture);
}

function namePoints(names, picture) {
  const { scene } = picture;
  const room = scene.unit * picture.scale();
  if (room < 5) return;
  const most = room > 24 ? 300 : room > 12 ? 60 : 25;
  let written = 0;
  for (let n = 0; n < scene.points && written < most; n += 1) {
    if (scene.mark?.number === scene.numbers[n]) continue;
    const { x, y } = picture.toScreen(scene.xs[n], scene.ys[n]);
    const fitting = Math.max(14, Math.floor((room * 3.8) / 6));
    const below = y + radius(picture, n, room) + 9;
    const name = shortened(scene.names[n], Math.min(40, fitting));
    if (names.write([name], x, below, { size: room > 26 ? 12 : 11, faint: true })) written += 1;
  }
}

function ring(ctx, x, y, radius, colour, width) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}
