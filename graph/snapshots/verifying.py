"""Checking a snapshot, which is hostile until proven otherwise.

The names of its files are fixed, nothing in it says where to read or write, and no more is
unpacked than its manifest declares.
"""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import pairwise
from operator import lt
from pathlib import Path

import pyoxigraph as ox
import zstandard

from graph.model.errors import InvalidSnapshot
from graph.snapshots.counting import Counts, TextCounter
from graph.snapshots.manifest import (
    CONTENT,
    FILES,
    MANIFEST,
    Manifest,
    describe_file,
    read_manifest,
)
from graph.snapshots.progress import Advance, Progress, counted, silent, unmoved

__all__ = ["check_files", "checked_text", "verify"]

_BLOCK = 4 << 20
_LONGEST_LINE = 64 << 20
_LARGEST_WINDOW = 1 << 27  # bytes that unpacking may keep; our own need 1 << 22


def verify(directory: Path, *, progress: Progress = silent, advance: Advance = unmoved) -> Manifest:
    """Check every byte of a snapshot; returns its manifest.

    Raises InvalidSnapshot, which names the file and what differs.
    """
    directory = Path(directory)
    progress("checking the files")
    manifest = check_files(directory)
    progress(f"reading {manifest.triples:,} triples")
    lines = 0
    text = checked_text(directory, manifest)
    for block in counted(text, advance, total=manifest.size):
        try:
            deque(ox.parse(block, format=ox.RdfFormat.N_QUADS), maxlen=0)
        except SyntaxError as error:
            raise invalid_syntax(directory, error, lines) from None
        lines += block.count(b"\n")
    return manifest


def invalid_syntax(directory: Path, error: SyntaxError, before: int = 0) -> InvalidSnapshot:
    """Return what to raise for a line that is no N-Quad, with its number in the whole text."""
    reason = error.msg.partition(": ")[2] or error.msg  # without its own account of the place
    line = before + (error.lineno or 0)
    return InvalidSnapshot(f"{directory / CONTENT}: line {line:,} is no N-Quad: {reason}")


def check_files(directory: Path) -> Manifest:
    """Check that a snapshot has its files and no other, as its manifest describes them."""
    try:
        _check_names(directory)
        manifest = read_manifest(directory / MANIFEST)
        if sorted([*manifest.files, MANIFEST]) != sorted(FILES):
            raise InvalidSnapshot(
                f"{directory / MANIFEST} describes other files than a snapshot has: get it again"
            )
        for name in sorted(manifest.files):
            _check_file(directory / name, manifest)
    except OSError as error:
        raise InvalidSnapshot(
            f"{error.filename or directory} cannot be read: {error.strerror}"
        ) from None
    return manifest


def checked_text(directory: Path, manifest: Manifest) -> Iterator[bytes]:
    """Yield the N-Quads of a snapshot as blocks of whole lines.

    Raises InvalidSnapshot as soon as they differ from what the manifest says; so what was
    yielded is good only once the iterator has ended.
    """
    path = directory / CONTENT
    digest = sha256()
    counter = TextCounter()
    last = b""
    for block in _unpack(path, manifest.size):
        digest.update(block)
        before = counter.lines
        try:
            counter.add(block)
        except ValueError as error:
            raise InvalidSnapshot(f"{path}: {error}; get the snapshot again") from None
        last = _check_order(path, last, block, before)
        yield block
    if digest.hexdigest() != manifest.sha256:
        raise InvalidSnapshot(
            f"{path} unpacks to other content than {MANIFEST} says: SHA-256 differs"
        )
    _check_counts(directory / MANIFEST, manifest, counter.counts())


