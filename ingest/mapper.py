"""From dump files to N-Quads: the part of an ingestion that runs in worker processes.

A group of files becomes chunks, files of N-Quads in which no repository occurs twice. A file
that turns out unreadable leaves nothing behind: the chunk is cut back to where the file began.
So it is with a file in a folder that turns out to be no dump, but that is no failure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import BinaryIO, Self

from graph.model import vocabulary as v
from graph.model.errors import UnknownShape, UnreadableFile
from graph.model.records import Issue, Repository
from graph.rdf.triples import mentions, nquads, record_triples
from graph.store.chunks import Chunk
from graph.tables.files import write_tables
from graph.tables.recording import Mark, Recorder
from ingest.parsed import Parsed
from ingest.reading import Reading
from ingest.report import Tally
from ingest.shapes import Row, Shape
from ingest.values import clean

__all__ = ["Mapped", "map_files", "write_records"]


@dataclass
class Mapped:
    """What a group of files became."""

    chunks: list[Chunk] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    partial: list[tuple[Shape, Repository]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def __iadd__(self, other: Mapped) -> Self:
        """Add what other files became, but for the chunks: those are taken as they come."""
        self.mentioned |= other.mentioned
        self.partial += other.partial
        self.issues += other.issues
        self.failed += other.failed
        self.skipped += other.skipped
        self.tally += other.tally
        return self


def map_files(paths: list[Path], target: Path, reading: Reading) -> Mapped:
    """Map files to chunks beside ``target``."""
    mapped = Mapped()
    with _ChunkWriter(target) as writer:
        for path in paths:
            try:
                part = _map_file(path, writer, reading)
            except UnreadableFile as error:
                writer.roll_back()
                stray = isinstance(error, UnknownShape) and path not in reading.named
                (mapped.skipped if stray else mapped.failed).append(str(error))
            else:
                writer.keep()
                mapped += part
    mapped.chunks = writer.chunks
    return mapped


def write_records(
    records: Iterable[Repository], path: Path, tally: Tally
) -> tuple[Chunk, set[str]]:
    """Write records, each of another repository, as a chunk; returns also what they mention."""
    mentioned = set[str]()
    with _ChunkWriter(path) as writer:
        writer.open()
        for record in records:
            lines = record_triples(record)
            writer.write(record, nquads(lines))
            mentioned.update(mentions(lines))
            tally.count(record, len(lines))
    return writer.chunks[0], mentioned


class _ChunkWriter:
    """Writes chunks one after another; a repository that comes again opens a new one."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.chunks: list[Chunk] = []
        self._recorders: list[Recorder] = []
        self._kept: tuple[int, int, int, Mark] = (0, 0, 0, {})
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
        for chunk, recorder in zip(self.chunks, self._recorders, strict=True):
            chunk.tables = chunk.path.with_suffix(".tables")
            write_tables(recorder.tables(), chunk.tables)

    def write(self, record: Repository, lines: bytes) -> None:
        """Add a repository, with the lines that it stands for."""
        iri = v.repository_iri(record.kind, record.id)
        if not self.chunks or iri in self.chunks[-1].repositories:
            self.open()
        assert self._file is not None  # noqa: S101 - opened with the first chunk
        self._file.write(lines)
        self._recorders[-1].add(record)
        self.chunks[-1].repositories[iri] = None

    def keep(self) -> None:
        """Make what was written since the last ``keep`` stay."""
        if self._file:
            repositories = len(self.chunks[-1].repositories)
            mark = self._recorders[-1].mark()
            self._kept = len(self.chunks), self._file.tell(), repositories, mark

    def roll_back(self) -> None:
        """Undo what was written since the last ``keep``."""
        chunks, size, repositories, mark = self._kept
        if self._file:
            self._file.close()
        while len(self.chunks) > max(chunks, 1):
            self.chunks.pop().path.unlink()
            self._recorders.pop()
        if self.chunks:
            chunk = self.chunks[-1]
            self._recorders[-1].roll_back(mark or dict.fromkeys(self._recorders[-1].mark(), 0))
            self._file = chunk.path.open("r+b")
            self._file.truncate(size)
            self._file.seek(size)
            chunk.repositories = dict.fromkeys(list(chunk.repositories)[:repositories])

    def open(self) -> None:
        """Begin the next chunk."""
        if self._file:
            self._file.close()
        path = self.target.with_suffix(f".{len(self.chunks)}.nq")
        self._file = path.open("w+b")
        self.chunks.append(Chunk(path))
        self._recorders.append(Recorder())


def _map_file(path: Path, writer: _ChunkWriter, reading: Reading) -> Mapped:
    part = Mapped()
    shape = None
    for rows in _timed(reading.rows(path), part.tally):
        if not rows:
            continue
        shape = shape or reading.recognise(rows, path)
        started = perf_counter()
        parsed = shape.source.parse(rows, reading.aliases, f"{clean(path.name)}[{part.tally.rows}]")
        part.tally.seconds["parse"] += perf_counter() - started
        part.tally.rows += len(rows)
        _keep(parsed, len(rows), shape, writer, part)
    return part


def _keep(parsed: Parsed, rows: int, shape: Shape, writer: _ChunkWriter, part: Mapped) -> None:
    started = perf_counter()
    records: Collection[Repository] = parsed.records
    if shape.is_partial:
        part.partial += [(shape, record) for record in records]
    else:
        records = {record.id: record for record in records}.values()
        for record in records:
            lines = record_triples(record)
            writer.write(record, nquads(lines))
            part.mentioned.update(mentions(lines))
            part.tally.count(record, len(lines))
    part.issues += parsed.issues
    part.tally.count_unusable(parsed.issues)
    part.tally.duplicates += rows - len(parsed.issues) - len(records)
    part.tally.seconds["map"] += perf_counter() - started


def _timed(batches: Iterator[list[Row]], tally: Tally) -> Iterator[list[Row]]:
    while True:
        started = perf_counter()
        batch = next(batches, None)
        tally.seconds["read"] += perf_counter() - started
        if batch is None:
            return
        yield batch
