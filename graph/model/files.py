"""Writing a file in one step: whoever reads it finds the old content or the new, never a part."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

__all__ = ["replace_document", "replace_file"]


def replace_file(path: Path, content: bytes) -> None:
    """Make a file hold this, even if the power fails meanwhile; there must be one writer only."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def replace_document(path: Path, document: object) -> None:
    """Make a file hold this as JSON that people can read."""
    replace_file(path, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
