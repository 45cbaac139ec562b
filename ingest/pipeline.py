"""From files to a published graph: find, map in parallel, load, merge, describe, publish.

Groups of files are mapped to N-Quads by worker processes while the loader, which is what takes
the time, works through those that are ready. Everything goes into a new build of the graph,
so an ingestion that fails or is interrupted has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from graph import vocabulary as v
from graph.building import Build, new_build
from graph.errors import UnreadableFile
from graph.records import Issue, Kind, Repository
from graph.runs import run_triples
from graph.triples import nquads
from ingest.aliases import Aliases
from ingest.cards import merge_card
from ingest.dumps import Shape, find_files
from ingest.mapper import Chunk, Mapped, map_files, write_records
from ingest.provenance import merge_summary
from ingest.report import Report

__all__ = ["ingest_files"]

Progress = Callable[[int], object]
"""Told the bytes of each group of files that has been mapped."""

WORKERS = 2
_SMALL = 4_000_000  # bytes of input that are mapped sooner than a worker process starts
_GROUPS = 10  # of files: enough for the loader to start early, few enough for large chunks
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
    started = perf_counter()
    paths = [Path(path) for path in paths]
    files = find_files(paths)
    work = partial(map_files, kind=kind, aliases=Aliases.seed() if aliases is None else aliases)
    report = Report(files=len(files))
    with _mapped_groups(files, work) as start, new_build(graph) as build:
        issues = _load_all(build, start(build.work), report, progress)
        if len(report.failed) == len(files):
            raise UnreadableFile(report.failed[0] if files else f"{paths[0]}: holds no file")
        names = [path.name or str(path) for path in paths] if sources is None else list(sources)
        _load_run(build, names, issues)
        _timed(report, "optimize", build.optimize)
        build.publish(names)
    report.seconds = perf_counter() - started
    return report


def _load_all(
    build: Build, groups: Iterable[tuple[int, Mapped]], report: Report, progress: Progress
) -> list[Issue]:
    """Load what was mapped, in order; returns the issues that concern no repository."""
    mentioned: set[str] = set()
    partials: list[tuple[Shape, Repository]] = []
    issues: list[Issue] = []
    for size, mapped in groups:
        for chunk in mapped.chunks:
            _timed(report, "load", partial(_load_chunk, build, chunk, report))
        mentioned |= mapped.mentioned
        partials += mapped.partial
        issues += mapped.issues
        report.failed += mapped.failed
        report.tally += mapped.tally
        progress(size)
    mentioned |= _merge_all(build, partials, report)
    report.references = _timed(report, "describe", partial(build.describe, mentioned))
    return issues


def _load_chunk(build: Build, chunk: Chunk, report: Report) -> None:
    report.replaced += build.load(chunk.path, chunk.repositories)
    chunk.path.unlink()


def _merge_all(build: Build, partials: list[tuple[Shape, Repository]], report: Report) -> set[str]:
    """Merge what cards and summaries say into the repositories they belong to."""
    mentioned: set[str] = set()
    for number, start in enumerate(range(0, len(partials), _MERGE_BATCH)):
        merged: dict[str, Repository] = {}
        for shape, record in partials[start : start + _MERGE_BATCH]:
            iri = v.repository_iri(record.kind, record.id)
            merged[iri] = MERGERS[shape](merged.get(iri) or build.record(iri), record)
        path = build.work / f"merged.{number}.nq"
        chunk, pointed_at, triples = write_records(merged.values(), path)
        mentioned |= pointed_at
        report.tally.triples += triples
        for record in merged.values():
            report.tally.count(record)
        _timed(report, "load", partial(_load_chunk, build, chunk, report))
    return mentioned


def _load_run(build: Build, sources: list[str], issues: list[Issue]) -> None:
    """Record the run, and the issues of rows that no repository could be made of."""
    path = build.work / "run.nq"
    path.write_bytes(nquads(run_triples(sources, issues), v.CATALOG))
    build.load(path, ())


@contextmanager
def _mapped_groups(
    files: list[Path], work: Callable[[list[Path], Path], Mapped]
) -> Iterator[Callable[[Path], Iterator[tuple[int, Mapped]]]]:
    """Offer a function that maps the files into a folder, in order.

    It works in other processes, or right here when there is little to do.
    """
    groups = list(_groups(files))
    sizes = [sum(path.stat().st_size for path in group) for group in groups]

    def targets(folder: Path) -> Iterator[Path]:
        return (folder / f"group{number:04d}" for number in count())

    if sum(sizes) < _SMALL:
        yield lambda folder: zip(sizes, map(work, groups, targets(folder)), strict=True)
        return
    pool = ProcessPoolExecutor(min(WORKERS, len(groups)), mp_context=get_context("spawn"))
    try:
        yield lambda folder: zip(sizes, pool.map(work, groups, targets(folder)), strict=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _groups(files: list[Path]) -> Iterator[list[Path]]:
    """Split files, in order, into groups of about the same size."""
    limit = sum(path.stat().st_size for path in files) / _GROUPS
    group: list[Path] = []
    size = 0
    for path in files:
        group.append(path)
        size += path.stat().st_size
        if size >= limit:
            yield group
            group, size = [], 0
    if group:
        yield group


def _timed(report: Report, stage: str, step: Callable[[], int | None]) -> int:
    started = perf_counter()
    result = step()
    report.tally.seconds[stage] += perf_counter() - started
    return result or 0
