// What the colours, the lines and the sizes mean, with how many of each there are.

import { attributes, element, svgElement } from "./dom.js";
import { isGone } from "./cards.js";
import { CYCLE, UNDECLARED, isInferred, isTurned } from "./lines.js";

// The entries of the legend: a heading, then for each entry its mark, title, meaning and count.
export function entriesOf({ data, mode, ink }) {
  const { look, nodes, edges } = data;
  const real = edges.filter(([, , relations]) => relations.length);
  const count = (items, test) => items.filter(test).length;
  const colours = look.shades.map((row) => (
    { box: row[mode], title: row[0], meaning: row[1], count: row[4] }));
  const only = count(nodes, (node) => node.named && !isGone(node)), gone = count(nodes, isGone);
  const cards = [
    { box: ink.page, dashed: true, title: "Only named", meaning: look.states.NeverChecked[1], count: only },
    { hatched: ink.muted, title: "Gone, renamed or closed", count: gone,
      meaning: "The Hub has it no more, has it under another name, or closed it." },
  ];
  const lines = Object.entries(look.relations).map(([key, row]) => (
    { line: row[mode], dash: row[4], title: row[0], meaning: `The child ${row[1]} the parent.`,
      count: count(real, ([, , names]) => names.includes(key)) }));
  lines.push(
    { line: ink.muted, dash: UNDECLARED, title: "Dashed: not said by its card",
      meaning: "The Hub worked it out, or the card does not say how the one was made from the other.",
      count: count(real, isInferred) },
    { line: ink.line, dash: CYCLE, title: "Closes a cycle",
      meaning: "Following the lines one comes back to where one started.", count: count(real, isTurned) },
  );
  return [
    [look.by, [...colours, ...cards].filter((entry) => entry.count)],
    ["Lines", lines.filter((entry) => entry.count)],
  ].filter(([, entries]) => entries.length);
}

export function drawLegend(host, scene) {
  const groups = entriesOf(scene).map(([heading, entries]) => {
    const group = element("div", "group");
    group.append(element("span", "heading", heading), ...entries.map(entry));
    return group;
  });
  const { sizes } = scene.data.look;
  const help = element("p", "help",
    `Taller cards have more downloads (${sizes.join(", ")}). Click a card to look from there, + to `
    + "open more of it in place, − to close it; point at it to see its line of descent; Shift and "
    + "click on two of them for the path between.");
  host.replaceChildren(...groups, help);
}

// The same in a picture that leaves the page; returns the height that it takes.
export function drawKey(surface, scene, left, top, width) {
  const { ink } = scene, small = { size: 12, family: ink.font };
  let y = top;
  for (const [heading, entries] of entriesOf(scene)) {
    let x = left;
    surface.text(heading, x, y + 4, { font: { ...small, weight: 700 }, fill: ink.text });
    x += surface.measure(heading, { ...small, weight: 700 }) + 14;
    for (const { box, hatched, line, dash, title, count } of entries) {
      const text = `${title} ${count}`, wide = surface.measure(text, small) + 42;
      if (x + wide > left + width && x > left) [x, y] = [left, y + 20];
      if (line) surface.path(`M${x} ${y}h20`, { stroke: line, width: 2.4, dash });
      else {
        surface.path(`M${x + 6} ${y - 6}h12v12h-12z`, {
          fill: box || ink.page, stroke: hatched || ink.muted, width: 1, dash: hatched ? [2, 2] : [],
        });
      }
      surface.text(text, x + 26, y + 4, { font: small, fill: ink.text });
      x += wide;
    }
    y += 24;
  }
  return y - top;
}

function entry({ box, dashed, hatched, line, dash, title, meaning, count }) {
  const made = element("span", "entry");
  made.title = meaning;
  made.append(
    line ? stroke(line, dash) : swatch(box, dashed, hatched),
    element("span", "", title),
    element("span", "count", count.toLocaleString("en")),
  );
  return made;
}

function swatch(colour, dashed, hatched) {
  const made = element("span", `swatch${dashed ? " named" : ""}${hatched ? " gone" : ""}`);
  if (!hatched) made.style.background = colour;
  return made;
}

function stroke(colour, dash) {
  const made = svgElement("svg", { class: "stroke", viewBox: "0 0 30 8", "aria-hidden": "true" });
  made.append(attributes(svgElement("line", { x1: 1, y1: 4, x2: 29, y2: 4 }), {
    stroke: colour, "stroke-width": 2.4, "stroke-dasharray": dash.join(" "),
  }));
  return made;
}
