"""How far the harvest of a Hub has come: one small file, replaced as a whole after every page.

Rule: what the checkpoint does not name did not happen. A page is written first, then named.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from graph.model.errors import InvalidGraph
from graph.model.files import replace_file
from graph.model.records import Kind
from ingest.hub.raw import Batch

__all__ = ["Checkpoint", "Walk", "load", "save"]

FORMAT_VERSION = 1

_NAME = "checkpoint.json"


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """A walk through one list, which ends when there is no ``url`` of a next page.

    A walk is ``full``, or goes back from the newest to what was modified at ``since``. ``newest``
    is the latest modification that it is sure to know. ``turns`` counts how often it began at the
    top: a walk by changes does so until nothing is new there. ``requests`` are those whose answer
    is on disk; ``private`` rows are counted and not kept; ``applied`` batches are in the graph.
    """

    kind: Kind
    url: str | None
    full: bool
    fields: tuple[str, ...] = ()
    since: str = ""
    newest: str = ""
    turns: int = 1
    batches: tuple[Batch, ...] = ()
    requests: int = 0
    private: int = 0
    applied: int = 0
    visited: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows are on disk."""
        return sum(batch.rows for batch in self.batches)

    @property
    def pages(self) -> int:
        """How many pages are on disk."""
        return sum(batch.pages for batch in self.batches)


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a harvest: of one endpoint, of all repositories or of some.

    ``started`` is when the run began that is under way, or empty between runs, and ``number``
    counts the runs; ``walks`` are its walks, by kind. ``watermarks`` say up to which modification
    the graph is current, by kind; ``kept`` names the files of earlier runs, ``serial`` the last
    number given to a file.
    """

    endpoint: str
    author: str | None = None
    limit: int | None = None
    format: int = FORMAT_VERSION
    started: str = ""
    number: int = 0
    walks: dict[Kind, Walk] = {}
    watermarks: dict[Kind, str] = {}
    kept: dict[Kind, tuple[str, ...]] = {}
    serial: int = 0


def load(folder: Path) -> Checkpoint | None:
    """Return the checkpoint in a folder, or None where there is none; raises InvalidGraph."""
    path = folder / _NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidGraph(
            f"{path} is damaged ({error}): remove {folder} to harvest from the beginning"
        ) from None
    if found.format != FORMAT_VERSION:
        raise InvalidGraph(
            f"{path} has format {found.format}, this program reads {FORMAT_VERSION}:"
            f" remove {folder} to harvest from the beginning"
        )
    return found


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint in a folder, in one step."""
    replace_file(folder / _NAME, msgspec.json.encode(checkpoint))
