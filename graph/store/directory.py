"""A graph on disk: one directory, one writer, many readers.

    <graph>/graph.json            what the graph is, and which build is current; replaced atomically
    <graph>/builds/<n>/store/     the Oxigraph store of a build
    <graph>/builds/<n>/index/     the lineage index of a build
    <graph>/builds/<n>/report/    what is wrong in it; overview.json, what there is
    <graph>/builds/<n>/findings/  what the licence rules found
    <graph>/builds/<n>/.lock      shared by the build's readers
    <graph>/raw/                  pages of the live Hub as they came, and how far they go
    <graph>/.lock                 held by the one writer

Rule: a build is never changed once ``graph.json`` names it. So a reader sees one state for as
long as it likes, and a crash at any moment leaves the old graph in force. What a crash left
behind is swept away by the next writer.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import portalocker

from graph.model.errors import GraphLocked, GraphNotWritable, InvalidGraph
from graph.model.files import replace_document
from graph.model.vocabulary import VOCABULARY_VERSION

__all__ = [
    "FORMAT_VERSION",
    "GraphInfo",
    "build_directory",
    "lock_build",
    "make_build",
    "next_build",
    "not_writable",
    "publish",
    "read_info",
    "sweep",
    "write_lock",
]

FORMAT_VERSION = 1
"""The version of this layout; a graph of another version is refused, not guessed at."""

_INFO = "graph.json"
_BUILDS = "builds"
_LOCK = ".lock"
_BUILD = re.compile(r"\d{6,}", re.ASCII)


class GraphInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What ``graph.json`` says: versions, the current build, counts, and where it all came from.

    ``models``, ``datasets`` and ``spaces`` count repositories; ``sources`` name the inputs.
    ``closure_depth`` is set where lineage is so deep that SPARQL finds ancestors only so far,
    ``snapshot`` where a snapshot was loaded and nothing came since: its SHA-256.
    """

    build: str
    format: int = FORMAT_VERSION
    vocabulary: str = VOCABULARY_VERSION
    models: int = 0
    datasets: int = 0
    spaces: int = 0
    sources: tuple[str, ...] = ()
    closure_depth: int | None = None
    snapshot: str | None = None


class _Format(msgspec.Struct):
    """The part of ``graph.json`` that every version has."""

    format: int = FORMAT_VERSION


def read_info(directory: Path) -> GraphInfo | None:
    """Return what a graph directory says of itself, or None when there is no graph yet.

    Raises InvalidGraph for a damaged ``graph.json`` or one of another format version.
    """
    path = directory / _INFO
    try:
        document = path.read_bytes()
        version = msgspec.json.decode(document, type=_Format).format
        if version != FORMAT_VERSION:
            raise InvalidGraph(
                f"{directory} has graph format {version}, this program reads {FORMAT_VERSION}:"
                " remove it, then build the graph again or load it from a snapshot"
            )
        return msgspec.json.decode(document, type=GraphInfo)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise _no_directory(directory) from None
    except (IsADirectoryError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidGraph(
            f"{path} is damaged ({error}): remove {directory}, then build the graph again"
        ) from None


def build_directory(directory: Path, build: str) -> Path:
    """Return the directory of a build."""
    return directory / _BUILDS / build


def next_build(directory: Path, info: GraphInfo | None) -> str:
    """Return the name of the build that comes after the current one."""
    taken = [path.name for path in (directory / _BUILDS).glob("*")] if directory.exists() else []
    numbers = [int(name) for name in [*taken, info.build if info else "0"] if name.isdecimal()]
    return f"{max(numbers, default=0) + 1:06d}"


def make_build(directory: Path, build: str) -> Path:
    """Make the directory of a new build, with the file that its readers will lock."""
    made = build_directory(directory, build)
    made.mkdir(parents=True)
    (made / _LOCK).touch()
    return made


def publish(directory: Path, info: GraphInfo) -> None:
    """Make a finished build the current one: one atomic replacement of ``graph.json``."""
    replace_document(directory / _INFO, info)


def sweep(directory: Path) -> None:
    """Remove every build but the current one that nobody reads, and what crashes left behind.

    What is not named as a build is left alone: it is its owner's.
    """
    info = read_info(directory)
    current = info.build if info else None
    (directory / f"{_INFO}.new").unlink(missing_ok=True)
    for build in (directory / _BUILDS).glob("*"):
        if _BUILD.fullmatch(build.name) and build.name != current and not _is_read(build):
            # A store that an error still refers to may be tidying up in there. What that leaves
            # behind, the next writer sweeps away.
            shutil.rmtree(build, ignore_errors=True)


@contextmanager
def write_lock(directory: Path) -> Iterator[None]:
    """Hold the right to write a graph, or raise GraphLocked when another process has it.

    Raises GraphNotWritable where the disk is full, or whatever else keeps files from being written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / _LOCK).open("a")
    except (FileExistsError, NotADirectoryError):
        raise _no_directory(directory) from None
    except OSError as error:
        raise not_writable(directory, error) from None
    with lock as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            raise GraphLocked(
                f"another process is writing the graph {directory}: wait until it has ended"
            ) from None
        try:
            yield
        except OSError as error:
            raise not_writable(directory, error) from None


def not_writable(directory: Path, error: Exception) -> GraphNotWritable:
    """Return what to raise when writing a graph failed."""
    reason = getattr(error, "strerror", None) or error
    return GraphNotWritable(
        f"{directory}: cannot be written ({reason}): make room and run the same command again;"
        " what was there is kept"
    )


def lock_build(build: Path) -> IO[str]:
    """Keep a build from being swept, as long as the file that is returned stays open.

    Nothing is written, so this works where a graph may only be read.
    """
    file = (build / _LOCK).open()
    portalocker.lock(file, portalocker.LOCK_SH)
    return file


def _no_directory(path: Path) -> InvalidGraph:
    return InvalidGraph(f"{path} is a file, or leads through one: name the directory of a graph")


def _is_read(build: Path) -> bool:
    """Tell whether a process has the build open; a build without a lock file was never one."""
    if not (build / _LOCK).exists():
        return False
    with (build / _LOCK).open("a") as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            return True
    return False
