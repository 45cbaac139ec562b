"""A neighbourhood as a list: the same as its drawing, for those who read, sort and filter."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, NamedTuple

from graph.neighbourhood import Neighbourhood
from graph.records import Kind, Relation

__all__ = ["Row", "listing", "write_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One repository of a view.

    ``depth`` is 0 for the focus, negative towards the ancestors, positive towards the
    descendants; ``relations`` are those that lead one step nearer to the focus.
    """

    id: str
    kind: Kind
    depth: int
    relations: tuple[Relation, ...]
    license: str | None
    license_category: str | None
    downloads: int | None
    known: bool
    iri: str


def listing(shown: Neighbourhood) -> list[Row]:
    """Return every repository of a view: the focus first, then by distance and downloads."""
    rows = [_row(shown, iri) for iri in shown.view]
    return sorted(rows, key=lambda row: (abs(row.depth), row.depth, -(row.downloads or 0), row.iri))


def write_csv(rows: Iterable[Row], file: IO[str]) -> None:
    """Write rows as CSV, with an apostrophe before what a spreadsheet would run as a formula."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "kind", "depth", "relations", "license", "downloads", "known"])
    for row in rows:
        cells = (row.id, row.kind, row.depth, " ".join(row.relations), row.license, row.downloads)
        writer.writerow([*map(_cell, cells), str(row.known).lower()])


def _row(shown: Neighbourhood, iri: str) -> Row:
    facts = shown.view.nodes[iri]
    level = facts["level"]
    view = shown.view
    edges = view.out_edges(iri, keys=True) if level > 0 else view.in_edges(iri, keys=True)
    relations = {
        Relation(relation)
        for child, parent, relation in edges
        if abs(view.nodes[parent if level > 0 else child]["level"]) == abs(level) - 1
    }
    return Row(
        id=facts["id"],
        kind=Kind(facts["kind"]),
        depth=level,
        relations=tuple(relation for relation in Relation if relation in relations),
        license=facts.get("license"),
        license_category=facts.get("license_category"),
        downloads=facts.get("downloads"),
        known=facts["known"],
        iri=iri,
    )


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
