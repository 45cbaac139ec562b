// Says in words what is drawn, for the tip, for the line below the buttons, and to be read aloud.

import { isInferred } from "./lines.js";

const MOST = 4; // claims in a tip

// The first line names a node, the others tell of it.
export function linesOf(scene, id) {
  const { look, edges, nodes, focus } = scene.data, node = nodes[id];
  if (node.more) {
    const what = { p: "parents", c: "children", q: "quantised copies", a: "adapters" }[node.side];
    return [node.name, `${what} of it are not shown; click to see more of them`];
  }
  if (node.group) {
    const click = node.helpings ? "click to gather them again" : "click to see them one by one";
    return [node.name, `${node.downloads} downloads together; ${click}`];
  }
  const state = node.state && look.states[node.state];
  const lines = [node.id, [
    look.kinds[node.kind],
    node.named ? "" : node.license || "no known licence",
    node.task,
    node.downloads ? `${node.downloads} downloads` : "",
    node.year ? `since ${node.year}` : "",
    node.gated ? "access on request" : "",
  ].filter(Boolean).join(" · ")];
  if (state) lines.push(`${state[0]}: ${state[1]}`);
  const claims = edges.filter(([from, to, relations]) =>
    relations.length && (to === id || from === id) && (id === focus || from === focus || to === focus));
  for (const edge of claims.slice(0, MOST)) lines.push(claim(scene, edge, id));
  if (claims.length > MOST) lines.push(`and ${claims.length - MOST} more such lines`);
  if (node.loop) lines.push("names itself as what it was made from");
  return lines;
}

export function sentence(scene, id) {
  return [...linesOf(scene, id), ...handles(scene.data.nodes[id])].join(". ");
}

// The steps of a path: who was made from whom, and how.
export function steps({ data: { nodes, edges, look } }, trail) {
  if (!trail) return "No line within this view leads from one to the other.";
  return trail.edges.map((number) => {
    const [from, to, relations] = edges[number];
    const said = relations.map((name) => look.relations[name][1]).join(" and ") || "belongs to";
    return `${nodes[to].name} ${said} ${nodes[from].name}`;
  }).join("; ");
}

export function title({ data: { nodes, focus } }) {
  const cards = nodes.filter((node) => node.iri).length;
  return `Lineage around ${nodes[focus].id}: ${cards} repositories, what they were made from on the `
    + "left. Arrow keys move among them, Enter centres the view on one, plus and minus open and "
    + "close it, P picks it for a path, slash searches, Escape clears. The table below says the same.";
}

function claim({ data: { nodes, look } }, edge, id) {
  const [from, to, relations] = edge;
  const said = relations.map((name) => look.relations[name][1]).join(" and ");
  const source = isInferred(edge) && relations[0] !== "unspecified" ? ", as the Hub worked out" : "";
  return to === id ? `${said} ${nodes[from].name}${source}` : `${nodes[to].name} ${said} this${source}`;
}

function handles(node) {
  const sides = { p: "parents", c: "children" };
  return Object.entries(sides).filter(([side]) => node[side]).map(([side, what]) => {
    const [hidden, helpings] = node[side];
    return helpings ? `its ${what} are open` : `${hidden} ${what} can be opened`;
  });
}
