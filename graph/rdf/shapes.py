"""The shapes of ``shapes.ttl``: written for readers, and rewritten for speed before use.

pyshacl takes the focus nodes of a shape with targets all at once, but those of a nested one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

from graph.rdf.slices import Slice

__all__ = ["read_shapes", "shapes"]

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


@cache
def shapes() -> Graph:
    """Return the shapes, with the targets of each node shape moved to its property shapes.

    That says the same: a property shape is held to the same nodes, whoever sends them there. A
    closed shape then has to be told which properties it is open to.
    """
    rewritten = read_shapes()
    targeted = {shape for target in _TARGETS for shape in rewritten.subjects(target)}
    for shape in sorted(targeted, key=str):
        nested = sorted(rewritten.objects(shape, SH.property), key=str)
        if (shape, SH.closed, None) in rewritten:
            _open(rewritten, shape, nested)
        for target in _TARGETS:
            for node in list(rewritten.objects(shape, target)):
                for property_shape in nested:
                    rewritten.add((property_shape, target, node))
        rewritten.remove((shape, SH.property, None))
    return Slice.of(rewritten)


def read_shapes() -> Graph:
    """Return the shapes as they are written."""
    text = files(__package__).joinpath("shapes.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


def _open(rewritten: Graph, shape: Node, nested: Iterable[Node]) -> None:
    """Let a closed shape ignore the properties of the shapes nested in it."""
    ignored = rewritten.value(shape, SH.ignoredProperties)
    paths: list[Node | None] = [] if ignored is None else [*rewritten.items(ignored)]
    paths += [rewritten.value(property_shape, SH.path) for property_shape in nested]
    list_ = BNode()
    Collection(rewritten, list_, [path for path in paths if isinstance(path, URIRef)])
    rewritten.set((shape, SH.ignoredProperties, list_))
