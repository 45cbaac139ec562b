"""From files or records into a build of the graph: map in parallel, load, merge, describe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from graph.build.building import Build
from graph.model import vocabulary as v
from graph.model.records import Issue, Repository
from graph.rdf.triples import record_triples
from graph.store.chunks import Chunk
from ingest.mapper import Mapped, map_files, write_records
from ingest.reading import Reading
from ingest.report import Report
from ingest.shapes import Shape
from ingest.workers import map_in_groups

__all__ = [
    "Progress",
    "clocked",
    "describe_mentioned",
    "load_files",
    "load_records",
    "merge_all",
]

Progress = Callable[[int], object]
"""Told the bytes of each group of files that has been mapped."""

_MERGE_BATCH = 5_000


def load_files(
    build: Build, files: list[Path], reading: Reading, report: Report, progress: Progress
) -> list[Issue]:
    """Load what files become, in order; returns the issues that concern no repository."""
    whole = Mapped(tally=report.tally)
    with map_in_groups(files, build.work, partial(map_files, reading=reading)) as groups:
        _load(build, _gather(build, groups, whole, report, progress), report)
    report.failed += whole.failed
    report.skipped += whole.skipped
    if whole.partial:
        merge_all(build, whole.partial, report)
    return whole.issues


def load_records(build: Build, records: Iterable[Repository], report: Report) -> set[str]:
    """Load records, each of another repository; returns the shared nodes that they mention.

    The caller describes those when all is loaded that may be a repository among them.
    """
    chunk, mentioned = write_records(records, build.new_file("records"), report.tally)
    _load(build, [chunk], report)
    return mentioned


def describe_mentioned(build: Build, mentioned: set[str], report: Report) -> None:
    """Load the descriptions of shared nodes that were mentioned, where none is yet."""
    _load(build, [_describe(build, mentioned, report)], report)


def merge_all(build: Build, partials: list[tuple[Shape, Repository]], report: Report) -> None:
    """Merge what cards and summaries say into the repositories they belong to."""
    mentioned: set[str] = set()
    united = _unite(partials)
    report.tally.duplicates += len(partials) - len(united)
    for start in range(0, len(united), _MERGE_BATCH):
        merged: dict[str, Repository] = {}
        for shape, record in united[start : start + _MERGE_BATCH]:
            iri = v.repository_iri(record.kind, record.id)
            report.tally.duplicates += iri in merged
            known = merged.get(iri) or build.record(iri)
            merged[iri] = shape.source.merge(known, record) if shape.source.merge else record
        mentioned |= load_records(build, merged.values(), report)
    describe_mentioned(build, mentioned, report)


@contextmanager
def clocked(report: Report, stage: str) -> Iterator[None]:
    """Add the time that a block takes to a stage of the report."""
    started = perf_counter()
    yield
    report.tally.seconds[stage] += perf_counter() - started


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
    with clocked(report, "describe"):
        chunk, references = build.describe(mentioned)
    report.references += references
    return chunk


def _load(build: Build, chunks: Iterable[Chunk], report: Report) -> None:
    with clocked(report, "load"):
        replaced = build.load(chunks, replacing=partial(_discount, build, report))
    report.replaced += replaced  # only now: loading has discounted from it


def _discount(build: Build, report: Report, chunk: Chunk) -> None:
    """Take back what was counted of repositories that a chunk names again in the same run."""
    again = [iri for iri in chunk.repositories if build.is_loaded(iri)]
    for record in filter(None, map(build.record, again)):
        report.tally.discount(record, len(record_triples(record)))
    report.tally.duplicates += len(again)
    report.replaced -= len(again)


def _unite(partials: list[tuple[Shape, Repository]]) -> list[tuple[Shape, Repository]]:
    """Unite what each source says of parts of a repository: merged in turn, each would replace."""
    return [
        (shape, record)
        for shape in Shape
        for record in shape.source.unite([one for source, one in partials if source is shape])
    ]
