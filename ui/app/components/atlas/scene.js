// What Python sent of a window: a head in JSON, and columns of numbers behind it, compressed.

export async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const scene = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = aligned(4 + length);
  const column = (Type, count) => {
    const found = new Type(buffer, at, count);
    at = aligned(at + found.byteLength);
    return found;
  };
  const [x, y, zoom, width, height] = scene.window;
  scene.window = { x, y, zoom, width, height };
  if (scene.raster) {
    scene.cells = column(Uint8Array, scene.raster.columns * scene.raster.rows);
  } else if (scene.dots) {
    scene.across = column(Uint16Array, scene.dots);
    scene.down = column(Uint16Array, scene.dots);
    scene.codes = column(Uint8Array, scene.dots);
  } else {
    const count = scene.points;
    const across = column(Uint16Array, count), down = column(Uint16Array, count);
    scene.lines = column(Uint16Array, 2 * scene.lines);
    scene.licences = named(column(Int16Array, count), scene.licences);
    scene.numbers = column(Int32Array, count);
    scene.downloads = column(Int32Array, count);
    scene.codes = column(Uint8Array, count);
    scene.sizes = column(Uint8Array, count);
    const scale = scaleOf(scene.window), half = { x: width / scale / 2, y: height / scale / 2 };
    scene.xs = Float64Array.from(across, (part) => x - half.x + (part / 65535) * 2 * half.x);
    scene.ys = Float64Array.from(down, (part) => y - half.y + (part / 65535) * 2 * half.y);
  }
  return scene;
}

// How many pixels are as long as the radius of the atlas; as graph/view/atlas/window.py has it.
export function scaleOf({ zoom, width, height }) {
  return (zoom * Math.min(width, height)) / 2.08;
}

// The cells as a picture, in the colours of their classes; those but `only` are faint.
export function paint(scene, colours, only) {
  const { columns, rows } = scene.raster;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(columns, rows);
  const table = new Uint32Array(256);
  colours.forEach((colour, place) => {
    for (let level = 0; level < scene.levels; level += 1) {
      const lit = only < 0 || only === place ? 1 : 0.1;
      const alpha = Math.round(255 * lit * (0.5 + (0.5 * level) / (scene.levels - 1)));
      const [red, green, blue] = parts(colour);
      table[1 + place * scene.levels + level] = (alpha << 24) | (blue << 16) | (green << 8) | red;
    }
  });
  const pixels = new Uint32Array(image.data.buffer);
  for (let place = 0; place < pixels.length; place += 1) pixels[place] = table[scene.cells[place]];
  ctx.putImageData(image, 0, 0);
  return canvas;
}

// The dots as a picture of the window, `ratio` times as fine as the screen's pixels.
export function stipple(scene, colours, only, ratio) {
  const { window } = scene;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {
    width: Math.round(window.width * ratio), height: Math.round(window.height * ratio),
  });
  const ctx = canvas.getContext("2d");
  const radius = Math.max(0.55, scene.unit * scaleOf(window) * 0.62) * ratio;
  colours.forEach((colour, place) => {
    ctx.fillStyle = colour;
    ctx.globalAlpha = only < 0 || only === place ? 0.95 : 0.1;
    ctx.beginPath();
    for (let n = 0; n < scene.dots; n += 1) {
      if (scene.codes[n] !== place) continue;
      const x = (scene.across[n] / 65535) * canvas.width, y = (scene.down[n] / 65535) * canvas.height;
      ctx.moveTo(x + radius, y);
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
    }
    ctx.fill();
  });
  return canvas;
}

function parts(colour) {
  return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
}

function named(codes, titles) {
  return Array.from(codes, (code) => titles[code] || "");
}

function aligned(place) {
  return place + ((4 - (place % 4)) % 4);
}
