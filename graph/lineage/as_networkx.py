"""Handing a part of the lineage out as networkx, for whatever else someone wants to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import networkx as nx
import numpy as np

from graph.lineage.adjacency import relations_of
from graph.lineage.index import LineageIndex
from graph.store.lineage_graph import Node

__all__ = ["to_networkx"]

View: TypeAlias = "nx.MultiDiGraph[str]"


def to_networkx(index: LineageIndex, nodes: Iterable[Node]) -> View:
    """Return repositories and every link between them, with all that the index has as attributes.

    Nodes are IRIs; edges run from the child to the parent, one for each relation, which is their
    key. What is not known is left out. Raises NotInGraph for a repository that is not there.
    """
    numbers = index.numbers(nodes)
    iris = {number: index.node(number).iri for number in numbers.tolist()}
    view: View = nx.MultiDiGraph()
    view.add_nodes_from((iri, _facts(index, number)) for number, iri in iris.items())
    children, parents, bits = index.up.steps(numbers)
    inside = np.isin(parents, numbers)
    columns = (column[inside].tolist() for column in (children, parents, bits))
    for child, parent, relations in zip(*columns, strict=True):
        for relation in relations_of(relations):
            view.add_edge(iris[child], iris[parent], relation.value, relation=relation.value)
    return view


def _facts(index: LineageIndex, number: int) -> dict[str, str | int | bool]:
    node = index.node(number)
    facts = {
        "id": node.id,
        "kind": node.kind.value,
        "known": node.known,
        "downloads": index.downloads_of(np.array([number]))[0],
        "created": index.created_of(number),
        "license": index.license_of(number),
        "depth": int(index.depths[number]),
        "root": _id(index, int(index.roots[number])),
        "family": _id(index, int(index.families[number])),
        "descendants": int(index.influence[number]),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _id(index: LineageIndex, number: int) -> str | None:
    return index.id(number) if number >= 0 else None
