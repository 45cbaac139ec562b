"""README.md files as rows: the card is the file, the repository is told from its folders.

Three trees are known: ``OWNER/NAME/README.md`` for a model, below ``datasets`` or ``spaces`` for
the others, and ``models--OWNER--NAME/snapshots/COMMIT/README.md``, the cache of the Hub's client.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from graph.model.errors import UnreadableFile
from graph.model.records import Kind
from ingest.references import is_repository_id

__all__ = ["is_readme", "keep_outermost", "read_readme", "read_text", "repository_of"]

_LARGEST = 1 << 26  # bytes: the largest README.md on the Hub has some 10 MB
_HEAD = 512
_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?\s*---[ \t]*\r?\n")
_SUFFIXES = frozenset([".markdown", ".md", ".mdx"])
_CACHED = re.compile(r"(model|dataset|space)s--(.+)")
_FOLDERS = {f"{kind}s": kind for kind in Kind}


def is_readme(path: Path, *, named: bool) -> bool:
    """Tell whether a file is a card, which of all files in a folder only README.md is.

    One that a user has ``named`` is a card when it is Markdown, by its name or its front matter.
    """
    if _is_called_readme(path):
        return True
    return named and (path.suffix.casefold() in _SUFFIXES or _has_front_matter(path))


def keep_outermost(files: Iterable[Path], named: Collection[Path]) -> list[Path]:
    """Return files without each README.md inside another's repository: it is no card.

    Those that the user has ``named`` stay.
    """
    files = list(files)
    readmes = {path for path in files if _is_called_readme(path)}
    repositories = {path.parent for path in readmes if _has_front_matter(path)}
    inner = {path for path in readmes if not repositories.isdisjoint(path.parent.parents)}
    return [path for path in files if path not in inner or path in named]


def read_readme(path: Path, repository_id: str | None, kind: Kind | None) -> dict[str, object]:
    """Return the row of a card; what the caller does not say is told from the folders.

    Raises UnreadableFile for a file that is no text, or that nobody says the repository of.
    """
    if repository_id is None:
        told, repository_id = repository_of(path)
        kind = kind or told
    row: dict[str, object] = {"id": repository_id, "card": read_text(path).removeprefix("\ufeff")}
    return row | {"kind": kind} if kind else row


def read_text(path: Path) -> str:
    """Return the text of a card as it is, with its byte order mark and its line ends.

    Raises UnreadableFile for a file that cannot be opened, is no text, or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be opened ({error.strerror})") from None
    if len(content) > _LARGEST:
        raise UnreadableFile(f"{path}: over {_LARGEST >> 20} MiB, which is no card")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: no UTF-8 text at byte {error.start}: save the card in that encoding"
        ) from None


def repository_of(path: Path) -> tuple[Kind, str]:
    """Return what repository the folders of a card name; raises UnreadableFile for none."""
    folders = path.absolute().parent.parts[1:]
    cached = _CACHED.fullmatch(folders[-3]) if len(folders) > 2 else None  # noqa: PLR2004
    if cached and folders[-2] == "snapshots":
        return Kind(cached[1]), cached[2].replace("--", "/")
    above, owner, name = ("", "", "", *folders)[-3:]
    if owner in _FOLDERS:  # a legacy repository, which has no owner
        above, repository_id = owner, name
    else:
        repository_id = f"{owner}/{name}"
    if not _is_called_readme(path) or not is_repository_id(repository_id):
        raise UnreadableFile(
            f"{path}: its path names no repository: move it to OWNER/NAME/README.md,"
            " or name the repository with --id OWNER/NAME"
        )
    return _FOLDERS.get(above, Kind.MODEL), repository_id


def _is_called_readme(path: Path) -> bool:
    return path.name.casefold() == "readme.md"


def _has_front_matter(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _FRONT_MATTER.match(file.read(_HEAD)) is not None
    except OSError:
        return False
