"""From dump files to N-Quads: the part of an ingestion that runs in worker processes.

A group of files becomes chunks, files of N-Quads in which no repository occurs twice. A file
that turns out unreadable leaves nothing behind: the chunk is cut back to where the file began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import BinaryIO, Self, TypeAlias

from graph import vocabulary as v
from graph.errors import UnreadableFile
from graph.records import Issue, Kind, Repository
from graph.triples import mentions, nquads, record_triples
from ingest.aliases import Aliases
from ingest.cards import parse_cards
from ingest.datasets import parse_datasets
from ingest.dumps import Row, Shape, read_rows, recognise
from ingest.models import parse_models
from ingest.parsed import Parsed
from ingest.provenance import parse_summaries
from ingest.report import Tally
from ingest.spaces import parse_spaces

__all__ = ["PARSERS", "Chunk", "Mapped", "map_files", "write_records"]

Parser: TypeAlias = Callable[[Iterable[Row], Aliases, str], Parsed]

PARSERS: dict[Shape, Parser] = {
    Shape.MODEL: parse_models,
    Shape.DATASET: parse_datasets,
    Shape.SPACE: parse_spaces,
    Shape.CARD: parse_cards,
    Shape.PROVENANCE: parse_summaries,
}
"""The parser of each shape of rows: the one place where a new shape is plugged in."""

PARTIAL = frozenset([Shape.CARD, Shape.PROVENANCE])
"""Shapes that tell only a part of a repository: they are merged into what is known of it."""


@dataclass
class Chunk:
    """A file of N-Quads, and the IRIs of the repositories in it, each once."""

    path: Path
    repositories: dict[str, None] = field(default_factory=dict)


@dataclass
class Mapped:
    """What a group of files became."""

    chunks: list[Chunk] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    partial: list[tuple[Shape, Repository]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def map_files(paths: list[Path], target: Path, kind: Kind | None, aliases: Aliases) -> Mapped:
    """Map files to chunks beside ``target``; ``kind`` overrides what their rows look like."""
    mapped = Mapped()
    writer = _ChunkWriter(target)
    with writer:
        for path in paths:
            try:
                part = _map_file(path, writer, kind, aliases)
            except UnreadableFile as error:
                writer.roll_back()
                mapped.failed.append(str(error))
            else:
                writer.keep()
                mapped.mentioned |= part.mentioned
                mapped.partial += part.partial
                mapped.issues += part.issues
                mapped.tally += part.tally
    mapped.chunks = writer.chunks
    return mapped


def write_records(records: Iterable[Repository], path: Path) -> tuple[Chunk, set[str], int]:
    """Write records, each of another repository, as a chunk.

    Returns it with what the records mention and the number of triples.
    """
    chunk, mentioned, triples = Chunk(path), set[str](), 0
    with path.open("wb") as file:
        for record in records:
            lines = record_triples(record)
            file.write(nquads(lines))
            mentioned.update(mentions(lines))
            chunk.repositories[v.repository_iri(record.kind, record.id)] = None
            triples += len(lines)
    return chunk, mentioned, triples


class _ChunkWriter:
    """Writes chunks one after another; a repository that comes again opens a new one."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.chunks: list[Chunk] = []
        self._kept = (0, 0, 0)
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, iri: str, lines: bytes) -> None:
        """Add a repository."""
        if not self.chunks or iri in self.chunks[-1].repositories:
            self._open()
        assert self._file is not None  # noqa: S101 - opened with the first chunk
        self._file.write(lines)
        self.chunks[-1].repositories[iri] = None

    def keep(self) -> None:
        """Make what was written since the last ``keep`` stay."""
        if self._file:
            repositories = len(self.chunks[-1].repositories)
            self._kept = len(self.chunks), self._file.tell(), repositories

    def roll_back(self) -> None:
        """Undo what was written since the last ``keep``."""
        chunks, size, repositories = self._kept
        while len(self.chunks) > max(chunks, 1):
            self.chunks.pop().path.unlink()
        if self.chunks:
            chunk = self.chunks[-1]
            if self._file:
                self._file.close()
            self._file = chunk.path.open("r+b")
            self._file.truncate(size)
            self._file.seek(size)
            chunk.repositories = dict.fromkeys(list(chunk.repositories)[:repositories])

    def _open(self) -> None:
        if self._file:
            self._file.close()
        path = self.target.with_suffix(f".{len(self.chunks)}.nq")
        self._file = path.open("w+b")
        self.chunks.append(Chunk(path))


def _map_file(path: Path, writer: _ChunkWriter, kind: Kind | None, aliases: Aliases) -> Mapped:
    part = Mapped()
    shape = Shape(kind.value) if kind else None
    first = 0
    for rows in _timed(read_rows(path), part.tally):
        shape = shape or recognise(rows)
        if shape is None and rows:
            raise UnreadableFile(
                f"{path}: its rows look like no kind of repository that is known:"
                " name the kind with --kind"
            )
        if shape:
            started = perf_counter()
            parsed = PARSERS[shape](rows, aliases, f"{path.name}[{first}]")
            part.tally.seconds["parse"] += perf_counter() - started
            _keep(parsed, shape, writer, part)
        first += len(rows)
    return part


def _keep(parsed: Parsed, shape: Shape, writer: _ChunkWriter, part: Mapped) -> None:
    started = perf_counter()
    part.tally.rows += len(parsed.records) + len(parsed.issues)
    part.tally.count_issues(parsed.issues)
    part.issues += parsed.issues
    if shape in PARTIAL:
        part.partial += [(shape, record) for record in parsed.records]
    else:
        for record in _last_of_each(parsed.records):
            lines = record_triples(record)
            writer.write(v.repository_iri(record.kind, record.id), nquads(lines))
            part.mentioned.update(mentions(lines))
            part.tally.count(record)
            part.tally.triples += len(lines)
    part.tally.seconds["map"] += perf_counter() - started


def _last_of_each(records: Iterable[Repository]) -> Iterable[Repository]:
    return {record.id: record for record in records}.values()


def _timed(batches: Iterator[list[Row]], tally: Tally) -> Iterator[list[Row]]:
    while True:
        started = perf_counter()
        batch = next(batches, None)
        tally.seconds["read"] += perf_counter() - started
        if batch is None:
            return
        yield batch
