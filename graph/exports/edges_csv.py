"""CSV: one line for each claim that a repository was made from another, or trained on it.

As RFC 4180 has it, in UTF-8. A cell that begins with one of = + - @, a tab, a line break or an
apostrophe gets an apostrophe before it, so that no spreadsheet runs it as a formula: whoever reads
the file with a program drops the first apostrophe of a cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

import msgspec

from graph.exports.selection import repositories
from graph.model import vocabulary as v
from graph.model.records import Derivation
from graph.model.relations import LINKS
from graph.rdf import terms
from graph.rdf.properties import CLASSES
from graph.rdf.triples import Triple, record_from_triples, type_
from graph.store.lineage_graph import LineageGraph, Node, repository_triples

__all__ = ["COLUMNS", "write_edges_csv"]

COLUMNS = (
    "child", "child_kind", "parent", "parent_kind", "relation", "sources", "raw", "position"
)  # fmt: skip
"""``sources`` are joined by spaces; ``raw``, the values as declared, is a list in JSON."""

_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_LINKS = tuple(map(v.expand, LINKS))


def write_edges_csv(graph: LineageGraph, out: BinaryIO, focus: Node | None) -> None:
    """Write the claims whose two ends are in the graph, or around a focus.

    Claims that name no repository have no line: they are no edges.
    """
    iris = repositories(graph, focus)
    chosen = set(iris)
    text = TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for iri in iris:
            node = graph.node(iri)
            if node is not None and node.known:
                writer.writerows(_rows(graph, node, chosen))
    finally:
        text.detach()  # flushes, and leaves the file to whoever opened it


def _rows(graph: LineageGraph, child: Node, chosen: set[str]) -> Iterator[list[str]]:
    for claim in _claims(graph, child):
        parent_kind = claim.relation.target_kind
        if claim.target is not None and v.repository_iri(parent_kind, claim.target) in chosen:
            cells = (
                child.id,
                child.kind,
                claim.target,
                parent_kind,
                claim.relation,
                " ".join(claim.sources),
                msgspec.json.encode(claim.raw).decode(),
                str(claim.position),
            )
            yield [_guarded(cell) for cell in cells]


def _claims(graph: LineageGraph, node: Node) -> tuple[Derivation, ...]:
    """Return the derivations of a repository, without reading the rest of its record."""
    subject = terms.iri(node.iri)
    triples: list[Triple] = [(subject, type_, CLASSES[node.kind])]
    for link in _LINKS:
        for claim in graph.objects(node.iri, link):
            triples.append((subject, terms.iri(link), terms.iri(claim)))
            triples += repository_triples(graph.store, claim)
    return record_from_triples(triples).derivations


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_GUARDED) else cell
