"""From files to a published graph: find, load, record the run, publish.

Groups of files are mapped to N-Quads by worker processes while the loader, which is what takes
the time, works through those that are ready. Everything goes into a new build of the graph,
so an ingestion that fails or is interrupted has changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.errors import UnreadableFile
from graph.model.records import Kind
from graph.rdf.resolutions import renames
from graph.rdf.runs import Run, now, run_triples
from ingest.aliases import Aliases
from ingest.dumps import find_files
from ingest.loading import Progress, clocked, load_files
from ingest.reading import Reading
from ingest.readmes import keep_outermost
from ingest.report import Report
from ingest.shapes import Shape
from ingest.values import clean

__all__ = ["ingest_cards", "ingest_files", "ingest_summaries"]


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
    stays. Names are resolved by the seed table and by what the graph has learned from the Hub,
    unless ``aliases`` is given; ``sources`` name the input in the graph, by the names of
    ``paths`` unless given. Files that cannot be read contribute nothing and are listed in the
    report. Raises GraphLocked, InvalidGraph, and UnreadableFile when no file at all could be read.
    """
    return _ingest(graph, list(paths), Reading(kind=kind), progress, sources, aliases)


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
    reading = Reading(kind=kind, shape=Shape.CARD, repository_id=repository_id)
    return _ingest(graph, list(paths), reading, progress)


def ingest_summaries(
    graph: Path, paths: Iterable[Path], *, progress: Progress = lambda _: None
) -> Report:
    """Merge what the Data Provenance collection's summaries say into a graph."""
    return _ingest(graph, list(paths), Reading(shape=Shape.PROVENANCE), progress)


def _ingest(
    graph: Path,
    paths: list[Path],
    reading: Reading,
    progress: Progress,
    sources: Iterable[str] | None = None,
    aliases: Aliases | None = None,
) -> Report:
    started, clock = now(), perf_counter()
    reading = replace(reading, named=frozenset(path for path in paths if not path.is_dir()))
    files = find_files(paths)
    if reading.shape is Shape.CARD:
        files = keep_outermost(files, reading.named)
    report = Report(files=len(files))
    names = tuple(clean(path.name or str(path)) for path in paths)
    names = names if sources is None else tuple(sources)
    with new_build(graph) as build:
        known = Aliases.seed().joined(renames(build.store)) if aliases is None else aliases
        reading = replace(reading, aliases=known)
        issues = load_files(build, files, reading, report, progress)
        if len(report.failed) + len(report.skipped) == len(files):
            raise UnreadableFile(_why_nothing(report, paths))
        run = _run(names, started, report)
        build.insert(run_triples(run, issues), v.CATALOG)
        with clocked(report, "optimize"):
            build.optimize()
        build.publish(names)
    report.seconds = perf_counter() - clock
    return report


def _run(sources: tuple[str, ...], started: str, report: Report) -> Run:
    return Run(
        sources=sources,
        started=started,
        ended=now(),
        pages=report.files - len(report.failed) - len(report.skipped),
        kept=sum(report.tally.kept.values()),
        failed=len(report.failed),
    )


def _why_nothing(report: Report, paths: list[Path]) -> str:
    """Return the one line that says why an ingestion came to nothing."""
    lines = [*report.failed, *report.skipped]
    if not lines:
        return f"{paths[0]}: holds no file"
    return lines[0] + (f" (and {len(lines) - 1:,} other files)" if len(lines) > 1 else "")
