"""A neighbourhood as a list: the same as its drawing, for those who read, sort and filter."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, NamedTuple

from graph.model.records import Kind, Relation
from graph.view.neighbourhood import USES, Neighbourhood

__all__ = ["Row", "listing", "write_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One repository of a view.

    ``depth`` is the generation: 0 for the focus, negative before it, positive after it. ``steps``
    counts the steps that lead to it; ``relations`` are those that lead one step nearer.
    """

    id: str
    kind: Kind
    depth: int
    steps: int
    relations: tuple[str, ...]
    license: str | None
    license_category: str | None
    downloads: int | None
    known: bool
    iri: str


def listing(shown: Neighbourhood) -> list[Row]:
    """Return every repository of a view: the focus first, then by distance and downloads."""
    rows = [_row(shown, iri) for iri in shown.view]
    return sorted(rows, key=lambda row: (row.steps, row.depth, -(row.downloads or 0), row.iri))


def write_csv(rows: Iterable[Row], file: IO[str]) -> None:
    """Write rows as CSV, with an apostrophe before what a spreadsheet would run as a formula."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "kind", "depth", "relations", "license", "downloads", "known"])
    for row in rows:
        cells = (row.id, row.kind, row.depth, " ".join(row.relations), row.license, row.downloads)
        writer.writerow([*map(_cell, cells), str(row.known).lower()])


def _row(shown: Neighbourhood, iri: str) -> Row:
    view, facts = shown.view, shown.view.nodes[iri]
    nearer = facts["distance"] - 1
    edges = [
        *((parent, word) for _, parent, word in view.out_edges(iri, keys=True)),
        *((child, word) for child, _, word in view.in_edges(iri, keys=True)),
    ]
    relations = {word for near, word in edges if view.nodes[near]["distance"] == nearer}
    return Row(
        id=facts["id"],
        kind=Kind(facts["kind"]),
        depth=facts["level"],
        steps=facts["distance"],
        relations=tuple(word for word in (*Relation, USES) if word in relations),
        license=facts.get("license"),
        license_category=facts.get("license_category"),
        downloads=facts.get("downloads"),
        known=facts["known"],
        iri=iri,
    )


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
