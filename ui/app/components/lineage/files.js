// The picture as a file: PNG and SVG, drawn by the code that draws the screen.

import { element } from "./dom.js";
import { drawNode } from "./cards.js";
import { drawKey } from "./legend.js";
import { drawLines } from "./lines.js";
import { CanvasSurface, SvgSurface } from "./surface.js";

const LARGEST = 16000; // pixels of a canvas's side that every browser can do
const HEAD = 44, FOOT = 90, LEAST = 640;

export function toSvg(scene, places, bounds) {
  const frame = framed(bounds);
  const surface = new SvgSurface(frame);
  paint(surface, scene, places, frame, bounds);
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${surface}`], { type: "image/svg+xml" });
}

export function toPng(scene, places, bounds) {
  const frame = framed(bounds);
  const scale = Math.min(2, LARGEST / Math.max(frame.width, frame.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: frame.width * scale, height: frame.height * scale });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(scale, 0, 0, scale, -frame.left * scale, -frame.top * scale);
  paint(new CanvasSurface(ctx), scene, places, frame, bounds);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export function save(blob, name) {
  const link = element("a"), address = URL.createObjectURL(blob);
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export function nameOf({ data: { nodes, focus } }) {
  return `lineage-${nodes[focus].id.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 80)}`;
}

function framed({ left, top, right, bottom }) {
  const width = Math.max(LEAST, right - left), middle = (left + right) / 2;
  return {
    left: Math.round(middle - width / 2), top: Math.round(top - HEAD),
    width: Math.round(width), height: Math.round(bottom - top + HEAD + FOOT),
  };
}

function paint(surface, scene, places, frame, bounds) {
  const { ink } = scene, { nodes, focus } = scene.data;
  surface.path(`M${frame.left} ${frame.top}h${frame.width}v${frame.height}h${-frame.width}z`, { fill: ink.page });
  surface.text(nodes[focus].id, frame.left + 14, frame.top + 28, {
    font: { size: 18, weight: 700, family: ink.font }, fill: ink.text,
  });
  surface.text("remixgraph", frame.left + frame.width - 14, frame.top + 28, {
    font: { size: 12, family: ink.font }, fill: ink.muted, align: "right",
  });
  drawLines(surface, scene, places);
  nodes.forEach((_, id) => drawNode(surface, scene, id, places[id], true));
  drawKey(surface, scene, frame.left + 14, bounds.bottom + 20, frame.width - 28);
}
