"""Taking the graph elsewhere: snapshots, exports, and the check of its shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_rows, print_table

if TYPE_CHECKING:
    from graph.snapshots import Manifest

__all__ = ["export", "index", "snapshot", "validate"]

_folder = click.Path(path_type=Path, file_okay=False)


@click.group()
def snapshot() -> None:
    """Keep, check and restore the whole graph as a folder of files."""


@snapshot.command()
@click.option("--out", type=_folder, default=Path("snapshot"), show_default=True, help="Where to.")
@json_option
@graph_option
def create(out: Path, *, as_json: bool) -> None:
    """Write a snapshot: the same graph gives the same bytes."""
    from graph.snapshots import create as create_snapshot
    from graph.store.lineage_graph import LineageGraph

    with LineageGraph.open(graph_directory()) as graph:
        manifest = create_snapshot(graph, out, progress=note)
    _print_manifest(out, manifest, as_json=as_json)


@snapshot.command()
@click.argument("directory", type=_folder)
@json_option
def verify(directory: Path, *, as_json: bool) -> None:
    """Check a snapshot against its manifest."""
    from graph.snapshots import verify as verify_snapshot

    _print_manifest(directory, verify_snapshot(directory), as_json=as_json)


@snapshot.command()
@click.argument("directory", type=_folder)
@json_option
@graph_option
def load(directory: Path, *, as_json: bool) -> None:
    """Make a snapshot the graph; what the graph held before is replaced."""
    from graph.snapshots import load as load_snapshot

    info = load_snapshot(directory, graph_directory(), progress=note)
    if as_json:
        print_json(info)
    else:
        counts = [(name, getattr(info, name)) for name in ("models", "datasets", "spaces")]
        print_rows([("graph", graph_directory()), *counts])


def _check_format(_: click.Context, __: click.Parameter, value: str) -> str:
    from graph.exports import EXPORTERS

    if value not in EXPORTERS:
        raise click.BadParameter(f"{value} is no export format: use {', '.join(EXPORTERS)}")
    return value


class _ListsFormats(click.Command):
    """A command whose help lists the formats of the exports, each with what it is."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        from graph.exports import EXPORTERS

        with formatter.section("Formats"):
            formatter.write_dl([(name, exporter.doc) for name, exporter in EXPORTERS.items()])
        super().format_epilog(ctx, formatter)


@click.command(cls=_ListsFormats)
@click.argument("form", metavar="FORMAT", callback=_check_format)
@click.option("--focus", metavar="ID", help="Only this repository, its ancestors and descendants.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@graph_option
def export(form: str, focus: str | None, out: Path | None) -> None:
    """Write the graph, or the lineage of one repository, in another format."""
    from graph.exports import export as write_export
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find
    from ui.palette import LOOK

    with LineageGraph.open(graph_directory()) as graph:
        node = find(graph, focus) if focus else None
        if out is None:
            write_export(graph, form, sys.stdout.buffer, node, LOOK)
        else:
            write_export(graph, form, out, node, LOOK)
            note(f"written: {out}")


@click.command()
@json_option
@graph_option
def validate(*, as_json: bool) -> int:
    """Check the graph against its SHACL shapes."""
    from graph.quality.conformance import count_nodes, validate_graph
    from graph.store.lineage_graph import LineageGraph
    from ui.cli.progress import watch

    with LineageGraph.open(graph_directory()) as graph:
        progress = watch()
        progress.begin("validating", 0, count_nodes(graph.store))
        try:
            report = validate_graph(graph, progress=progress.advance)
        finally:
            progress.close()
    if as_json:
        print_json({"conforms": report.conforms, "violations": report.violations})
    elif report.conforms:
        print_rows([("conforms", "yes")])
    else:
        rows = [(v.node, v.path, v.message, v.value) for v in report.violations]
        print_table(("node", "path", "message", "value"), rows)
    return 0 if report.conforms else 1


def _print_manifest(directory: Path, manifest: Manifest, *, as_json: bool) -> None:
    if as_json:
        print_json(manifest)
        return
    relations = ", ".join(f"{name} {count:,}" for name, count in manifest.relations.items())
    print_rows(
        [
            ("snapshot", directory),
            ("triples", manifest.triples),
            ("relations", relations),
            ("sha256", manifest.sha256),
        ]
    )


@click.command()
@graph_option
def index() -> None:
    """Work out anew what follows from the graph as a whole: its index, findings and counts.

    Every ingestion does so by itself. The graph stays usable meanwhile.
    """
    from graph.build.building import new_build
    from graph.store.lineage_graph import open_graph

    open_graph(graph_directory()).close()  # where there is no graph, there is nothing to index
    with new_build(graph_directory()) as build:
        build.forget_derived()
        info = build.publish([])
    note(f"indexed {info.models + info.datasets + info.spaces:,} repositories")
