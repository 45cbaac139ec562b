"""What the stand-in holds: repositories and their cards, which a test may change at any moment."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from graph.model.records import Kind
from tests.hub.fields import Row
from tests.hub.shelf import Shelf

__all__ = ["Card", "Contents"]

Card = str | bytes
"""The text of a README.md, or its bytes where they should be wrong."""


class Contents:
    """The repositories of a Hub, by kind; every change is seen by the next request.

    A kind is a ``Kind`` or its value. Whatever reads several things at once holds ``lock``.
    """

    def __init__(
        self,
        models: Iterable[Row] = (),
        datasets: Iterable[Row] = (),
        spaces: Iterable[Row] = (),
        *,
        cards: Mapping[tuple[str, str], Card] | None = None,
    ) -> None:
        rows = {Kind.MODEL: models, Kind.DATASET: datasets, Kind.SPACE: spaces}
        self.lock = threading.RLock()
        self.shelves = {kind: Shelf(kind, held) for kind, held in rows.items()}
        self.forbidden: set[str] = set()
        self._cards: dict[str, bytes] = {}
        for (kind, name), card in (cards or {}).items():
            self.write_card(kind, name, card)

    def add(self, kind: str, row: Row) -> None:
        """Add a repository, in the place of any of that name."""
        with self.lock:
            self.shelves[Kind(kind)].put(row)

    def change(self, kind: str, name: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON
        """Replace fields of a repository; None takes a field away."""
        with self.lock:
            self.shelves[Kind(kind)].change(name, fields)

    def rename(self, kind: str, old: str, new: str) -> None:
        """Rename a repository; requests for its old name are redirected until that is used anew."""
        with self.lock:
            self.shelves[Kind(kind)].rename(old, new)

    def delete(self, kind: str, name: str) -> None:
        """Delete a repository."""
        with self.lock:
            self.shelves[Kind(kind)].delete(name)

    def gate(self, kind: str, name: str, gating: str) -> None:
        """Gate the files of a repository, ``auto`` or ``manual``; its metadata stays public."""
        self.change(kind, name, gated=gating)

    def disable(self, kind: str, name: str) -> None:
        """Disable a repository, as the Hub's staff does."""
        self.change(kind, name, disabled=True)

    def forbid(self, kind: str, name: str) -> None:
        """Refuse even the metadata of a repository, as that of some gated ones is refused."""
        with self.lock:
            self.forbidden.add(self.shelves[Kind(kind)][name]["_id"])

    def write_card(self, kind: str, name: str, card: Card) -> None:
        """Give a repository this README.md."""
        with self.lock:
            key = self.shelves[Kind(kind)][name]["_id"]
            self._cards[key] = card if isinstance(card, bytes) else card.encode()

    def card_of(self, row: Row) -> bytes | None:
        """Return the card of a repository, if it has one."""
        return self._cards.get(row["_id"])

    def commit_of(self, row: Row) -> str:
        """Return the commit that a repository is at: its ``sha``, or one made from its contents."""
        made = hashlib.sha1(row["_id"].encode(), usedforsecurity=False)
        made.update(self._cards.get(row["_id"], b""))
        return str(row.get("sha") or made.hexdigest())
