"""A snapshot as one file to hand on: a ZIP archive, the same bytes for the same snapshot."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from graph.snapshots.manifest import FILES

__all__ = ["pack"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # ZIP knows no earlier date; a snapshot has none


def pack(snapshot: Path) -> bytes:
    """Return the files of a snapshot in an archive, in a folder of its name.

    They are stored as they are: the content is compressed already.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in FILES:
            entry = zipfile.ZipInfo(f"{snapshot.name}/{name}", _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (snapshot / name).read_bytes())
    return packed.getvalue()
