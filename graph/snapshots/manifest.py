"""The manifest of a snapshot: what the other files are, to the byte, and what they hold.

A snapshot is a folder of exactly four files, whose names are fixed. No clock, host or path is in
any of them, so the same graph gives the same bytes.
"""

from __future__ import annotations

from hashlib import file_digest, sha256
from pathlib import Path
from typing import Annotated

import msgspec

from graph.model.errors import InvalidSnapshot
from graph.model.records import Kind
from graph.rdf import terms
from graph.rdf.properties import CLASSES

__all__ = [
    "CONTENT",
    "FILES",
    "FORMAT_VERSION",
    "MANIFEST",
    "README",
    "VOID",
    "FileEntry",
    "Manifest",
    "describe_file",
    "encode_manifest",
    "read_manifest",
    "repositories",
    "sealed",
]

FORMAT_VERSION = 1
"""The version of this layout; a snapshot of another version is refused, not guessed at."""

CONTENT = "graph.nq.zst"
MANIFEST = "manifest.json"
README = "README.md"
VOID = "void.ttl"
FILES = (CONTENT, MANIFEST, README, VOID)
"""The names of a snapshot's files; no other may be in its folder."""

_LARGEST = 16 << 20  # bytes of a manifest: our own have some 10,000

_Count = Annotated[int, msgspec.Meta(ge=0)]
_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file as it lies in the folder."""

    size: _Count
    sha256: _Digest


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says.

    ``size`` and ``sha256`` are those of the N-Quads before compression: two snapshots hold the
    same graph exactly when these agree. ``graphs`` counts the triples of each graph; ``classes``,
    ``properties`` and ``relations`` those of the default graph. ``checksum`` is the SHA-256 of
    the manifest as written with an empty checksum; through ``files`` it covers the whole snapshot.
    """

    format: int = FORMAT_VERSION
    vocabulary: str
    sources: tuple[str, ...]
    size: _Count
    sha256: _Digest
    triples: _Count
    graphs: dict[str, _Count]
    classes: dict[str, _Count]
    properties: dict[str, _Count]
    relations: dict[str, _Count]
    files: dict[str, FileEntry] = {}
    checksum: str = ""


class _Version(msgspec.Struct):
    format: int


def repositories(manifest: Manifest) -> dict[Kind, int]:
    """Return how many repositories of each kind a snapshot holds."""
    return {kind: manifest.classes.get(terms.iri_value(CLASSES[kind]), 0) for kind in Kind}


def describe_file(path: Path) -> FileEntry:
    """Return the size and the digest of a file."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        return FileEntry(size=file.tell(), sha256=digest)


def encode_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as it is written: keys sorted, one value a line."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2) + b"\n"


def sealed(manifest: Manifest) -> Manifest:
    """Return a manifest with its checksum."""
    bare = msgspec.structs.replace(manifest, checksum="")
    return msgspec.structs.replace(bare, checksum=sha256(encode_manifest(bare)).hexdigest())


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; raises InvalidSnapshot when it is not as it was written."""
    with path.open("rb") as file:
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise InvalidSnapshot(f"{path} is too large to be a manifest: get the snapshot again")
    try:
        version = msgspec.json.decode(text, type=_Version).format
        if version != FORMAT_VERSION:
            raise InvalidSnapshot(
                f"{path} has snapshot format {version}, this program reads {FORMAT_VERSION}:"
                " get a snapshot of that format, or another version of this program"
            )
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidSnapshot(f"{path} is no manifest ({error}): get the snapshot again") from None
    if encode_manifest(sealed(manifest)) != text:
        raise InvalidSnapshot(f"{path} was changed: its checksum differs; get the snapshot again")
    return manifest
