"""From files to a published graph: find, map in parallel, load, merge, describe, publish.

Groups of files are mapped to N-Quads by worker processes while the loader, which is what takes
the time, works through those that are ready. Everything goes into a new build of the graph,
so an ingestion that fails or is interrupted has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from graph import vocabulary as v
from graph.building import Build, new_build
from graph.chunks import Chunk
from graph.errors import UnreadableFile
from graph.records import Dataset, Issue, Kind, Repository
from graph.runs import run_triples
from graph.triples import nquads, record_triples
from ingest.aliases import Aliases
from ingest.cards import merge_card
from ingest.dumps import find_files
from ingest.mapper import Mapped, map_files, write_records
from ingest.provenance import merge_summary, unite_summaries
from ingest.reading import Reading
from ingest.readmes import keep_outermost
from ingest.report import Report
from ingest.shapes import Shape
from ingest.values import clean
from ingest.workers import map_in_groups

__all__ = ["ingest_cards", "ingest_files", "ingest_summaries"]

Progress = Callable[[int], object]
"""Told the bytes of each group of files that has been mapped."""

_MERGE_BATCH = 5_000

MERGERS: dict[Shape, Callable[[Repository | None, Repository], Repository]] = {
    Shape.CARD: merge_card,
    Shape.PROVENANCE: merge_summary,
}
"""How the shapes that tell a part of a repository join what is known of it."""


def ingest_files(
    graph: Path,
    paths: Iterable[Path],
    *,
    kind: Kind | None = None,
    aliases: Aliases | None = None,
    sources: Iterable[str] | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Add what files say to a graph, which is made if there is none yet.

    Repositories that the files name again are replaced (cards and summaries: merged), the rest
    stays. ``aliases`` is the seed table unless given; ``sources`` name the input in the graph,
    by the names of ``paths`` unless given. Files that cannot be read contribute nothing and are
    listed in the report. Raises GraphLocked, InvalidGraph, and UnreadableFile when no file at all
    could be read.
    """
    reading = Reading(aliases=Aliases.seed() if aliases is None else aliases, kind=kind)
    return _ingest(graph, list(paths), reading, progress, sources)


