// Ancestors, descendants, and the path between two nodes, within what is drawn.

export class Ways {
  constructor({ nodes, edges }) {
    this.above = nodes.map(() => []); // for each node the edges that lead to its parents
    this.below = nodes.map(() => []);
    edges.forEach(([parent, child], number) => {
      this.above[child].push([parent, number]);
      this.below[parent].push([child, number]);
    });
  }

  // Everything that a node comes from and that comes from it, with the lines on the way.
  family(id) {
    const nodes = new Set([id]), edges = new Set();
    for (const links of [this.above, this.below]) {
      const seen = new Set([id]), waiting = [id];
      while (waiting.length) {
        for (const [next, edge] of links[waiting.pop()]) {
          edges.add(edge);
          if (seen.has(next)) continue;
          seen.add(next);
          nodes.add(next);
          waiting.push(next);
        }
      }
    }
    return { nodes, edges };
  }

  // The shortest line of descent between two, else the shortest way along lines of any direction.
  path(from, to) {
    return this.search(from, to, [this.above]) || this.search(from, to, [this.below])
      || this.search(from, to, [this.above, this.below]);
  }

  // The lines between each two that follow one another.
  along(ids) {
    const edges = [];
    for (let place = 1; place < ids.length; place += 1) {
      const [one, other] = [ids[place - 1], ids[place]];
      const link = [...this.above[one], ...this.below[one]].find(([next]) => next === other);
      if (link) edges.push(link[1]);
    }
    return { nodes: ids, edges };
  }

  search(from, to, directions) {
    const before = new Map([[from, null]]), waiting = [from];
    for (const id of waiting) {
      if (id === to) break;
      for (const links of directions) {
        for (const [next, edge] of links[id]) {
          if (before.has(next)) continue;
          before.set(next, [id, edge]);
          waiting.push(next);
        }
      }
    }
    if (!before.has(to)) return null;
    const nodes = [to], edges = [];
    for (let step = before.get(to); step; step = before.get(step[0])) {
      nodes.unshift(step[0]);
      edges.unshift(step[1]);
    }
    return { nodes, edges };
  }
}
