"""Getting metadata into the graph."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.model.errors import InvalidRepositoryId
from graph.model.records import Kind
from ui.cli.commands.hub import hub
from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_rows, print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.report import Report

__all__ = ["ingest"]

_BAD_INPUT = 3

_paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
_kind = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    callback=lambda _context, _option, value: Kind(value) if value else None,
    help="What the rows or cards are about.",
)


@click.group()
def ingest() -> None:
    """Get metadata into the graph."""


ingest.add_command(hub)


@ingest.command()
@_paths
@_kind
@click.option("--no-aliases", is_flag=True, help="Keep legacy ids as they are written.")
@json_option
@graph_option
def dump(paths: tuple[Path, ...], kind: Kind | None, *, no_aliases: bool, as_json: bool) -> int:
    """Add bulk dumps: pages of the Hub's API, JSON Lines or hub-stats Parquet, plain, .gz or .zst.

    PATHS are files or folders. What a file holds is told from its content; what is no dump in a
    folder is skipped. Repositories that the graph has already are replaced, the rest stays.
    """
    from ingest.aliases import Aliases
    from ingest.pipeline import ingest_files

    aliases = Aliases.none() if no_aliases else Aliases.seed()
    return _ingest(partial(ingest_files, kind=kind, aliases=aliases), paths, as_json=as_json)


@ingest.command()
@_paths
@click.option("--id", "name", metavar="OWNER/NAME", help="The repository of the one card given.")
@_kind
@json_option
@graph_option
def cards(paths: tuple[Path, ...], name: str | None, kind: Kind | None, *, as_json: bool) -> int:
    """Add cards: README.md files with front matter, or JSON Lines of {id, card}.

    A card is merged into the repository it belongs to. For a README.md the id is told from its
    folders: OWNER/NAME/README.md for a model, datasets/OWNER/NAME/README.md for a dataset,
    spaces/OWNER/NAME/README.md for a Space.
    """
    from ingest.pipeline import ingest_cards

    if name is not None:
        _check_name(name, paths)
    return _ingest(partial(ingest_cards, repository_id=name, kind=kind), paths, as_json=as_json)


@ingest.command()
@_paths
@json_option
@graph_option
def provenance(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Add dataset summaries of the Data Provenance Initiative's collection.

    PATHS are files or folders; templates and what is no summary in a folder is skipped.
    """
    from ingest.pipeline import ingest_summaries

    return _ingest(ingest_summaries, paths, as_json=as_json)


def _check_name(name: str, paths: tuple[Path, ...]) -> None:
    from ingest.references import is_repository_id

    if not is_repository_id(name):
        raise InvalidRepositoryId(f"--id {name}: no repository id: give owner/name")
    if len(paths) > 1 or paths[0].is_dir():
        raise click.UsageError("--id names the repository of one card: give one file")


def _ingest(run: Callable[..., Report], paths: tuple[Path, ...], *, as_json: bool) -> int:
    from tqdm import tqdm

    from ingest.dumps import find_files

    size = sum(path.stat().st_size for path in find_files(paths))
    with tqdm(total=size, unit="B", unit_scale=True, disable=not sys.stderr.isatty()) as bar:
        report = run(graph_directory(), paths, progress=bar.update)
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
            ("duplicates", tally.duplicates or None),
            ("unusable", tally.unusable or None),
            ("skipped", f"{len(report.skipped):,} other files" if report.skipped else None),
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
