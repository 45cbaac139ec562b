"""A graph on disk: one directory, one writer, many readers.

    <graph>/graph.json      what the graph is, and which build is current; replaced atomically
    <graph>/builds/<n>/     a build, see ``builds``
    <graph>/raw/            pages of the live Hub as they came, and how far they go
    <graph>/.lock           held by the one writer

Rule: a build is never changed once ``graph.json`` names it. So a reader sees one state for as
long as it likes, and a crash at any moment leaves the old graph in force. What a crash left
behind is swept away by the next writer.

Rule: nothing that may be the only good build is ever removed. Where ``graph.json`` is lost, the
newest whole build takes its place; nobody goes back to an older state without being told to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import portalocker

from graph.model.errors import GraphLocked, GraphNotWritable, InvalidGraph
from graph.model.files import replace_document
from graph.store.builds import (
    GraphInfo,
    build_directory,
    decode_info,
    is_finished,
    is_read,
    is_readable,
    named_builds,
    number,
    remove_build,
    whole_builds,
)

__all__ = [
    "next_build",
    "not_writable",
    "publish",
    "read_info",
    "sweep",
    "take_up",
    "unreadable",
    "verify",
    "write_lock",
]

_INFO = "graph.json"
_LOCK = ".lock"


def read_info(directory: Path) -> GraphInfo | None:
    """Return what a graph directory says of itself, or None when there is no graph yet.

    Where ``graph.json`` is missing, damaged, or behind the builds, the newest whole build speaks
    for the graph. Raises InvalidGraph where there is none, and for a graph of another format.
    """
    pointed, damage = _read_pointer(directory)
    if pointed is None:
        newest = next(whole_builds(directory), None)
        if newest is None:
            _check_that_none_is_lost(directory, damage)
        return newest
    if build_directory(directory, pointed.build).exists():
        return pointed
    # A copy that was made while somebody wrote: its pointer is from before, its builds from after.
    newest = next(whole_builds(directory), pointed)
    return newest if number(newest.build) > number(pointed.build) else pointed


def next_build(directory: Path, info: GraphInfo | None) -> str:
    """Return the name of the build that comes after the current one, and after every other."""
    taken = [build.name for build in named_builds(directory)] + ([info.build] if info else [])
    return f"{max(map(number, taken), default=0) + 1:06d}"


def publish(directory: Path, info: GraphInfo) -> None:
    """Make a finished build the current one: one atomic replacement of ``graph.json``."""
    replace_document(directory / _INFO, info)


def take_up(directory: Path) -> GraphInfo | None:
    """Return what ``read_info`` does, and see that ``graph.json`` says the same from now on."""
    info = read_info(directory)
    if info is not None and _read_pointer(directory)[0] != info:
        publish(directory, info)
    return info


def sweep(directory: Path) -> None:
    """Remove what crashes left behind, and every build but the current one that nobody reads.

    While the current build cannot be read, another that was finished may be the only good one, and
    stays. What is not named as a build is left alone: it is its owner's.
    """
    info = read_info(directory)
    (directory / f"{_INFO}.new").unlink(missing_ok=True)
    old = [build for build in named_builds(directory) if info is None or build.name != info.build]
    is_safe = info is not None and is_readable(build_directory(directory, info.build))
    for build in old:
        if (is_safe or not is_finished(build)) and not is_read(build):
            remove_build(build)


def verify(directory: Path) -> None:
    """Raise InvalidGraph unless the current build, if there is one, can be read."""
    info = read_info(directory)
    if info is not None and not is_readable(build_directory(directory, info.build)):
        raise unreadable(directory, info)


def unreadable(directory: Path, info: GraphInfo) -> InvalidGraph:
    """Return the error for a current build that is missing or damaged, with the least remedy."""
    build = build_directory(directory, info.build)
    others = [other.name for other in _finished(directory) if other != build]
    if not others:
        return InvalidGraph(
            f"{build} cannot be read: load a snapshot with 'remixgraph snapshot load', or remove"
            f" {directory}, then build the graph again"
        )
    doomed = f"{build} and {directory / _INFO}" if build.exists() else directory / _INFO
    return InvalidGraph(
        f"{build} cannot be read: remove {doomed} to go on with build {others[-1]}, which is kept"
    )


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


def _read_pointer(directory: Path) -> tuple[GraphInfo | None, str]:
    """Return what ``graph.json`` says, or None and what is wrong with it: nothing if missing."""
    path = directory / _INFO
    try:
        return decode_info(path), ""
    except FileNotFoundError:
        return None, ""
    except NotADirectoryError:
        raise _no_directory(directory) from None
    except IsADirectoryError:
        raise InvalidGraph(f"{path} is damaged (it is a folder): remove it") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, str(error)


def _check_that_none_is_lost(directory: Path, damage: str) -> None:
    """Raise InvalidGraph where there is no pointer and no whole build, and yet was a graph."""
    pointer = directory / _INFO
    fault = f"{pointer} is damaged ({damage})" if damage else f"{pointer} is missing"
    if kept := _finished(directory):
        build = kept[-1].name
        raise InvalidGraph(
            f"{fault}, and build {build} may be the graph: write"
            f' {{"build": "{build}"}} into {pointer}, then run \'remixgraph index\''
        )
    if damage:
        raise InvalidGraph(f"{fault}: remove {directory}, then build the graph again")


def _finished(directory: Path) -> list[Path]:
    return [build for build in named_builds(directory) if is_finished(build)]


def _no_directory(path: Path) -> InvalidGraph:
    return InvalidGraph(f"{path} is a file, or leads through one: name the directory of a graph")
