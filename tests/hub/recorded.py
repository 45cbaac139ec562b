"""Recorded pages of the Hub's API, read as the rows of a stand-in."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from graph.model.records import Kind
from tests.hub.fields import Row

__all__ = ["Pages", "page_files", "pages_by_kind", "read_pages"]

Pages = Path | str | Iterable[Path | str]
"""Files of pages or folders of such files, one or several."""

KINDS = {f"{kind}s": kind for kind in Kind}


def read_pages(paths: Pages) -> Iterator[Row]:
    """Yield the rows of pages, plain or gzip, or of all pages below folders.

    A row without ``lastModified``, which old pages lack, gets the time at which it was created.
    """
    for path in page_files(paths):
        content = path.read_bytes()
        plain = gzip.decompress(content) if path.suffix == ".gz" else content
        for row in msgspec.json.decode(plain, type=list[Row]):
            if "createdAt" in row:
                row.setdefault("lastModified", row["createdAt"])
            yield row


def page_files(paths: Pages) -> Iterator[Path]:
    """Yield the files named, and the pages below the folders named, in order."""
    for path in map(Path, [paths] if isinstance(paths, Path | str) else paths):
        if path.is_dir():
            yield from sorted([*path.rglob("*.json"), *path.rglob("*.json.gz")])
        else:
            yield path


def pages_by_kind(paths: Pages) -> dict[Kind, list[Path]]:
    """Return the pages of each kind, told by the folder that a page is in: models, where in doubt.

    >>> [page.name for page in pages_by_kind(["datasets/1.json", "2.json"])[Kind.DATASET]]
    ['1.json']
    """
    pages: dict[Kind, list[Path]] = {kind: [] for kind in Kind}
    for path in page_files(paths):
        pages[KINDS.get(path.parent.name, Kind.MODEL)].append(path)
    return pages
