"""Asking the graph about itself and about one repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from graph.model.records import Relation
from ui.cli.options import graph_directory, graph_option, json_option, relation_option
from ui.cli.output import print_json, print_rows, print_table, printable

if TYPE_CHECKING:
    from graph.lineage.rollup import Rolled
    from graph.lineage.stepping import Relative
    from graph.statistics.counts import Statistics

__all__ = ["ancestors", "descendants", "show", "stats"]

_depth = click.option(
    "--depth", type=click.IntRange(min=1), metavar="N", help="Go at most N steps."
)


@click.command()
@json_option
@graph_option
def stats(*, as_json: bool) -> None:
    """Count what the graph holds."""
    from graph.statistics.results import read_statistics
    from graph.store.lineage_graph import LineageGraph
    from ui.cli.depth import warn_of_depth

    with LineageGraph.open(graph_directory()) as graph:
        counts = read_statistics(graph)
        warn_of_depth(graph.info)
    if as_json:
        print_json(counts)
        return
    print_rows((name.replace("_", " "), _flat(value)) for name, value in _in_words(counts))


@click.command()
@click.argument("repository", metavar="ID")
@json_option
@graph_option
def show(repository: str, *, as_json: bool) -> None:
    """Show one repository: what it declares, its parents, its children by relation."""
    from graph.store.lineage_graph import LineageGraph
    from graph.view.details import details
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        document = details(graph, find(graph, repository))
    if as_json:
        print_json(document)
    else:
        _print_details(document)


@click.command()
@click.argument("repository", metavar="ID")
@relation_option
@_depth
@json_option
@graph_option
def ancestors(
    repository: str, relations: tuple[str, ...], depth: int | None, *, as_json: bool
) -> None:
    """List what a repository was made from, over any number of steps."""
    from graph.lineage.walking import ancestors as walk

    _print_relatives(_walked(walk, repository, relations, depth), as_json=as_json)


@click.command()
@click.argument("repository", metavar="ID")
@relation_option
@_depth
@click.option(
    "--roll-up", is_flag=True, help="Count quantised copies and adapters instead of listing them."
)
@json_option
@graph_option
def descendants(
    repository: str, relations: tuple[str, ...], depth: int | None, *, roll_up: bool, as_json: bool
) -> None:
    """List what was made from a repository, over any number of steps."""
    from graph.lineage.walking import descendants as walk

    if not roll_up:
        _print_relatives(_walked(walk, repository, relations, depth), as_json=as_json)
        return
    if relations:
        raise click.UsageError("--roll-up follows every relation: leave --relation out")
    _print_rolled(_rolled(repository, depth), as_json=as_json)


def _rolled(repository: str, depth: int | None) -> list[Rolled]:
    """Return the repository that the user means and its descendants, without the copies."""
    from graph import lineage as index
    from graph.lineage.rollup import roll_up
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        return roll_up(index.of(graph), find(graph, repository), depth=depth)


def _print_rolled(rows: list[Rolled], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "id": row.node.id,
                    "kind": row.node.kind,
                    "relation": row.relations,
                    "depth": row.depth,
                    "downloads": row.downloads,
                    "quantized": row.quantized,
                    "adapters": row.adapters,
                }
                for row in rows
            ]
        )
        return
    table = [(r.depth, r.node.id, r.node.kind, r.relations, r.quantized, r.adapters) for r in rows]
    print_table(("depth", "id", "kind", "relation", "quantized", "adapters"), table)


def _walked(
    walk: Callable[..., list[Relative]],
    repository: str,
    relations: tuple[str, ...],
    depth: int | None,
) -> list[Relative]:
    """Return what a walk finds from the repository that the user means."""
    from graph import lineage as index
    from graph.model.relations import DERIVATIONS
    from graph.store.lineage_graph import open_graph
    from ui.lookup import find

    chosen = tuple(Relation(name) for name in relations) or DERIVATIONS
    with open_graph(graph_directory()) as graph:
        focus = find(graph, repository)
        return walk(index.of(graph), focus, relations=chosen, depth=depth)


def _print_relatives(rows: list[Relative], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "id": row.id,
                    "kind": row.kind,
                    "relation": row.relations,
                    "depth": row.depth,
                    "parents": row.parents,
                }
                for row in rows
            ]
        )
    else:
        table = [(row.depth, row.id, row.kind, row.relations, row.parents) for row in rows]
        print_table(("depth", "id", "kind", "relation", "parents"), table)


def _in_words(counts: Statistics) -> Iterator[tuple[str, object]]:
    """Yield the counts that fit on a line; what is longer is in the JSON document only."""
    for name, value in counts.items():
        if name == "finetune_changes" and isinstance(value, dict):
            yield from ((f"{what} drift", found) for what, found in value.items())
        elif isinstance(value, dict):
            yield name, {key: part for key, part in value.items() if not isinstance(part, list)}
        elif not isinstance(value, list):
            yield name, value


def _print_details(document: dict[str, object]) -> None:
    tables = ("parents", "children", "licenses", "issues")
    print_rows((name, _flat(value)) for name, value in document.items() if name not in tables)
    for name in tables:
        rows = document.get(name)
        if isinstance(rows, list) and rows:
            click.echo(f"\n{name}")
            print_table(tuple(rows[0]), [tuple(_flat(v) for v in row.values()) for row in rows])


def _flat(value: object) -> object:
    if isinstance(value, dict):
        known = {name: count for name, count in value.items() if count is not None}
        return ", ".join(f"{name} {_rounded(count)}" for name, count in known.items())
    return value


def _rounded(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else printable(value)