def _check_names(directory: Path) -> None:
    found = {path.name: path for path in directory.iterdir()} if directory.is_dir() else {}
    if MANIFEST not in found:
        raise InvalidSnapshot(
            f"{directory} is no snapshot, it has no {MANIFEST}:"
            " name a folder that 'remixgraph snapshot create' wrote"
        )
    for name in FILES:
        if name not in found:
            raise InvalidSnapshot(f"{directory / name} is missing: get the snapshot again")
        if not stat.S_ISREG(found[name].lstat().st_mode):
            raise InvalidSnapshot(f"{directory / name} is no regular file: get the snapshot again")
    if others := sorted(found.keys() - set(FILES)):
        raise InvalidSnapshot(f"{directory / others[0]} is no part of a snapshot: remove it")


def _check_file(path: Path, manifest: Manifest) -> None:
    declared = manifest.files[path.name]
    size = path.stat().st_size
    if size != declared.size:
        raise InvalidSnapshot(
            f"{path} has {size:,} bytes where {MANIFEST} says {declared.size:,}:"
            " it was cut short or changed; get the snapshot again"
        )
    if describe_file(path) != declared:
        raise InvalidSnapshot(f"{path} was changed: its SHA-256 differs; get the snapshot again")


def _unpack(path: Path, size: int) -> Iterator[bytes]:
    """Yield the content of a compressed file as blocks of whole lines, ``size`` bytes in all."""
    unpacked = 0
    rest = b""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    with path.open("rb") as file:
        reader = decompressor.stream_reader(file, read_across_frames=True)
        while piece := _read(path, reader):
            unpacked += len(piece)
            if unpacked > size:
                raise InvalidSnapshot(
                    f"{path} unpacks to more than the {size:,} bytes that {MANIFEST} says"
                )
            block, end, tail = piece.rpartition(b"\n")
            if end:
                yield rest + block + end
                rest = tail
            else:
                rest += piece
            if len(rest) > _LONGEST_LINE:
                raise InvalidSnapshot(f"{path} has a line of more than {_LONGEST_LINE:,} bytes")
    if unpacked < size:
        raise InvalidSnapshot(
            f"{path} unpacks to {unpacked:,} bytes where {MANIFEST} says {size:,}: it was cut short"
        )
    if rest:
        raise InvalidSnapshot(f"{path}: the last line does not end")


def _read(path: Path, reader: zstandard.ZstdDecompressionReader) -> bytes:
    try:
        return reader.read(_BLOCK)
    except zstandard.ZstdError as error:
        raise InvalidSnapshot(
            f"{path} cannot be unpacked ({error}): get the snapshot again"
        ) from None


def _check_order(path: Path, last: bytes, block: bytes, before: int) -> bytes:
    """Check that lines are sorted and distinct; returns the last one."""
    lines = block[:-1].split(b"\n")
    ascending = list(map(lt, [last, *lines], lines)) if last else [True, *map(lt, lines, lines[1:])]
    if not all(ascending):
        place = ascending.index(False)
        pair = [*pairwise([last, *lines])][place]
        fault = "twice there" if pair[0] == pair[1] else "not in the order of its bytes"
        raise InvalidSnapshot(f"{path}: line {before + place + 1:,} is {fault}")
    return lines[-1]


def _check_counts(path: Path, manifest: Manifest, counts: Counts) -> None:
    """Compare what the manifest counts with what is there."""
    _compare(path, "triples", {"all": manifest.triples}, {"all": counts.triples})
    _compare(path, "graphs", manifest.graphs, counts.graphs)
    _compare(path, "classes", manifest.classes, counts.classes)
    _compare(path, "properties", manifest.properties, counts.properties)
    _compare(path, "relations", manifest.relations, counts.relations)


def _compare(path: Path, what: str, said: Mapping[str, int], found: Mapping[str, int]) -> None:
    for name in sorted(said.keys() | found.keys()):
        if said.get(name, 0) != found.get(name, 0):
            raise InvalidSnapshot(
                f"{path} counts {said.get(name, 0):,} for {name} ({what}),"
                f" but {CONTENT} has {found.get(name, 0):,}"
            )
