"""Chunks: files of N-Quads on their way into a build, each with the tables of what is in it.

The loader is fastest on one long stream, which keeps all its threads busy while the next chunks
are still being made. So chunks are read one after another as if they were one file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

__all__ = ["LONGEST_STREAM", "Chunk", "ChunkStream"]

LONGEST_STREAM = 60_000_000
"""Bytes after which a stream ends: Oxigraph holds what it loads at once in memory, some seven times
as much. One stream of 577 MB took 1.9 GB, streams of 100 MB 0.7 GB, of 40 MB 0.3 GB, all of them
the same processor time."""


@dataclass
class Chunk:
    """A file of N-Quads, and the IRIs of the repositories in it, each once.

    ``tables`` is the folder of their tables; None where there is no repository in it.
    """

    path: Path
    repositories: dict[str, None] = field(default_factory=dict)
    tables: Path | None = None


class ChunkStream(io.RawIOBase):
    """A file-like view of chunks, up to the one that comes when the stream is long enough.

    That one is ``left``. Chunks are removed once they are read. Where ``is_stopped`` tells so,
    reading raises InterruptedError.
    """

    def __init__(
        self, first: Chunk, others: Iterator[Chunk], is_stopped: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__()
        self.left: Chunk | None = None
        self._size = 0
        self._others = others
        self._is_stopped = is_stopped
        self._path = first.path
        self._file: BinaryIO | None = first.path.open("rb")

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read on, from the next chunk where one ends."""
        while self._file is not None:
            if self._is_stopped():
                self._file.close()
                raise InterruptedError
            data = self._file.read(size)
            if data:
                self._size += len(data)
                return data
            self._file.close()
            self._path.unlink()
            self._file = self._next()
        return b""

    def _next(self) -> BinaryIO | None:
        chunk = next(self._others, None)
        if chunk is None:
            return None
        if self._size >= LONGEST_STREAM:
            self.left = chunk
            return None
        self._path = chunk.path
        return chunk.path.open("rb")
