"""Sorting more lines than fit into memory: sorted runs on disk, then one merge.

Lines are compared byte by byte, as ``LC_ALL=C sort -u`` does. Neither step loops over single
lines in Python: runs are sorted by ``list.sort``, and so is each batch of the merge, for which a
few sorted stretches in a row are next to no work.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

__all__ = ["SortedRuns", "merge_runs"]

_RUN = 64 << 20  # bytes of text; as lines they take about thrice that
_SHARE = 32 << 20  # bytes of text that the merge holds, over all runs
_LEAST = 64 << 10


class SortedRuns:
    """A file to write lines to in any order; it becomes sorted files.

    What is written may be cut anywhere; ``close`` returns the files, named after ``name``.
    """

    def __init__(self, folder: Path, name: str = "run", *, size: int = _RUN) -> None:
        self.paths: list[Path] = []
        self._folder = folder
        self._name = name
        self._limit = size
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._size >= self._limit:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is sorted when there is enough of it, or on ``close``."""

    def close(self) -> list[Path]:
        """Sort what is left; a last line without an end gets one."""
        rest = b"".join(self._pieces)
        self._pieces = []
        if rest:
            self._write_run(rest.removesuffix(b"\n"))
        return self.paths

    def _spill(self) -> None:
        text = b"".join(self._pieces)
        end = text.rfind(b"\n")
        if end >= 0:
            self._write_run(text[:end])
        self._pieces = [text[end + 1 :]]
        self._size = len(text) - end - 1

    def _write_run(self, text: bytes) -> None:
        path = self._folder / f"{self._name}.{len(self.paths):05d}"
        lines = text.split(b"\n")
        lines.sort()
        path.write_bytes(b"\n".join([*lines, b""]))
        self.paths.append(path)


def merge_runs(paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield the lines of sorted files in order, each once, as blocks of whole lines."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        size = max(_LEAST, _SHARE // max(1, len(files)))
        runs = [(file, lines) for file in files if (lines := _read_lines(file, size))]
        last = None
        while runs:
            # Nothing beyond the smallest of the last lines can be in order yet.
            limit = min(lines[-1] for _, lines in runs)
            batch: list[bytes] = []
            for file, lines in runs:
                cut = bisect_right(lines, limit)
                batch += lines[:cut]
                del lines[:cut]
                if not lines:
                    lines.extend(_read_lines(file, size))
            batch.sort()
            distinct = dict.fromkeys(batch)
            if last is not None:
                distinct.pop(last, None)
            last = limit
            yield b"\n".join([*distinct, b""])
            runs = [(file, lines) for file, lines in runs if lines]


def _read_lines(file: BinaryIO, size: int) -> list[bytes]:
    block = file.read(size) + file.readline()
    return block.removesuffix(b"\n").split(b"\n") if block else []
