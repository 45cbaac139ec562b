"""A graph on disk: one directory, one writer, many readers.

    <graph>/graph.json            what the graph is, and which build is current; replaced atomically
    <graph>/builds/<n>/store/     the Oxigraph store of a build
    <graph>/builds/<n>/.lock      shared by the build's readers
    <graph>/.lock                 held by the one writer

Rule: a build is never changed once ``graph.json`` names it. So a reader sees one state for as
long as it likes, and a crash at any moment leaves the old graph in force. What a crash left
behind is swept away by the next writer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import portalocker

from graph.errors import GraphLocked, InvalidGraph
from graph.vocabulary import VOCABULARY_VERSION

__all__ = [
    "FORMAT_VERSION",
    "GraphInfo",
    "build_directory",
    "lock_build",
    "next_build",
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


class GraphInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What ``graph.json`` says: versions, the current build, counts, and where it all came from.

    ``models``, ``datasets`` and ``spaces`` count repositories; ``sources`` name the inputs.
    """

    build: str
    format: int = FORMAT_VERSION
    vocabulary: str = VOCABULARY_VERSION
    models: int = 0
    datasets: int = 0
    spaces: int = 0
    sources: tuple[str, ...] = ()


def read_info(directory: Path) -> GraphInfo | None:
    """Return what a graph directory says of itself, or None when there is no graph yet.

    Raises InvalidGraph for a damaged ``graph.json`` or one of another format version.
    """
    path = directory / _INFO
    try:
        info = msgspec.json.decode(path.read_bytes(), type=GraphInfo)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise InvalidGraph(f"{directory} is a file, not the directory of a graph") from None
    except msgspec.DecodeError as error:
        raise InvalidGraph(f"{path} is damaged ({error}): build the graph again") from None
    if info.format != FORMAT_VERSION:
        raise InvalidGraph(
            f"{directory} has graph format {info.format}, this program reads {FORMAT_VERSION}:"
            " build the graph again, or load it from a snapshot"
        )
    return info


def build_directory(directory: Path, build: str) -> Path:
    """Return the directory of a build."""
    return directory / _BUILDS / build


def next_build(directory: Path, info: GraphInfo | None) -> str:
    """Return the name of the build that comes after the current one."""
    taken = [path.name for path in (directory / _BUILDS).glob("*")] if directory.exists() else []
    numbers = [int(name) for name in [*taken, info.build if info else "0"] if name.isdecimal()]
    return f"{max(numbers) + 1:06d}"


def publish(directory: Path, info: GraphInfo) -> None:
    """Make a finished build the current one: one atomic replacement of ``graph.json``."""
    document = msgspec.json.format(msgspec.json.encode(info), indent=2) + b"\n"
    temporary = directory / f"{_INFO}.{os.getpid()}.new"
    with temporary.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(directory / _INFO)


def sweep(directory: Path, keep: str | None) -> None:
    """Remove every build but ``keep`` that nobody reads, and what crashes left behind."""
    for leftover in directory.glob(f"{_INFO}.*.new"):
        leftover.unlink(missing_ok=True)
    for build in (directory / _BUILDS).glob("*"):
        if build.name != keep and not _is_read(build):
            shutil.rmtree(build)


@contextmanager
def write_lock(directory: Path) -> Iterator[None]:
    """Hold the right to write a graph, or raise GraphLocked when another process has it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / _LOCK).open("a") as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            raise GraphLocked(
                f"another process is writing the graph {directory}: wait until it has ended"
            ) from None
        yield


def lock_build(build: Path) -> IO[str]:
    """Keep a build from being swept, as long as the file that is returned stays open."""
    file = (build / _LOCK).open("a")
    portalocker.lock(file, portalocker.LOCK_SH)
    return file


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
