"""Licence drift: what becomes of licences from parent to child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from graph.statistics.drift import Drift
    from graph.statistics.transitions import Transitions

__all__ = ["drift"]

_WORST = 10


@click.command()
@click.option(
    "--by",
    type=click.Choice(["relation", "month", "family"]),
    default="relation",
    show_default=True,
    help="Count by relation, by the month in which the child was created, or by its nearest root.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    metavar="N",
    help="Show the N families with the most steps.",
)
@json_option
@graph_option
def drift(by: str, limit: int, *, as_json: bool) -> None:
    """Count how licences change from parent to child: kept, relaxed, tightened, dropped.

    Shares are of the steps whose licences are known; docs/licences.md has the definitions.
    """
    found, groups = _counted(by)
    if as_json:
        _print_json(by, found, groups)
        return
    shown = groups[:limit] if by == "family" else groups
    _print_groups(by, shown, found.whole())
    _print_relaxed(found)
    if len(shown) < len(groups):
        note(f"{len(groups) - len(shown):,} more: raise --limit to see them")


def _counted(by: str) -> tuple[Transitions, list[Drift]]:
    """Return all transitions, and their outcomes in groups."""
    from graph import lineage as index
    from graph.statistics.results import read_transitions
    from graph.store.lineage_graph import LineageGraph

    with LineageGraph.open(graph_directory()) as graph:
        found = read_transitions(graph)
        if by == "family":
            return found, found.by_family(index.of(graph))
        return found, found.by_month() if by == "month" else found.by_relation()


def _print_groups(by: str, groups: Sequence[Drift], whole: Drift) -> None:
    from graph.statistics.drift import COMPARED

    columns = (by, "steps", "compared", *COMPARED)
    rows = [
        (one.group, one.steps, one.compared, *(_percent(one.share(word)) for word in COMPARED))
        for one in (*groups, whole)
    ]
    print_table(columns, rows)


def _print_relaxed(found: Transitions) -> None:
    """Print the commonest transitions that relax a licence."""
    from graph.statistics.drift import Outcome, compare

    relaxed = [row for row in found.rows() if compare(row[1], row[2]) is Outcome.RELAXED]
    relaxed.sort(key=lambda row: -row[3])
    if relaxed:
        click.echo("\nRelaxed most often:")
        print_table(("relation", "parent", "child", "steps"), relaxed[:_WORST])


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _print_json(by: str, found: Transitions, groups: Sequence[Drift]) -> None:
    from graph.statistics.drift import COMPARED, Outcome, compare

    print_json(
        {
            "by": by,
            "groups": [
                {
                    "group": one.group,
                    "steps": one.steps,
                    "compared": one.compared,
                    "counts": {word.value: one.counts[word] for word in Outcome},
                    "shares": {word.value: one.share(word) for word in COMPARED},
                }
                for one in groups
            ],
            "transitions": [
                {
                    "relation": relation,
                    "parent": parent,
                    "child": child,
                    "outcome": compare(parent, child),
                    "steps": count,
                }
                for relation, parent, child, count in found.rows()
            ],
        }
    )
