"""Finding the repository that a user means: by its id, its legacy name, or with a hint."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graph.model import vocabulary as v
from graph.model.errors import NotInGraph
from graph.model.records import Kind
from graph.rdf.properties import CLASSES
from graph.rdf.terms import iri_value
from graph.store.lineage_graph import LineageGraph, Node
from ingest.aliases import Aliases

__all__ = ["find"]

_HINTS = 3
_LOOK_AT = 500_000  # ids: about a second


def find(graph: LineageGraph, text: str) -> Node:
    """Return the repository that a user means, also by a name of before the Hub's renaming.

    Raises NotInGraph, which names up to three ids that are like the text.
    """
    try:
        return graph.find(text)
    except NotInGraph as error:
        for iri in _todays_names(text):
            if node := graph.node(iri):
                return node
        near = _near_matches(graph, text)
        if not near:
            raise
        message = f"{text} is not in the graph: did you mean {' or '.join(near)}?"
        raise NotInGraph(message) from error


def _todays_names(text: str) -> Iterator[str]:
    """Yield what a legacy name stands for today."""
    name = _path(text)
    aliases = Aliases.seed()
    if name in aliases.models:
        yield v.repository_iri(Kind.MODEL, aliases.models[name])
    dataset = name.removeprefix("datasets/")
    if dataset in aliases.datasets:
        yield v.repository_iri(Kind.DATASET, aliases.datasets[dataset])


def _near_matches(graph: LineageGraph, text: str) -> list[str]:
    """Return the ids that differ only by capitals, else the shortest that contain the text."""
    wanted = _path(text).casefold()
    found = [path for path in islice(_paths(graph), _LOOK_AT) if wanted in path.casefold()]
    found.sort(key=lambda path: (path.casefold() != wanted, len(path), path))
    return found[:_HINTS]


def _paths(graph: LineageGraph) -> Iterator[str]:
    """Yield every known repository as its address on the Hub has it."""
    for class_ in CLASSES.values():
        for iri in graph.subjects(v.RDF.type, iri_value(class_)):
            yield iri.removeprefix(v.HUB)


def _path(text: str) -> str:
    return text.strip().removeprefix(v.HUB).strip("/")
