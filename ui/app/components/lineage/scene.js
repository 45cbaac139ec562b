// What there is to draw: the data, the colours of the page, where each node is now and what stands
// out. It draws nothing itself.

import { Ways } from "./ways.js";

const FADED = 0.2;

export class Scene {
  constructor() {
    this.data = null;
    this.active = -1; // where the keys are
    this.pointed = -1; // what the pointer or the keys look at
    this.picks = []; // two nodes whose path is asked for
    this.found = new Set(); // what the search inside the view found
    this.trail = null; // a path that stands out: nodes and edges, in order
    this.outside = null; // such a path that came with the data
  }

  take(data) {
    const kept = new Map(this.data?.nodes.map((node, id) => [identity(node), id]));
    const names = new Set(data.nodes.map(identity));
    const again = (id) => data.nodes.findIndex(
      (node) => identity(node) === identity(this.data.nodes[id]));
    this.picks = this.picks.filter((id) => names.has(identity(this.data.nodes[id]))).map(again);
    const active = this.active >= 0 && this.data ? again(this.active) : -1;
    const refocused = !this.data || identity(this.data.nodes[this.data.focus])
      !== identity(data.nodes[data.focus]);
    this.data = data;
    this.ways = new Ways(data);
    this.active = refocused || active < 0 ? data.focus : active;
    this.pointed = -1;
    this.outside = data.path.length > 1 ? this.ways.along(data.path) : null;
    this.choose(this.picks);
    return kept;
  }

  choose(picks) {
    this.picks = picks;
    this.trail = picks.length === 2 ? this.ways.path(...picks) : this.outside;
    this.lit = null;
    this.light();
  }

  point(id) {
    this.pointed = id;
    this.light();
  }

  // What stands out now, the rest being faded: the family of what is pointed at, else a path.
  light() {
    if (this.pointed >= 0) this.lit = this.ways.family(this.pointed);
    else if (this.trail) {
      this.lit = { nodes: new Set(this.trail.nodes), edges: new Set(this.trail.edges) };
    } else this.lit = null;
  }

  alpha(id) {
    return this.lit && !this.lit.nodes.has(id) ? FADED : 1;
  }

  isLit(id) {
    return id === this.pointed || id === this.active || this.picks.includes(id);
  }

  shade(node) {
    return this.data.look.shades[node.shade] || ["", "", this.ink.muted, this.ink.muted, 0];
  }

  // The page's own colours, and whether it is dark.
  colours(root) {
    const style = getComputedStyle(root);
    const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
    const page = read("--st-background-color", "#ffffff");
    const dark = brightness(page) < 0.4;
    this.mode = dark ? 3 : 2; // the place of the colour in a row of `look`
    this.ink = {
      page, text: read("--st-text-color", dark ? "#e6ebf0" : "#1a2430"),
      accent: read("--st-primary-color", dark ? "#7cb8ff" : "#1463b5"),
      muted: dark ? "#aab4be" : "#56616d",
      line: dark ? "#5d6a77" : "#a3adb8",
      faint: dark ? "#4a5560" : "#c3cad2",
      card: dark ? "#18212b" : "#ffffff",
      font: read("--st-font", "sans-serif"),
    };
  }
}

// What a node is, from one view to the next.
export function identity(node) {
  return node.iri || `${node.group ? "group" : "more"} ${node.side} ${node.of}`;
}

function brightness(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(probe.fillStyle.slice(place, place + 2), 16));
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
