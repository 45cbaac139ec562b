"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from graph.model.records import Relation
from ui.paths import default_graph_directory

__all__ = ["graph_directory", "graph_option", "json_option", "named_graph", "relation_option"]

F = TypeVar("F", bound=Callable[..., object])


def graph_option(command: F) -> F:
    """Add ``--graph``, which may stand before or after the command's name."""
    return click.option(
        "--graph",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="The graph's directory  [default: $REMIXGRAPH_GRAPH, else in the user's data].",
        expose_value=False,
        callback=_remember,
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def relation_option(command: F) -> F:
    """Add ``--relation``, as often as wanted."""
    return click.option(
        "--relation",
        "relations",
        type=click.Choice([relation.value for relation in Relation]),
        multiple=True,
        help="Follow only this relation (may be given several times).",
    )(command)


def graph_directory() -> Path:
    """Return the directory of the graph that the user means."""
    return named_graph() or default_graph_directory()


def named_graph() -> Path | None:
    """Return the directory that the user names with ``--graph``, if there is one."""
    named = click.get_current_context().find_root().meta.get("remixgraph.graph")
    return named if isinstance(named, Path) else None


def _remember(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.find_root().meta["remixgraph.graph"] = value
