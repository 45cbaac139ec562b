"""GraphML: the lineage as a graph of nodes and edges, for Gephi, yEd, networkx and the like.

Written node by node, because a whole Hub as a ``networkx`` graph would not fit into memory.
Edges run from the child to the parent. The id of a node is its IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import chain
from typing import BinaryIO

from graph.exports.selection import links, repositories
from graph.lineage.stepping import Edge
from graph.model.vocabulary import GRAPHML
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.neighbourhood import facts

__all__ = ["write_graphml"]

Fact = str | int | bool

_NODE_FACTS = {
    "id": "string",
    "kind": "string",
    "known": "boolean",
    "downloads": "long",
    "likes": "long",
    "parameters": "long",
    "created": "string",
    "task": "string",
    "license": "string",
    "license_category": "string",
}
"""The attributes of nodes, as ``facts`` names them, and their types in GraphML."""

_LARGEST = 2**63 - 1  # of a long

# Control characters, most of which XML cannot carry, and what else it cannot.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write_graphml(graph: LineageGraph, out: BinaryIO, focus: Node | None) -> None:
    """Write the repositories that are linked, or those around a focus, and their links.

    What is not known of a node is left out; control characters are, and numbers beyond 64 bits.
    """
    write_repositories(graph, out, repositories(graph, focus))


def write_repositories(graph: LineageGraph, out: BinaryIO, iris: list[str]) -> None:
    """Write these repositories and every link between them."""
    nodes = (_node(iri, facts(graph, iri)) for iri in iris)
    edges = (_edge(number, edge) for number, edge in enumerate(links(graph, iris)))
    lines = chain(_head(), nodes, edges, ("</graph>", "</graphml>"))
    out.writelines(f"{line}\n".encode() for line in lines)


def _head() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<graphml xmlns="{GRAPHML}">'
    for name, type_ in _NODE_FACTS.items():
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{type_}"/>'
    yield '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>'
    yield '<graph id="lineage" edgedefault="directed">'


def _node(iri: str, known: Mapping[str, Fact]) -> str:
    data = [_data(name, known[name]) for name in _NODE_FACTS if name in known]
    return f'<node id="{_text(iri)}">{"".join(data)}</node>'


def _edge(number: int, edge: Edge) -> str:
    ends = f'source="{_text(edge.child)}" target="{_text(edge.parent)}"'
    return f'<edge id="{number}" {ends}>{_data("relation", edge.relation.value)}</edge>'


def _data(name: str, value: Fact) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, int) and value > _LARGEST:
        return ""
    return f'<data key="{name}">{_text(str(value))}</data>'


def _text(value: str) -> str:
    return escape(_UNFIT.sub("", value))
