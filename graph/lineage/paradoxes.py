"""Time paradoxes: what is older than what it was made from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Steps, mask, relations_of
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import HUB_FLOOR, Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import Node

__all__ = ["FLOOR", "Paradox", "paradoxes", "younger_parents"]

FLOOR = np.datetime64(HUB_FLOOR.rstrip("Z"), "s")
"""Only later dates of creation say which of two is older."""


class Paradox(NamedTuple):
    """A child that was created before its parent, with both dates."""

    child: Node
    parent: Node
    relations: tuple[Relation, ...]
    child_created: str
    parent_created: str
    downloads: int | None


def younger_parents(index: LineageIndex, nodes: Array) -> Steps:
    """Return the links of some children that lead to a parent created after them."""
    links = index.up.steps(nodes, mask(DERIVATIONS))
    born, made = index.created[links.origins], index.created[links.ends]
    odd = (born > FLOOR) & (made > born)
    return Steps(*(column[odd] for column in links))


def paradoxes(index: LineageIndex, *, nodes: Array | None = None) -> list[Paradox]:
    """Return the links whose child was created first, the most downloaded children first.

    Both dates must be known and after the Hub's first. ``nodes`` are the children that are looked
    at; none given, all.
    """
    looked_at = np.arange(len(index)) if nodes is None else nodes
    links = younger_parents(index, looked_at)
    order = np.lexsort((links.ends, links.origins, -index.downloads[links.origins]))
    children, parents, bits = (column[order] for column in links)
    born, made = index.created[children], index.created[parents]
    return list(
        map(
            Paradox,
            index.nodes(children),
            index.nodes(parents),
            map(relations_of, bits.tolist()),
            [f"{date}Z" for date in born],
            [f"{date}Z" for date in made],
            index.downloads_of(children),
        )
    )
