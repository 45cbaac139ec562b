"""The builds of a graph: how one is begun, finished, kept while it is read, and removed.

    <build>/store/        its Oxigraph store
    <build>/results/      its tables, and what was derived from them (``results``)
    <build>/.begun        written first: this build gets a build.json when it is whole
    <build>/build.json    written last: what ``graph.json`` says when it names this build
    <build>/.lock         shared by its readers

Rule: a build with ``build.json`` is whole, and on the disk. One with ``.begun`` alone never was, or
is being removed: nobody can miss it. One with neither comes from a program that wrote no such
files: only ``graph.json`` can tell what it is worth.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
import portalocker
import pyoxigraph as ox

from graph.model.errors import InvalidGraph
from graph.model.files import replace_document, sync, sync_all
from graph.model.vocabulary import VOCABULARY_VERSION

__all__ = [
    "FORMAT_VERSION",
    "UNREADABLE",
    "GraphInfo",
    "build_directory",
    "decode_info",
    "finish_build",
    "is_finished",
    "is_read",
    "is_readable",
    "lock_build",
    "make_build",
    "named_builds",
    "number",
    "remove_build",
    "whole_builds",
]

FORMAT_VERSION = 1
"""The version of this layout; a graph of another version is refused, not guessed at."""

UNREADABLE = (OSError, RuntimeError)
"""What Oxigraph raises for a store that is missing, and for one that is damaged."""

_BUILDS = "builds"
_INFO = "build.json"
_LOCK = ".lock"
_BEGUN = ".begun"
_STORE = "store"
_NAME = re.compile(r"\d{6,}", re.ASCII)


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
    """The part of the document that every version has."""

    format: int = FORMAT_VERSION


def decode_info(path: Path) -> GraphInfo:
    """Return what a file says of a graph; raises InvalidGraph for one of another format version.

    What the file system and the decoder raise for a missing or damaged file passes through.
    """
    document = path.read_bytes()
    version = msgspec.json.decode(document, type=_Format).format
    if version != FORMAT_VERSION:
        raise InvalidGraph(
            f"{path} has graph format {version}, this program reads {FORMAT_VERSION}: open it with"
            " the program that wrote it, or name another folder for the graph"
        )
    return msgspec.json.decode(document, type=GraphInfo)


def build_directory(directory: Path, build: str) -> Path:
    """Return the directory of a build."""
    return directory / _BUILDS / build


def number(build: str) -> int:
    """Return the number of a build; 0 for a name that is none of a build."""
    return int(build) if _NAME.fullmatch(build) else 0


def named_builds(directory: Path) -> list[Path]:
    """Return the directories of all builds, oldest first; what is no build is its owner's."""
    found = (directory / _BUILDS).glob("*")
    return sorted((path for path in found if number(path.name)), key=lambda p: number(p.name))


def whole_builds(directory: Path) -> Iterator[GraphInfo]:
    """Yield what the whole builds say of themselves, newest first."""
    for build in reversed(named_builds(directory)):
        try:
            info = decode_info(build / _INFO)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # then it is not known to be whole; nobody removes it for that
        yield msgspec.structs.replace(info, build=build.name)


def is_finished(build: Path) -> bool:
    """Tell whether a build may be all that there is of a graph; see the rule above."""
    if (build / _INFO).exists():
        return True
    return (build / _STORE).exists() and not (build / _BEGUN).exists()


def is_readable(build: Path) -> bool:
    """Tell whether the store of a build can be opened."""
    try:
        ox.Store.read_only(str(build / _STORE))
    except UNREADABLE:
        return False
    return True


def make_build(directory: Path, build: str) -> Path:
    """Make the directory of a new build, with the file that its readers will lock."""
    made = build_directory(directory, build)
    made.mkdir(parents=True)
    (made / _BEGUN).touch()
    (made / _LOCK).touch()
    return made


def finish_build(directory: Path, info: GraphInfo) -> None:
    """Bring everything in a build to the disk, and only then call it whole.

    Its store must have been flushed.
    """
    build = build_directory(directory, info.build)
    sync_all(build)
    sync(build.parent)
    replace_document(build / _INFO, info)


def remove_build(build: Path) -> None:
    """Remove a build; whatever is left of it, it does not pass for a whole one."""
    (build / _INFO).unlink(missing_ok=True)
    # A store that an error still refers to may be tidying up in there. What that leaves behind,
    # the next writer sweeps away.
    shutil.rmtree(build, ignore_errors=True)


def lock_build(build: Path) -> IO[str]:
    """Keep a build from being swept, as long as the file that is returned stays open.

    Nothing is written, so this works where a graph may only be read.
    """
    file = (build / _LOCK).open()
    portalocker.lock(file, portalocker.LOCK_SH)
    return file


def is_read(build: Path) -> bool:
    """Tell whether a process has the build open; a build without a lock file was never one."""
    if not (build / _LOCK).exists():
        return False
    with (build / _LOCK).open("a") as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            return True
    return False
