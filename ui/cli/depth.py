"""Saying so where a lineage is too deep for an answer to see all of it: no real one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.cli.output import note

if TYPE_CHECKING:
    from graph.lineage.index import LineageIndex
    from graph.store.builds import GraphInfo

__all__ = ["warn_of_counts", "warn_of_depth"]


def warn_of_depth(info: GraphInfo) -> None:
    """Say how far SPARQL finds ancestors, where that is not all the way."""
    if info.closure_depth is not None:
        note(
            f"note: this lineage is very deep: ancestors farther than {info.closure_depth} steps"
            " are not counted; 'remixgraph ancestors' finds them all"
        )


def warn_of_counts(index: LineageIndex) -> None:
    """Say how far the index counts descendants, where that is not all the way."""
    if index.influence_depth is not None:
        note(
            "note: this lineage is very deep: descendants farther than"
            f" {index.influence_depth} steps are not counted; 'remixgraph impact' finds them all"
        )
