"""What was made from a repository in one step: how many by each relation, and the best known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import BITS
from graph.lineage.index import LineageIndex
from graph.model.records import Relation
from graph.store.lineage_graph import Node

__all__ = ["Offspring", "offspring"]


class Offspring(NamedTuple):
    """The children by one relation: how many, and the most downloaded of them."""

    relation: Relation
    total: int
    first: list[Node]


def offspring(index: LineageIndex, focus: Node, *, most: int = 3) -> list[Offspring]:
    """Return the children of a repository by relation, in the usual order of relations."""
    links = index.down.steps(np.array([index.find(focus)]))
    found = []
    for relation in Relation:
        children = links.ends[(links.relations & BITS[relation]) != 0]
        if len(children):
            first = index.nodes(index.by_downloads(children)[:most])
            found.append(Offspring(relation, len(children), first))
    return found
