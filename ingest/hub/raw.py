"""Pages on disk, as they came: JSON Lines in Zstandard frames, one frame a page.

A file takes pages until it is large enough. What counts of it is what the checkpoint says: a
crash may leave more behind, which is cut off before the next page is written. The bytes that
count have a digest, so that damage is found before anything is built of it.

Files are what ``remixgraph ingest dump`` reads, so a graph can be built anew without a network.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec
import zstandard

from graph.model.errors import UnreadableFile

__all__ = ["Batch", "PageWriter", "read_batch", "verify"]

_FULL = 64_000_000  # bytes of a file, after which the next page begins another
_LEVEL = 3
_BLOCK = 1 << 20


class Batch(msgspec.Struct, frozen=True):
    """A file of pages: how many bytes of it count, and what they hold."""

    name: str
    pages: int = 0
    rows: int = 0
    size: int = 0
    digest: str = ""

    @property
    def is_full(self) -> bool:
        """Whether the next page should begin another file."""
        return self.size >= _FULL


class PageWriter:
    """Appends pages to one file, from where the batch says that it ends."""

    def __init__(self, folder: Path, batch: Batch) -> None:
        self.batch = batch
        path = folder / batch.name
        self._digest = _digest(path, batch.size)
        self._file = path.open("r+b" if batch.size else "wb")
        self._file.truncate(batch.size)
        self._file.seek(batch.size)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)

    def append(self, rows: Iterable[bytes]) -> Batch:
        """Write a page to disk for good, and return the batch with it."""
        lines = list(rows)
        frame = self._compressor.compress(b"".join(row + b"\n" for row in lines)) if lines else b""
        self._file.write(frame)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._digest.update(frame)
        old = self.batch
        self.batch = Batch(
            name=old.name,
            pages=old.pages + 1,
            rows=old.rows + len(lines),
            size=old.size + len(frame),
            digest=self._digest.hexdigest(),
        )
        return self.batch

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def verify(folder: Path, batch: Batch) -> None:
    """Raise UnreadableFile unless the bytes that count are those that were written."""
    path = folder / batch.name
    found = _digest(path, batch.size).hexdigest() if batch.size else batch.digest
    if found != batch.digest:
        raise UnreadableFile(
            f"{path} is not as it was written: remove {folder} and harvest again, with --full"
        )


def read_batch(folder: Path, batch: Batch) -> Iterator[list[bytes]]:
    """Yield the rows of a batch, page by page."""
    if not batch.size:
        return
    with (folder / batch.name).open("rb") as file:
        content = file.read(batch.size)
    decompressor = zstandard.ZstdDecompressor()
    with decompressor.stream_reader(content, read_across_frames=True) as reader:
        rest = b""
        while block := reader.read(_BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            yield lines


def _digest(path: Path, size: int) -> blake2b:
    """Return the digest of the first bytes of a file; raises UnreadableFile if there are fewer."""
    digest = blake2b(digest_size=16)
    left = size
    try:
        if left:
            with path.open("rb") as file:
                while left and (block := file.read(min(_BLOCK, left))):
                    digest.update(block)
                    left -= len(block)
    except FileNotFoundError:
        pass  # told below, with what is missing
    if left:
        raise UnreadableFile(
            f"{path}: {left:,} of {size:,} bytes are missing: harvest --full again"
        )
    return digest
