"""Writing a snapshot: beside its place, and put there as a whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
import zstandard

from graph.model.errors import UsageError
from graph.snapshots.counting import count_store
from graph.snapshots.dumping import sorted_quads
from graph.snapshots.manifest import (
    CONTENT,
    FILES,
    MANIFEST,
    README,
    VOID,
    Manifest,
    describe_file,
    encode_manifest,
    sealed,
)
from graph.snapshots.progress import Advance, Progress, silent, unmoved
from graph.snapshots.readme import render_readme
from graph.snapshots.void import render_void
from graph.store.lineage_graph import LineageGraph

__all__ = ["create"]

# Measured on 390 MB of a graph: level 6 takes 20.5 MB, 9 19.7 MB, 12 18.5 MB and 19 14.9 MB, but
# 12 takes nearly twice the time of 9, and 19 two hundred times.
_LEVEL = 9

# The library cuts the text in the same places whatever the number of threads, but not as it does
# without threads; so this is a constant, not the number of cores.
_THREADS = 2


class _Text(NamedTuple):
    size: int
    sha256: str


def create(
    graph: LineageGraph, out: Path, *, progress: Progress = silent, advance: Advance = unmoved
) -> Manifest:
    """Write a snapshot of a graph into the folder ``out``; returns its manifest.

    An older snapshot there is replaced, once the new one is complete. Raises UsageError when
    there is anything else.
    """
    with _replacing(Path(out).resolve()) as (folder, work):
        progress("counting")
        counts = count_store(graph.store)
        progress(f"sorting {counts.triples:,} triples")
        quads = sorted_quads(graph, work, counts.properties)
        text = _compress(_lines(quads, advance, total=counts.triples), folder / CONTENT)
        progress("writing the manifest")
        manifest = Manifest(
            vocabulary=graph.info.vocabulary,
            sources=graph.info.sources,
            size=text.size,
            sha256=text.sha256,
            triples=counts.triples,
            graphs=counts.graphs,
            classes=counts.classes,
            properties=counts.properties,
            relations=counts.relations,
        )
        (folder / README).write_bytes(render_readme(manifest).encode())
        (folder / VOID).write_bytes(render_void(manifest).encode())
        files = {name: describe_file(folder / name) for name in FILES if name != MANIFEST}
        manifest = sealed(msgspec.structs.replace(manifest, files=files))
        (folder / MANIFEST).write_bytes(encode_manifest(manifest))
    return manifest


def _lines(blocks: Iterable[bytes], advance: Advance, *, total: int) -> Iterator[bytes]:
    """Yield blocks of lines, and tell of how many lines there are so far."""
    done = 0
    for block in blocks:
        yield block
        done += block.count(b"\n")
        advance(done, total)


def _compress(blocks: Iterable[bytes], path: Path) -> _Text:
    digest = sha256()
    size = 0
    compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=_THREADS, write_checksum=True)
    with path.open("wb") as file, compressor.stream_writer(file) as writer:
        for block in blocks:
            writer.write(block)
            digest.update(block)
            size += len(block)
    return _Text(size, digest.hexdigest())


@contextmanager
def _replacing(out: Path) -> Iterator[tuple[Path, Path]]:
    """Offer a new folder and one for working files; then put the new folder in its place.

    Both are on the same file system as ``out``. What fails leaves ``out`` as it was. Between the
    two renames that replace an older snapshot there is, for an instant, nothing at ``out``.
    """
    _refuse_other_content(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(beside, ignore_errors=True)  # left by a process of the same number that died
    new, work, old = beside / "new", beside / "work", beside / "old"
    try:
        new.mkdir(parents=True)
        work.mkdir()
        yield new, work
        _refuse_other_content(out)
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _refuse_other_content(out: Path) -> None:
    """Raise UsageError unless a snapshot may be written here: see to it that nothing is lost."""
    try:
        names = {path.name for path in out.iterdir()}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise UsageError(f"{out} is a file: name a folder for the snapshot") from None
    if others := sorted(names.difference(FILES)):
        raise UsageError(
            f"{out} holds {others[0]}, which is no part of a snapshot:"
            " name another folder, or empty this one"
        )
    if names and MANIFEST not in names:
        raise UsageError(f"{out} is not empty and no snapshot: name another folder, or empty it")
