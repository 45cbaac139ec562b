// For whoever looks from outside, such as a test: what is drawn, to read only.

import { handleOf } from "./cards.js";
import { isInferred, isTurned } from "./lines.js";

export function told(scene, camera, places) {
  return Object.freeze({
    cards: () => scene.data.nodes.map((node, id) => ({
      ...node, number: id, at: camera.onScreen(places()[id]),
      active: id === scene.active, focus: id === scene.data.focus, lit: scene.alpha(id) === 1,
      found: scene.found.has(id), handles: handles(node, places()[id], camera),
    })),
    edges: () => scene.data.edges.map((edge, number) => ({
      parent: edge[0], child: edge[1], relations: [...edge[2]], turned: isTurned(edge),
      inferred: isInferred(edge), lit: Boolean(scene.lit?.edges.has(number)),
    })),
    state: () => ({
      picks: [...scene.picks], trail: scene.trail ? [...scene.trail.nodes] : null, scale: camera.scale,
    }),
  });
}

function handles(node, place, camera) {
  const found = {};
  for (const side of ["p", "c"]) {
    const handle = handleOf(node, side, place);
    if (handle) found[side] = { text: handle.text, at: camera.onScreen(handle) };
  }
  return found;
}
