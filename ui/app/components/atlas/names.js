// Names on the picture: the largest discs and points first, and none over another.

const HALO = 3; // pixels of the page's colour around letters

export class Names {
  constructor(ctx, ink, width, height) {
    Object.assign(this, { ctx, ink, width, height, taken: [] });
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.direction = "ltr";
  }

  // Writes lines around a place if there is room; returns whether there was.
  write(lines, x, y, { size, bold = false, faint = false, force = false }) {
    const { ctx } = this;
    const fonts = lines.map((_, row) =>
      `${row === 0 && bold ? 600 : 400} ${row === 0 ? size : Math.max(10, size - 3)}px ${this.ink.font}`);
    const widths = lines.map((line, row) => {
      ctx.font = fonts[row];
      return ctx.measureText(line).width;
    });
    const width = Math.max(...widths) + 6, height = lines.length * (size + 2) + 2;
    const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (!force && (this.isTaken(box) || box[0] < 2 || box[2] > this.width - 2)) return false;
    this.taken.push(box);
    lines.forEach((line, row) => {
      ctx.font = fonts[row];
      const at = y + (row - (lines.length - 1) / 2) * (size + 1);
      ctx.globalAlpha = 0.85;
      ctx.strokeStyle = this.ink.page;
      ctx.lineWidth = HALO;
      ctx.strokeText(line, x, at);
      ctx.globalAlpha = faint || row > 0 ? 0.8 : 1;
      ctx.fillStyle = this.ink.text;
      ctx.fillText(line, x, at);
    });
    ctx.globalAlpha = 1;
    return true;
  }

  isTaken([left, top, right, bottom]) {
    return bottom < 0 || top > this.height || this.taken.some(
      (other) => left < other[2] && right > other[0] && top < other[3] && bottom > other[1]);
  }
}

// The part of an id behind its owner, cut to what fits.
export function shortened(id, most) {
  const name = id.slice(id.indexOf("/") + 1);
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}
