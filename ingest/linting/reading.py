"""Cards on disk: the file, what stands beside it, and writing it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.licenses.views import Artefact, LicenseView
from graph.model.errors import UnreadableFile
from graph.model.records import Kind
from ingest.linting.parents import LONGEST_CONFIG
from ingest.linting.sheet import Surroundings
from ingest.readmes import repository_of

__all__ = ["surroundings_of", "write_card"]

_ADAPTER_CONFIG = "adapter_config.json"


def surroundings_of(
    path: Path,
    repository_id: str | None = None,
    kind: Kind | None = None,
    look_up: Callable[[Artefact], LicenseView | None] | None = None,
) -> Surroundings:
    """Return what stands beside a card, and whose it is, as said or as its folders tell.

    Only a README.md speaks for its folder: other Markdown may lie among cards of others.
    """
    told_kind, told_id = _told(path)
    is_readme = path.name.casefold() == "readme.md"
    return Surroundings(
        repository_id=repository_id or told_id,
        kind=kind or told_kind,
        adapter_config=_adapter_config(path) if is_readme else None,
        files=_files(path) if is_readme else (),
        look_up=look_up,
    )


def write_card(path: Path, text: str) -> None:
    """Put a card in the place of its file, all at once; raises UnreadableFile where it cannot."""
    target = path.resolve()
    try:
        # A name that nobody foresees: a repository may come with a link under any other.
        with TemporaryDirectory(dir=target.parent, prefix=".mended-") as folder:
            beside = Path(folder, target.name)
            beside.write_bytes(text.encode())
            shutil.copymode(target, beside)
            beside.replace(target)
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be written ({error.strerror})") from None


def _told(path: Path) -> tuple[Kind | None, str | None]:
    try:
        kind, repository_id = repository_of(path)
    except UnreadableFile:
        return None, None
    # A folder named for no kind may hold a clone of any: then the fields tell.
    return (None if kind is Kind.MODEL else kind), repository_id


def _adapter_config(path: Path) -> str | None:
    try:
        with (path.parent / _ADAPTER_CONFIG).open("rb") as file:
            return file.read(LONGEST_CONFIG).decode(errors="replace")
    except OSError:
        return None


def _files(path: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in path.absolute().parent.iterdir()))
    except OSError:
        return ()
