"""Lineages for the tests of the index: drawn in a line, or made by hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
from hypothesis import strategies as st

from graph import lineage as index
from graph.lineage.index import LineageIndex
from graph.model.records import Kind, Relation, Repository
from graph.model.relations import MODEL_RELATIONS
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import model
from tests.graphs import graph_in_memory

__all__ = ["Links", "draw", "index_of", "links", "model_links", "node", "to_digraph"]

Links = dict[str, set[tuple[str, Relation]]]
"""Children with their parents."""

_NAMES = st.sampled_from("abcdefg")

links: st.SearchStrategy[Links] = st.dictionaries(
    _NAMES, st.sets(st.tuples(_NAMES, st.sampled_from(Relation)), max_size=4), min_size=1
)
"""Self-loops, cycles, several relations between two, parents that nobody holds: all occur."""

model_links: st.SearchStrategy[Links] = st.dictionaries(
    _NAMES, st.sets(st.tuples(_NAMES, st.sampled_from(MODEL_RELATIONS)), max_size=4), min_size=1
)
"""The same among models only, so that a name is enough to tell them apart."""


def draw(drawn: Links) -> LineageGraph:
    """Return the graph of links."""
    texts = (
        f"{child} -> " + ", ".join(f"{parent}: {relation}" for parent, relation in sorted(parents))
        for child, parents in drawn.items()
    )
    return graph_in_memory(*map(model, texts))


def index_of(*records: Repository) -> LineageIndex:
    """Return the index of records."""
    return index.of(graph_in_memory(*records))


def node(name: str, *, known: bool = True) -> Node:
    """Return the model of this id."""
    return Node(Kind.MODEL, name, known)


def to_digraph(drawn: Links) -> nx.DiGraph[str]:
    """Return links as networkx has them, from child to parent, without self-loops."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from({*drawn, *(parent for _, parent in _pairs(drawn))})
    graph.add_edges_from(pair for pair in _pairs(drawn) if len(set(pair)) > 1)
    return graph


def _pairs(drawn: Links) -> Iterator[tuple[str, str]]:
    for child, parents in drawn.items():
        for parent, _ in parents:
            yield child, parent
