"""The files of an index: arrays in NumPy's own format, and a manifest that is written last.

Rule: nothing here knows what an array means. The manifest holds the size and the checksum of each
file, so that what is missing, cut short or of another version is told before it is read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from graph.model.errors import InvalidGraph
from graph.model.files import replace_document

__all__ = ["INDEX_VERSION", "Array", "Manifest", "distinct", "read_arrays", "write_arrays"]

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

INDEX_VERSION = 3
"""The version of the files; an index of another version is made anew, not guessed at."""

_MANIFEST = "index.json"
_CHECKSUM = "blake2b"


class FileInfo(msgspec.Struct, frozen=True):
    """The size in bytes and the checksum of a file."""

    size: int
    blake2b: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What ``index.json`` says: version, counts, keys of licences, names of tasks, every file."""

    format: int = INDEX_VERSION
    counts: dict[str, int]
    licenses: tuple[str, ...]
    tasks: tuple[str, ...]
    files: dict[str, FileInfo]


class _Format(msgspec.Struct):
    """The part of ``index.json`` that every version has."""

    format: int


def write_arrays(
    directory: Path,
    arrays: Mapping[str, Array],
    counts: dict[str, int],
    *,
    licenses: tuple[str, ...] = (),
    tasks: tuple[str, ...] = (),
) -> None:
    """Write arrays into a directory, which is made; the manifest comes last, in one step."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _MANIFEST).unlink(missing_ok=True)
    for name, array in arrays.items():
        np.save(_path(directory, name), array, allow_pickle=False)
    files = {name: _measure(_path(directory, name)) for name in sorted(arrays)}
    manifest = Manifest(counts=counts, licenses=licenses, tasks=tasks, files=files)
    replace_document(directory / _MANIFEST, manifest)


def read_arrays(directory: Path, *, verify: bool = False) -> tuple[Manifest, dict[str, Array]]:
    """Return the manifest of an index and its arrays, mapped into memory and not yet read.

    ``verify`` reads every file once and compares checksums. Raises InvalidGraph.
    """
    manifest = _read_manifest(directory)
    for name, expected in manifest.files.items():
        path = _path(directory, name)
        try:
            intact = (_measure(path) if verify else _weigh(path, expected)) == expected
        except OSError:
            intact = False
        if not intact:
            raise _damaged(path)
    return manifest, {name: _map(_path(directory, name)) for name in manifest.files}


def distinct(values: Array) -> Array:
    """Return values in order, each once; several times as fast as ``np.unique`` for numbers."""
    ordered = np.sort(values)
    kept: Array = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]]
    return kept


def _read_manifest(directory: Path) -> Manifest:
    path = directory / _MANIFEST
    try:
        document = path.read_bytes()
        version = msgspec.json.decode(document, type=_Format).format
        if version != INDEX_VERSION:
            raise InvalidGraph(
                f"{directory} has index format {version}, this program reads {INDEX_VERSION}:"
                " run `remixgraph index`, or build the graph again"
            )
        return msgspec.json.decode(document, type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidGraph(f"there is no index in {directory}: build the graph again") from None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        raise _damaged(path) from None


def _measure(path: Path) -> FileInfo:
    with path.open("rb") as file:
        return FileInfo(os.fstat(file.fileno()).st_size, file_digest(file, _CHECKSUM).hexdigest())


def _weigh(path: Path, expected: FileInfo) -> FileInfo:
    """Return the actual size beside the expected checksum: what costs nothing to compare."""
    return FileInfo(path.stat().st_size, expected.blake2b)


def _map(path: Path) -> Array:
    """Return an array in a file as a plain ndarray: slicing a ``memmap`` costs a microsecond."""
    try:
        mapped: Array = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except ValueError:
        raise _damaged(path) from None
    return mapped


def _path(directory: Path, name: str) -> Path:
    return directory / f"{name}.npy"


def _damaged(path: Path) -> InvalidGraph:
    return InvalidGraph(f"{path} is damaged: build the graph again")
