"""What was worked out when a build was made, as files beside its store: one manifest over all.

Arrays are in NumPy's own format and mapped into memory; documents are JSON or text. The manifest is
written last and has the size and the checksum of each file, so that what is missing, cut short or
of another version is told before it is read.

Rule: nothing here knows what an array means.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from graph.model.arrays import Array
from graph.model.errors import InvalidGraph
from graph.model.files import replace_document

__all__ = ["RESULTS", "RESULTS_VERSION", "Manifest", "Results", "open_results", "write_results"]

RESULTS = "results"
"""The folder of the results in a build."""

RESULTS_VERSION = 1
"""The version of everything derived; results of another version are made anew, not guessed at."""

TABLES = "tables"
"""The folder of the tables in that of the results."""

_MANIFEST = "results.json"
_CHECKSUM = "blake2b"
_ARRAY = ".npy"

T = TypeVar("T")


class FileInfo(msgspec.Struct, frozen=True):
    """The size in bytes and the checksum of a file."""

    size: int
    blake2b: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What ``results.json`` says: version, counts, lists of words by name, every file."""

    format: int = RESULTS_VERSION
    counts: dict[str, int]
    words: dict[str, tuple[str, ...]]
    files: dict[str, FileInfo]

    @property
    def licenses(self) -> tuple[str, ...]:
        """The combinations of licence keys that the codes of the lineage index stand for."""
        return self.words["licenses"]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The combinations of tasks that the codes of the lineage index stand for."""
        return self.words["tasks"]


class _Format(msgspec.Struct):
    """The part of the manifest that every version has."""

    format: int


class Results:
    """The results of a build, opened: arrays by name, and documents."""

    def __init__(
        self,
        manifest: Manifest,
        arrays: Mapping[str, Array],
        documents: Mapping[str, bytes],
        directory: Path | None = None,
    ) -> None:
        self.manifest = manifest
        self.arrays = arrays
        self.directory = directory
        self._documents = documents

    def text(self, name: str) -> bytes:
        """Return a document as it was written."""
        return self._documents[name]

    def document(self, name: str, type_: type[T]) -> T:
        """Return a JSON document; raises InvalidGraph where it is damaged."""
        try:
            return msgspec.json.decode(self._documents[name], type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _damaged(Path(name)) from None


def write_results(
    directory: Path,
    arrays: Mapping[str, Array],
    documents: Mapping[str, bytes],
    *,
    counts: dict[str, int],
    words: dict[str, tuple[str, ...]],
) -> None:
    """Write results into a directory; what lies in it already (tables) is entered with them."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _MANIFEST).unlink(missing_ok=True)
    for name, array in arrays.items():
        np.save(directory / f"{name}{_ARRAY}", array, allow_pickle=False)
    for name, content in documents.items():
        (directory / name).write_bytes(content)
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    files = {path.relative_to(directory).as_posix(): _measure(path) for path in paths}
    replace_document(directory / _MANIFEST, Manifest(counts=counts, words=words, files=files))


def open_results(directory: Path, *, verify: bool = False) -> Results:
    """Open the results in a directory; nothing but the manifest is read before it is asked for.

    ``verify`` reads every file once and compares checksums. Raises InvalidGraph when anything is
    missing, of another version, or damaged.
    """
    manifest = _read_manifest(directory)
    for name, expected in manifest.files.items():
        path = directory / name
        try:
            intact = (_measure(path) if verify else _weigh(path, expected)) == expected
        except OSError:
            intact = False
        if not intact:
            raise _damaged(path)
    names = manifest.files
    arrays = _Files(directory, (name for name in names if name.endswith(_ARRAY)), _map, _ARRAY)
    documents = _Files(directory, names, _read)
    return Results(manifest, arrays, documents, directory)


class _Files(Mapping[str, Any]):
    """Files by name, each opened when it is first asked for."""

    def __init__(self, directory: Path, names: Any, opener: Any, ending: str = "") -> None:  # noqa: ANN401
        self._directory = directory
        self._paths = {name.removesuffix(ending): directory / name for name in names}
        self._open = opener
        self._opened: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        if name not in self._paths:
            raise InvalidGraph(f"{self._directory} lacks {name}: run `remixgraph index`")
        if name not in self._opened:
            self._opened[name] = self._open(self._paths[name])
        return self._opened[name]

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _read_manifest(directory: Path) -> Manifest:
    path = directory / _MANIFEST
    try:
        document = path.read_bytes()
        version = msgspec.json.decode(document, type=_Format).format
        if version != RESULTS_VERSION:
            raise InvalidGraph(
                f"{directory} has results of version {version}, this program reads"
                f" {RESULTS_VERSION}: run `remixgraph index`"
            )
        return msgspec.json.decode(document, type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidGraph(f"there are no results in {directory}: run `remixgraph index`") from None
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
    except (OSError, ValueError):
        raise _damaged(path) from None
    return mapped


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise _damaged(path) from None


def _damaged(path: Path) -> InvalidGraph:
    return InvalidGraph(f"{path} is damaged: run `remixgraph index`")
