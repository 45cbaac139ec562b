"""The snapshots in a folder: which there are, what they hold, and names for new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from graph.model.errors import InvalidSnapshot, UsageError
from graph.snapshots.manifest import FILES, MANIFEST, Manifest, read_manifest

__all__ = ["Listed", "list_snapshots", "listed", "new_place"]

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?", re.ASCII)


class Listed(NamedTuple):
    """A snapshot that there is, not yet verified; ``fault`` says why it has no manifest.

    ``written`` is the date of its manifest on this disk, ``size`` the bytes of its files.
    """

    path: Path
    written: str
    size: int
    manifest: Manifest | None
    fault: str = ""


def list_snapshots(folder: Path) -> list[Listed]:
    """Return the snapshots in a folder, the newest first; none where there is no folder."""
    found = [listed(path.parent) for path in _manifests(folder)]
    by_name = sorted(found, key=lambda snapshot: snapshot.path.name)
    return sorted(by_name, key=lambda snapshot: snapshot.written, reverse=True)


def listed(path: Path) -> Listed:
    """Return what the manifest of a snapshot says of it."""
    written, size = "", 0
    try:
        moment = datetime.fromtimestamp((path / MANIFEST).stat().st_mtime, UTC)
        written = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
        size = sum(file.stat().st_size for file in path.iterdir() if file.name in FILES)
        return Listed(path, written, size, read_manifest(path / MANIFEST))
    except InvalidSnapshot as error:
        return Listed(path, written, size, None, str(error))
    except OSError as error:
        return Listed(path, written, size, None, f"{error.filename} cannot be read")


def new_place(folder: Path, name: str) -> Path:
    """Return where a new snapshot of this name goes.

    Raises UsageError for what is no plain name, and for one that is taken.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a snapshot: take up to 64 letters, digits, '.', '_' and '-',"
            " with a letter or digit at both ends"
        )
    place = folder / name
    if place.exists() or place.is_symlink():
        raise UsageError(f"{name} is there already: choose another name")
    return place


def _manifests(folder: Path) -> Iterator[Path]:
    """Yield the manifests one level down; what begins with a dot is being written."""
    try:
        yield from (path for path in folder.glob(f"*/{MANIFEST}") if path.parent.name[0] != ".")
    except OSError:
        return
