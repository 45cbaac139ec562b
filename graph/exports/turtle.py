"""Turtle: the default graph, or the triples around a focus, to be read by people.

Turtle has no named graphs: the runs and the vocabulary are left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from graph.exports.selection import quads
from graph.model.vocabulary import PREFIXES
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["write_turtle"]

_DEFAULT = ox.DefaultGraph()


def write_turtle(graph: LineageGraph, out: BinaryIO, focus: Node | None) -> None:
    """Write triples sorted by subject and property, under the project's prefixes."""
    with tempfile.TemporaryDirectory() as folder:
        triples = _triples(quads(graph, focus, Path(folder)))
        ox.serialize(triples, out, ox.RdfFormat.TURTLE, prefixes=PREFIXES)


def _triples(blocks: Iterable[bytes]) -> Iterator[ox.Triple]:
    for block in blocks:
        for quad in ox.parse(block, format=ox.RdfFormat.N_QUADS):
            if quad.graph_name == _DEFAULT:
                yield quad.triple
