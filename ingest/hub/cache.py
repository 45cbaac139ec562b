"""What was asked for one by one: answers of the run that is under way, and cards with their tags.

One SQLite file beside the pages. An answer is on disk before the next is used, so a run that is
interrupted does not ask twice. What is known for longer than a run is in the graph itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import zstandard

from graph.model.records import Kind, Resolution
from graph.rdf.resolutions import LookUp

__all__ = ["Cache", "Card", "Found", "open_cache"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    kind TEXT, id TEXT, resolution TEXT, checked TEXT, replaced_by TEXT, row BLOB,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cards (
    kind TEXT, id TEXT, commit_sha TEXT, etag TEXT, card BLOB,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (what TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Found(NamedTuple):
    """The Hub's answer for one id, and the row of the repository if it shows one."""

    answer: LookUp
    row: bytes | None = None


class Card(NamedTuple):
    """A card as it was at a commit; ``etag`` is what the Hub knows its content by."""

    text: str
    commit: str | None
    etag: str | None


class Cache:
    """Answers and cards by kind and id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(_SCHEMA)

    def answer(self, kind: Kind, repository_id: str) -> Found | None:
        """Return what was answered for an id in this run."""
        query = "SELECT resolution, checked, replaced_by, row FROM answers WHERE kind=? AND id=?"
        found = self._connection.execute(query, (kind, repository_id)).fetchone()
        if found is None:
            return None
        resolution, checked, replaced_by, row = found
        answer = LookUp(
            kind=kind,
            id=repository_id,
            resolution=Resolution(resolution),
            checked=checked,
            replaced_by=replaced_by,
        )
        return Found(answer, row)

    def keep_answer(self, found: Found) -> None:
        """Keep an answer until the run ends."""
        answer, row = found
        values = (answer.kind, answer.id, answer.resolution, answer.checked, answer.replaced_by)
        self._write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", (*values, row))
        self._write("INSERT OR IGNORE INTO asked VALUES (?)", (f"{answer.kind} {answer.id}",))

    def card(self, kind: Kind, repository_id: str) -> Card | None:
        """Return the card of a repository as it was last fetched."""
        query = "SELECT card, commit_sha, etag FROM cards WHERE kind=? AND id=?"
        found = self._connection.execute(query, (kind, repository_id)).fetchone()
        if found is None:
            return None
        text, commit, etag = found
        return Card(zstandard.decompress(text).decode(), commit, etag)

    def keep_card(self, kind: Kind, repository_id: str, card: Card) -> None:
        """Keep a card, in place of an older one."""
        content = zstandard.compress(card.text.encode("utf-8", "replace"))
        values = (kind, repository_id, card.commit, card.etag, content)
        self._write("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?)", values)
        self._write("INSERT OR IGNORE INTO asked VALUES (?)", (f"card {kind} {repository_id}",))

    def requests(self) -> int:
        """Return how many requests of this run have their answer here."""
        (count,) = self._connection.execute("SELECT count(*) FROM asked").fetchone()
        return int(count)

    def end_run(self) -> None:
        """Forget the answers of a run: they are in the graph now."""
        self._write("DELETE FROM answers", ())
        self._write("DELETE FROM asked", ())

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._connection:
            self._connection.execute(statement, values)


@contextmanager
def open_cache(folder: Path) -> Iterator[Cache]:
    """Open the cache in a folder; it is made if there is none."""
    with closing(sqlite3.connect(folder / "cache.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        yield Cache(connection)
