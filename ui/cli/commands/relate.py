"""Asking how repositories are related, over the whole lineage at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_rows, print_table

if TYPE_CHECKING:
    from graph.lineage.index import LineageIndex
    from graph.store.lineage_graph import Node

__all__ = ["common", "family", "impact", "path", "roots", "siblings"]

Row = dict[str, object]

_limit = click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    metavar="N",
    help="List at most N.",
)


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@json_option
@graph_option
def path(first: str, second: str, *, as_json: bool) -> None:
    """Show the shortest way by which one repository comes from the other."""
    from graph.lineage.paths import shortest_path

    with _found(first, second) as (index, (one, other)):
        way = shortest_path(index, one, other) or shortest_path(index, other, one) or ()
        steps: list[Row] = [
            {"child": step.child.id, "relation": step.relations, "parent": step.parent.id}
            for step in way
        ]
    _print(steps, ("child", "relation", "parent"), as_json=as_json)
    if not steps and one != other:
        note(f"neither {one.id} nor {other.id} comes from the other: see what they have in common")
        click.get_current_context().exit(1)


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@json_option
@graph_option
def common(first: str, second: str, *, as_json: bool) -> None:
    """List the nearest repositories that two both come from."""
    from graph.lineage.paths import common_ancestors

    with _found(first, second) as (index, (one, other)):
        rows: list[Row] = [
            _identified(row.node)
            | {"first_depth": row.first_depth, "second_depth": row.second_depth}
            for row in common_ancestors(index, one, other)
        ]
    _print(rows, ("id", "kind", "first_depth", "second_depth"), as_json=as_json)
    if not rows:
        note(f"{one.id} and {other.id} have no ancestor in common")
        click.get_current_context().exit(1)


@click.command()
@click.argument("repository", metavar="ID")
@json_option
@graph_option
def roots(repository: str, *, as_json: bool) -> None:
    """List the ancestors that were made from nothing else: what it all began with."""
    from graph.lineage.walking import roots as roots_of

    with _found(repository) as (index, (focus,)):
        rows: list[Row] = [
            _identified(root) | {"known": root.known} for root in roots_of(index, focus)
        ]
    _print(rows, ("id", "kind", "known"), as_json=as_json)


@click.command()
@click.argument("repository", metavar="ID")
@_limit
@json_option
@graph_option
def siblings(repository: str, limit: int, *, as_json: bool) -> None:
    """List what was made from the same parents in the same way."""
    from graph.lineage.walking import siblings as siblings_of

    with _found(repository) as (index, (focus,)):
        rows: list[Row] = [
            _identified(row.node)
            | {"relation": row.relation, "parent": row.parent.id, "downloads": row.downloads}
            for row in siblings_of(index, focus)
        ]
    _print(rows[:limit], ("relation", "parent", "id", "kind", "downloads"), as_json=as_json)
    _note_more(len(rows), limit)


@click.command()
@click.argument("repository", metavar="ID")
@_limit
@json_option
@graph_option
def impact(repository: str, limit: int, *, as_json: bool) -> None:
    """List what depends on a repository, and the Spaces that use it, by downloads."""
    from graph.lineage.descendant_counts import impact as impact_of

    with _found(repository) as (index, (focus,)):
        affected = impact_of(index, focus)
    kinds = Counter(row.node.kind for row in affected)
    rows: list[Row] = [
        _identified(row.node)
        | {"depth": row.depth, "relation": row.relations, "downloads": row.downloads}
        for row in affected[:limit]
    ]
    counts = {f"{kind}s": kinds[kind] for kind in sorted(kinds)}
    if as_json:
        print_json(_identified(focus) | {"total": len(affected)} | counts | {"affected": rows})
        return
    print_rows([("affected", len(affected)), *counts.items()])
    _print(rows, ("downloads", "id", "kind", "depth", "relation"), as_json=False)
    _note_more(len(affected), limit)


@click.command()
@click.argument("repository", metavar="ID")
@click.option("--no-merges", is_flag=True, help="Let a merge not join the families of its parents.")
@_limit
@json_option
@graph_option
def family(repository: str, limit: int, *, no_merges: bool, as_json: bool) -> None:
    """List everything that lineage connects with a repository, by downloads."""
    from graph.lineage.families import family as family_of
    from ui.cli.depth import warn_of_counts

    with _found(repository) as (index, (focus,)):
        found = family_of(index, focus, merges=not no_merges, limit=limit)
        warn_of_counts(index)
    rows: list[Row] = [
        _identified(row.node)
        | {"depth": row.depth, "descendants": row.descendants, "downloads": row.downloads}
        for row in found.members
    ]
    counts = {"total": found.size, "roots": found.roots, "generations": found.generations}
    if as_json:
        print_json(_identified(focus) | counts | {"members": rows})
        return
    print_rows(counts.items())
    _print(rows, ("downloads", "id", "kind", "depth", "descendants"), as_json=False)
    _note_more(found.size, limit)


@contextmanager
def _found(*names: str) -> Iterator[tuple[LineageIndex, list[Node]]]:
    """Open the graph's index, and find the repositories that the user means."""
    from graph import lineage as index
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        nodes = [find(graph, name) for name in names]
        yield index.of(graph), nodes


def _identified(node: Node) -> Row:
    return {"id": node.id, "kind": node.kind}


def _print(rows: Sequence[Row], columns: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        names = [column.replace("_", " ") for column in columns]
        print_table(names, [[row[column] for column in columns] for row in rows])


def _note_more(total: int, limit: int) -> None:
    if total > limit:
        note(f"{total - limit:,} more: raise --limit to see them")
