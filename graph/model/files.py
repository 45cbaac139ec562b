"""Writing files so that they outlast a crash, and so that nobody finds a part of one."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import msgspec

__all__ = ["replace_document", "replace_file", "sync", "sync_all"]

_AT_ONCE = 16
_NO_SYNC = (errno.EBADF, errno.EINVAL, errno.ENOTSUP)
"""What a file system answers that cannot sync a directory, or need not."""


def replace_file(path: Path, content: bytes) -> None:
    """Make a file hold this, even if the power fails meanwhile; there must be one writer only.

    Whoever reads it finds the old content or the new, never a part.
    """
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def replace_document(path: Path, document: object) -> None:
    """Make a file hold this as JSON that people can read."""
    replace_file(path, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


def sync(path: Path) -> None:
    """Bring a file to the disk, or the names of the files in a directory."""
    if os.name == "nt":  # which syncs no directory, and no file that was opened for reading
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def sync_all(directory: Path) -> None:
    """Bring everything that lies in a directory to the disk, however deep, and itself."""
    # A file system brings many files there as fast as one, if it is asked for all of them at once.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(_sync_if_there, [directory, *directory.rglob("*")]):
            pass


def _sync_if_there(path: Path) -> None:
    with suppress(FileNotFoundError):  # a store removes what it has no more use for
        sync(path)
