"""Getting metadata into the graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from graph.records import Kind
from ui.options import graph_directory, graph_option, json_option
from ui.output import note, print_json, print_rows, print_table

if TYPE_CHECKING:
    from ingest.report import Report

__all__ = ["ingest"]

_BAD_INPUT = 3

_paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group()
def ingest() -> None:
    """Get metadata into the graph."""


@ingest.command()
@_paths
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="What rows are.")
@click.option("--no-aliases", is_flag=True, help="Keep legacy ids as they are written.")
@json_option
@graph_option
def dump(paths: tuple[Path, ...], kind: str | None, *, no_aliases: bool, as_json: bool) -> int:
    """Add bulk dumps: pages of the Hub's API, JSON Lines or hub-stats Parquet, plain, .gz or .zst.

    PATHS are files or folders. What a file holds is told from its content. Repositories that
    the graph has already are replaced, the rest stays.
    """
    from ingest.aliases import Aliases

    aliases = Aliases.none() if no_aliases else Aliases.seed()
    return _ingest(paths, Kind(kind) if kind else None, aliases, as_json=as_json)


@ingest.command()
@_paths
@json_option
@graph_option
def cards(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Add cards: README.md files with front matter, or JSON Lines of {id, card}.

    A card is merged into the repository it belongs to. For a README.md the id is told from its
    folders: OWNER/NAME/README.md for a model, datasets/OWNER/NAME/README.md for a dataset.
    """
    return _ingest(paths, None, None, as_json=as_json)


@ingest.command()
@_paths
@json_option
@graph_option
def provenance(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Add dataset summaries of the Data Provenance Initiative's collection."""
    return _ingest(paths, None, None, as_json=as_json)


def _ingest(paths: tuple[Path, ...], kind: Kind | None, aliases: object, *, as_json: bool) -> int:
    from ingest.aliases import Aliases
    from ingest.dumps import find_files
    from ingest.pipeline import ingest_files

    size = sum(path.stat().st_size for path in find_files(paths))
    with tqdm(total=size, unit="B", unit_scale=True, disable=not sys.stderr.isatty()) as bar:
        report = ingest_files(
            graph_directory(),
            paths,
            kind=kind,
            aliases=aliases if isinstance(aliases, Aliases) else None,
            progress=bar.update,
        )
    if as_json:
        print_json(report.document())
    else:
        _print_report(report)
    for line in report.failed:
        note(f"error: {line}")
    return _BAD_INPUT if report.failed else 0


def _print_report(report: Report) -> None:
    tally = report.tally
    kept = ", ".join(f"{tally.kept[kind]:,} {kind}s" for kind in Kind if tally.kept[kind])
    edges = ", ".join(f"{relation} {count:,}" for relation, count in sorted(tally.edges.items()))
    print_rows(
        [
            ("read", f"{tally.rows:,} rows of {report.files:,} files"),
            ("kept", kept or "nothing"),
            ("replaced", report.replaced or None),
            ("edges", edges),
            ("declared", _declared(report)),
            ("named only", f"{report.references:,} repositories"),
            ("triples", tally.triples),
            ("seconds", f"{report.seconds:.1f}"),
        ]
    )
    if tally.issues:
        click.echo()
        rows = [(kind, count, kind.remedy) for kind, count in tally.issues.most_common()]
        print_table(("issue", "count", "remedy"), rows)


def _declared(report: Report) -> str:
    tally = report.tally
    return (
        f"{tally.declared_pairs:,} base models, {tally.declared_links:,} training datasets;"
        f" {tally.aliased:,} of these resolved as aliases"
    )
