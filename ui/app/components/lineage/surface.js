// One way of drawing, for the canvas on the screen and for a picture as SVG: paths and texts.
// Rule: a text is drawn letter by letter or set as textContent, and is never read as markup.

import { attributes, svgElement } from "./dom.js";

export class CanvasSurface {
  constructor(ctx) {
    this.ctx = ctx;
  }

  path(shape, { fill, stroke, width = 1, dash = [], alpha = 1 }) {
    const { ctx } = this, path = new Path2D(shape);
    ctx.globalAlpha = alpha;
    if (fill) {
      ctx.fillStyle = fill;
      ctx.fill(path);
    }
    if (stroke) {
      ctx.setLineDash(dash);
      Object.assign(ctx, { strokeStyle: stroke, lineWidth: width });
      ctx.stroke(path);
      ctx.setLineDash([]);
    }
    ctx.globalAlpha = 1;
  }

  text(content, x, y, { font, fill, align = "left", alpha = 1 }) {
    Object.assign(this.ctx, {
      globalAlpha: alpha, font: written(font), fillStyle: fill, textAlign: align,
      textBaseline: "alphabetic", direction: "ltr",
    });
    this.ctx.fillText(content, x, y);
    this.ctx.globalAlpha = 1;
  }

  measure(content, font) {
    this.ctx.font = written(font);
    return this.ctx.measureText(content).width;
  }
}

export class SvgSurface {
  constructor({ left, top, width, height }) {
    this.root = svgElement("svg", {
      xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${width} ${height}`,
      width, height, role: "img",
    });
    this.ruler = new CanvasSurface(document.createElement("canvas").getContext("2d"));
  }

  path(shape, { fill, stroke, width = 1, dash = [], alpha = 1 }) {
    const made = svgElement("path", { d: shape, fill: fill || "none" });
    if (stroke) attributes(made, { stroke, "stroke-width": width });
    if (stroke && dash.length) made.setAttribute("stroke-dasharray", dash.join(" "));
    if (alpha < 1) made.setAttribute("opacity", alpha);
    this.root.append(made);
  }

  text(content, x, y, { font, fill, align = "left", alpha = 1 }) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const made = svgElement("text", {
      x, y, fill, "text-anchor": anchor, "font-family": font.family, "font-size": font.size,
      "font-weight": font.weight || 400,
    });
    if (alpha < 1) made.setAttribute("opacity", alpha);
    made.textContent = content;
    this.root.append(made);
  }

  measure(content, font) {
    return this.ruler.measure(content, font);
  }

  toString() {
    return new XMLSerializer().serializeToString(this.root);
  }
}

export function rounded(left, top, width, height, radius) {
  const r = Math.min(radius, width / 2, height / 2), right = left + width, bottom = top + height;
  return `M${left + r} ${top}H${right - r}A${r} ${r} 0 0 1 ${right} ${top + r}V${bottom - r}`
    + `A${r} ${r} 0 0 1 ${right - r} ${bottom}H${left + r}A${r} ${r} 0 0 1 ${left} ${bottom - r}`
    + `V${top + r}A${r} ${r} 0 0 1 ${left + r} ${top}Z`;
}

const shortened = new Map(); // measuring text is what drawing takes longest for

export function shorten(surface, text, width, font) {
  const key = `${written(font)}\n${Math.round(width)}\n${text}`;
  const known = shortened.get(key);
  if (known !== undefined) return known;
  let short = text;
  while (short && surface.measure(short === text ? text : `${short}…`, font) > width) {
    short = short.slice(0, Math.min(short.length - 1, Math.ceil(short.length * 0.94)));
  }
  if (shortened.size > 5000) shortened.clear();
  const result = short === text ? text : `${short}…`;
  shortened.set(key, result);
  return result;
}

function written({ size, weight = 400, family }) {
  return `${weight} ${size}px ${family}`;
}
