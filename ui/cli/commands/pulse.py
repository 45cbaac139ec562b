"""The pulse of the ecosystem: how remixing is shared out, month by month."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from graph.model.records import Relation
from graph.model.relations import MODEL_RELATIONS
from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from graph.statistics.concentration import Month
    from graph.statistics.pulse import Pulse

__all__ = ["pulse"]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

_COLUMNS = (
    *("month", "models", "derivatives", "steps", "remixers", "base owners"),
    *("top 1", "top 5", "top 10", "herfindahl", "of origins", "cross-owner"),
    *("permissive", "open data", "depth"),
)


def _month(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Return the month that an option names."""
    if value is not None and not _MONTH.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no month: give it as YYYY-MM")
    return value


_first = click.option(
    "--from", "first", metavar="YYYY-MM", callback=_month, help="The first month that counts."
)
_last = click.option(
    "--to", "last", metavar="YYYY-MM", callback=_month, help="The last month that counts."
)


@click.command()
@_first
@_last
@click.option(
    "--relation",
    "relations",
    type=click.Choice([relation.value for relation in MODEL_RELATIONS]),
    multiple=True,
    help="Count only steps of this relation (may be given several times).",
)
@json_option
@graph_option
def pulse(
    first: str | None, last: str | None, relations: tuple[str, ...], *, as_json: bool
) -> None:
    """Show by month whether remixing is shared out among few owners or many.

    Each figure is defined in docs/statistics.md.
    """
    chosen = tuple(map(Relation, relations)) or MODEL_RELATIONS
    found = _measured(first, last, chosen)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _measured(first: str | None, last: str | None, relations: tuple[Relation, ...]) -> Pulse:
    """Return the pulse as it was measured when the graph was built, or for a choice of its own."""
    from graph import lineage as index
    from graph.statistics.pulse import pulse as measure
    from graph.statistics.results import read_activity, read_pulse
    from graph.store.lineage_graph import LineageGraph

    with LineageGraph.open(graph_directory()) as graph:
        if first is last is None and set(relations) == set(MODEL_RELATIONS):
            return read_pulse(graph)
        active = read_activity(graph)
        return measure(active, index.of(graph), first=first, last=last, relations=relations)


def _print(found: Pulse) -> None:
    print_table(_COLUMNS, [_cells(row) for row in (*found.months, found.total)])
    note(
        f"no month: {found.floor:,} models of the Hub's first date"
        f" and {found.undated:,} without a date"
    )


def _cells(row: Month) -> tuple[object, ...]:
    bases = row.bases
    return (
        row.month or "all",
        *(row.models, row.derivatives, bases.total, row.remixers, bases.owners),
        *map(_percent, (bases.top_1, bases.top_5, bases.top_10)),
        *(_decimals(some.herfindahl, 3) for some in (bases, row.origins)),
        *map(_percent, (row.cross_owner, row.permissive, row.open_data)),
        _decimals(row.mean_depth, 2),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _decimals(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"
