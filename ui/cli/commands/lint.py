"""Linting cards before they are published."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from graph.model.errors import InvalidRepositoryId, UnreadableFile
from graph.model.records import Kind
from ui.cli.options import graph_directory, graph_option, json_option, named_graph
from ui.cli.output import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.licenses.views import Artefact, LicenseView
    from graph.store.lineage_graph import LineageGraph
    from ingest.linting import Mended
    from ui.cli.lint_formats import Linted

__all__ = ["lint"]

_FOUND, _UNREADABLE = 1, 3
_FORMATS = ("text", "github", "sarif", "json")


class _Wish(NamedTuple):
    """What the user says of the cards, and wants done with them."""

    repository_id: str | None
    kind: Kind | None
    patch: bool
    fix: bool


@click.command()
@click.argument("subjects", metavar="CARD|ID...", nargs=-1, required=True)
@click.option("--id", "name", metavar="OWNER/NAME", help="The repository of the one card given.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    callback=lambda _context, _option, value: Kind(value) if value else None,
    help="What the cards are about  [default: told from folders and fields].",
)
@click.option("--patch", is_flag=True, help="Print a patch for what surely can be mended, only.")
@click.option("--fix", is_flag=True, help="Mend in place what surely can be mended.")
@click.option("--strict", is_flag=True, help="Exit with status 1 for warnings, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="How to print the problems.",
)
@json_option
@graph_option
def lint(  # noqa: PLR0913 - one for each option
    subjects: tuple[str, ...],
    *,
    name: str | None,
    kind: Kind | None,
    patch: bool,
    fix: bool,
    strict: bool,
    form: str,
    as_json: bool,
) -> int:
    """Find what to mend in cards before publishing: licence, parents, relation, datasets, fields.

    A CARD is a README.md or its folder; adapter_config.json and GGUF files beside it count. An ID
    is a repository in the graph. Where there is a graph, the ids that a card names are looked up
    there. Exits with status 0 for nothing grave, 1 for errors, 3 for an unreadable card.
    """
    wish = _Wish(name, kind, patch, fix)
    form = "json" if as_json else form
    _check_usage(subjects, wish, form)
    results, failed = _lint_all(subjects, wish)
    if not patch:
        _print(results, form)
    for line in failed:
        note(f"error: {line}")
    return _UNREADABLE if failed else _exit_code(results, strict=strict)


def _check_usage(subjects: Sequence[str], wish: _Wish, form: str) -> None:
    from ingest.references import is_repository_id

    if wish.patch and (wish.fix or form != "text"):
        raise click.UsageError("--patch prints the patch only: leave --fix and --format out")
    if wish.repository_id is not None:
        if not is_repository_id(wish.repository_id):
            raise InvalidRepositoryId(f"--id {wish.repository_id}: give owner/name")
        if len(subjects) > 1:
            raise click.UsageError("--id names the repository of one card: give one file")


def _lint_all(subjects: Sequence[str], wish: _Wish) -> tuple[list[Linted], list[str]]:
    """Lint every subject; what cannot be read is told at the end, and stops no other."""
    results, failed = [], []
    cards = {subject: _card(subject) for subject in subjects}
    with _graph(needed=None in cards.values()) as graph:
        for subject, path in cards.items():
            try:
                if path is None:
                    results.append(_lint_repository(subject, graph, wish))
                else:
                    results.append(_lint_card(path, graph, wish))
            except UnreadableFile as error:
                failed.append(str(error))
    return results, failed


def _card(subject: str) -> Path | None:
    """Return the file that is meant, or None for an id; what looks like a file is one."""
    try:
        return _file(subject)
    except OSError:  # a name too long, a folder that may not be read: reading it says so
        return Path(subject)


def _file(subject: str) -> Path | None:
    from ingest.readmes import is_readme
    from ingest.references import is_repository_id

    path = Path(subject)
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.name.casefold() == "readme.md")
        return inside[0] if inside else path / "README.md"
    if path.exists() or is_readme(path, named=True):
        return path
    words = subject.removeprefix("datasets/").removeprefix("spaces/")
    is_id = is_repository_id(words) or subject.startswith("https://huggingface.co/")
    return None if is_id else path


@contextmanager
def _graph(*, needed: bool) -> Iterator[LineageGraph | None]:
    """Open the graph where an id needs it or the user names it, else where there is one."""
    from graph.store.directory import read_info

    directory = graph_directory()
    if not (needed or named_graph()) and read_info(directory) is None:
        yield None
        return
    from graph.store.lineage_graph import LineageGraph

    with LineageGraph.open(directory) as graph:
        yield graph


def _lint_card(path: Path, graph: LineageGraph | None, wish: _Wish) -> Linted:
    from ingest.linting import lint as find_problems
    from ingest.linting import mend
    from ingest.linting.reading import surroundings_of, write_card
    from ingest.readmes import read_text
    from ui.cli.lint_formats import Linted

    text = read_text(path)
    surroundings = surroundings_of(path, wish.repository_id, wish.kind, _look_up(graph))
    mended = mend(text, surroundings)
    if wish.patch:
        _print_patch(path, text, mended)
    if wish.fix and mended.card != text:
        write_card(path, mended.card)
        note(f"{path}: mended {_fields(mended)}")
        text, mended = mended.card, mended._replace(done=())
    return Linted(str(path), path, find_problems(text, surroundings), mended.done)


def _lint_repository(subject: str, graph: LineageGraph | None, wish: _Wish) -> Linted:
    from graph.licenses.stored import look_up_in
    from ingest.linting import lint_record
    from ui.cli.lint_formats import Linted
    from ui.lookup import find

    if wish.patch or wish.fix:
        raise click.UsageError(f"{subject}: only a card can be mended: give its file")
    assert graph is not None  # noqa: S101 - an id opens the graph, or fails
    node = find(graph, subject)
    return Linted(node.id, None, lint_record(graph.record(node), look_up_in(graph.store)))


def _look_up(graph: LineageGraph | None) -> Callable[[Artefact], LicenseView | None] | None:
    if graph is None:
        return None
    from graph.licenses.stored import look_up_in

    return look_up_in(graph.store)


def _print_patch(path: Path, old: str, mended: Mended) -> None:
    """Print a diff: as bytes, but on a terminal with what it would obey shown."""
    from graph.sparql.result_table import visible
    from ingest.linting import unified_diff
    from ui.cli.lint_formats import relative

    diff = unified_diff(relative(path).lstrip("/"), old, mended.card)
    if sys.stdout.isatty():
        diff = "".join(f"{visible(line)}\n" for line in diff.split("\n")[:-1])
    click.echo(diff.encode(errors="surrogateescape"), nl=False)


def _print(results: Sequence[Linted], form: str) -> None:
    from ui.cli.lint_formats import FORMATS

    FORMATS[form](results)
    if form == "text":
        problems = [one for result in results for one in result.problems]
        can = sum(
            (one.rule.name, one.field) in result.mendable
            for result in results
            for one in result.problems
        )
        hint = f"; --fix mends {can}" if can else ""
        note(f"problems: {len(problems)}{hint}")


def _fields(mended: Mended) -> str:
    return ", ".join(f"{field} ({rule})" for rule, field in mended.done)


def _exit_code(results: Sequence[Linted], *, strict: bool) -> int:
    from graph.quality.severity import Severity

    grave = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return _FOUND if any(one.severity in grave for r in results for one in r.problems) else 0
