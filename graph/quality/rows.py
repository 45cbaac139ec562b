"""Diagnostics as rows, for whoever shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from graph.lineage.index import LineageIndex
from graph.quality.checks import Check
from graph.quality.diagnostics import Diagnostics, Instance
from graph.store.lineage_graph import Node
from graph.store.texts import Texts

__all__ = ["Diagnostic", "rows"]

_MOST_CHILDREN = 5


class Diagnostic(NamedTuple):
    """One thing that is wrong: with which repository, because of which others, and why."""

    check: Check
    node: Node
    others: tuple[str, ...]
    detail: str
    downloads: int | None


def rows(
    index: LineageIndex, texts: Texts, check: Check, found: Diagnostics, places: Iterable[int]
) -> list[Diagnostic]:
    """Return the diagnostics of a check at some places as rows."""
    return [_row(check, Instance(index, texts, found, place)) for place in places]


def _row(check: Check, one: Instance) -> Diagnostic:
    downloads = int(one.found.downloads[one.place])
    shown = one.others[:_MOST_CHILDREN] if check is Check.BUILT_ON_COPY else one.others
    return Diagnostic(
        check,
        one.index.node(one.number),
        tuple(one.index.ids(shown)),
        check.row.detail(one),
        None if downloads < 0 else downloads,
    )