def ingest_cards(
    graph: Path,
    paths: Iterable[Path],
    *,
    repository_id: str | None = None,
    kind: Kind | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Merge what cards say into a graph: README.md files, or rows of ``id`` and ``card``.

    ``repository_id`` is that of the only card; otherwise the folders of a README.md tell it.
    """
    reading = Reading(
        aliases=Aliases.seed(), kind=kind, shape=Shape.CARD, repository_id=repository_id
    )
    return _ingest(graph, list(paths), reading, progress)


def ingest_summaries(
    graph: Path, paths: Iterable[Path], *, progress: Progress = lambda _: None
) -> Report:
    """Merge what the Data Provenance collection's summaries say into a graph."""
    reading = Reading(aliases=Aliases.seed(), shape=Shape.PROVENANCE)
    return _ingest(graph, list(paths), reading, progress)


def _ingest(
    graph: Path,
    paths: list[Path],
    reading: Reading,
    progress: Progress,
    sources: Iterable[str] | None = None,
) -> Report:
    started = perf_counter()
    reading = replace(reading, named=frozenset(path for path in paths if not path.is_dir()))
    files = find_files(paths)
    if reading.shape is Shape.CARD:
        files = keep_outermost(files, reading.named)
    report = Report(files=len(files))
    with new_build(graph) as build:
        issues = _load_all(build, files, reading, report, progress)
        if len(report.failed) + len(report.skipped) == len(files):
            raise UnreadableFile(_why_nothing(report, paths))
        names = [clean(path.name or str(path)) for path in paths]
        names = names if sources is None else list(sources)
        _load_run(build, names, issues)
        with _clock(report, "optimize"):
            build.optimize()
        build.publish(names)
    report.seconds = perf_counter() - started
    return report


def _load_all(
    build: Build, files: list[Path], reading: Reading, report: Report, progress: Progress
) -> list[Issue]:
    """Load what files become, in order; returns the issues that concern no repository."""
    whole = Mapped(tally=report.tally)
    with map_in_groups(files, build.work, partial(map_files, reading=reading)) as groups:
        _load(build, _gather(build, groups, whole, report, progress), report)
    report.failed += whole.failed
    report.skipped += whole.skipped
    if whole.partial:
        _merge_all(build, whole.partial, report)
    return whole.issues


def _gather(
    build: Build,
    groups: Iterator[tuple[int, Mapped]],
    whole: Mapped,
    report: Report,
    progress: Progress,
) -> Iterator[Chunk]:
    """Yield the chunks of all groups as they are ready, and what describes the nodes they share.

    Everything else that files became is gathered in ``whole``.
    """
    for size, mapped in groups:
        whole += mapped
        progress(size)
        yield from mapped.chunks
    yield _describe(build, whole.mentioned, report)


def _describe(build: Build, mentioned: set[str], report: Report) -> Chunk:
    with _clock(report, "describe"):
        chunk, references = build.describe(mentioned)
    report.references += references
    return chunk


def _load(build: Build, chunks: Iterable[Chunk], report: Report) -> None:
    with _clock(report, "load"):
        replaced = build.load(chunks, replacing=partial(_discount, build, report))
    report.replaced += replaced  # only now: loading has discounted from it


def _discount(build: Build, report: Report, chunk: Chunk) -> None:
    """Take back what was counted of repositories that a chunk names again in the same run."""
    again = [iri for iri in chunk.repositories if build.is_loaded(iri)]
    for record in filter(None, map(build.record, again)):
        report.tally.discount(record, len(record_triples(record)))
    report.tally.duplicates += len(again)
    report.replaced -= len(again)


def _merge_all(build: Build, partials: list[tuple[Shape, Repository]], report: Report) -> None:
    """Merge what cards and summaries say into the repositories they belong to."""
    mentioned: set[str] = set()
    united = _unite(partials)
    report.tally.duplicates += len(partials) - len(united)
    for start in range(0, len(united), _MERGE_BATCH):
        merged: dict[str, Repository] = {}
        for shape, record in united[start : start + _MERGE_BATCH]:
            iri = v.repository_iri(record.kind, record.id)
            report.tally.duplicates += iri in merged
            merged[iri] = MERGERS[shape](merged.get(iri) or build.record(iri), record)
        path = build.work / f"merged.{start}.nq"
        chunk, pointed_at = write_records(merged.values(), path, report.tally)
        mentioned |= pointed_at
        _load(build, [chunk], report)
    _load(build, [_describe(build, mentioned, report)], report)


def _unite(partials: list[tuple[Shape, Repository]]) -> list[tuple[Shape, Repository]]:
    """Make one of all summaries of a dataset: merged in turn, each would replace the one before."""
    cards = [(shape, record) for shape, record in partials if shape is not Shape.PROVENANCE]
    summaries = [
        record
        for shape, record in partials
        if shape is Shape.PROVENANCE and isinstance(record, Dataset)
    ]
    return [*cards, *((Shape.PROVENANCE, record) for record in unite_summaries(summaries))]


def _load_run(build: Build, sources: list[str], issues: list[Issue]) -> None:
    """Record the run, and the issues of rows that no repository could be made of."""
    path = build.work / "run.nq"
    path.write_bytes(nquads(run_triples(sources, issues), v.CATALOG))
    build.load([Chunk(path)])


def _why_nothing(report: Report, paths: list[Path]) -> str:
    """Return the one line that says why an ingestion came to nothing."""
    lines = [*report.failed, *report.skipped]
    if not lines:
        return f"{paths[0]}: holds no file"
    return lines[0] + (f" (and {len(lines) - 1:,} other files)" if len(lines) > 1 else "")


@contextmanager
def _clock(report: Report, stage: str) -> Iterator[None]:
    started = perf_counter()
    yield
    report.tally.seconds[stage] += perf_counter() - started
