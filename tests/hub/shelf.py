"""The repositories of one kind: found by name, old or new, and walked in every order."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator

from graph.model.records import Kind
from tests.hub.fields import SORTS, Row

__all__ = ["Key", "Shelf", "key_of"]

Key = tuple[str | int, str]
"""A row's place in an order: the value sorted by, then the row's own ``_id``."""


def key_of(row: Row, sort: str) -> Key:
    """Return the place of a row in the order of a field.

    >>> key_of({"_id": "6f", "likes": 3}, "likes")
    (3, '6f')
    """
    value: str | int = row.get(sort) or SORTS[sort]
    return value, row["_id"]


class Shelf:
    """The rows of a kind, each known for ever by its ``_id`` and for now by its name.

    Orders are made when they are first asked for and kept up with every change, so a walk can go on
    from any key: also from that of a row which has since moved or gone.
    """

    def __init__(self, kind: Kind, rows: Iterable[Row]) -> None:
        self.kind = kind
        self._rows: dict[str, Row] = {}
        self._ids: dict[str, str] = {}
        self._former: dict[str, str] = {}
        self._orders: dict[str, list[Key]] = {}
        for row in rows:
            self.put(row)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: Row) -> str:
        """Add a row, in the place of any of the same name or ``_id``; return its ``_id``."""
        name = row["id"]
        made = hashlib.sha256(f"{self.kind}:{name}".encode()).hexdigest()[:24]
        row = {"_id": made, **row}
        for known in (row["_id"], self._ids.get(name)):
            if known in self._rows:
                self._take(known)
        self._former.pop(name, None)
        self._rows[row["_id"]] = row
        self._ids[name] = row["_id"]
        for sort, keys in self._orders.items():
            insort(keys, key_of(row, sort))
        return str(row["_id"])

    def get(self, name: str) -> Row | None:
        """Return the row that is called so now."""
        key = self._ids.get(name)
        return None if key is None else self._rows[key]

    def renamed(self, name: str) -> Row | None:
        """Return the row that was once called so, and is called otherwise now."""
        return self._rows.get(self._former.get(name, ""))

    def change(self, name: str, fields: Row) -> None:
        """Replace fields of a row; None takes a field away."""
        row = self[name] | fields
        self.put({name: value for name, value in row.items() if value is not None})

    def rename(self, old: str, new: str) -> None:
        """Call a row otherwise; whoever asks for the old name can be sent to the new one."""
        row = self[old] | {"id": new}
        if "modelId" in row:
            row["modelId"] = new
        if "author" in row:
            row["author"] = new.partition("/")[0]
        self._former[old] = self.put(row)

    def delete(self, name: str) -> None:
        """Take a row away."""
        self._take(self[name]["_id"])

    def __getitem__(self, name: str) -> Row:
        row = self.get(name)
        if row is None:
            raise KeyError(f"there is no {self.kind} {name} on this Hub: add it first")
        return row

    def walk(self, sort: str, after: Key | None = None) -> Iterator[Row]:
        """Yield the rows after a key: by ``_id`` from the least, else from the greatest."""
        keys = self._order(sort)
        if sort == "_id":
            places = range(bisect_right(keys, after) if after else 0, len(keys))
        else:
            places = range(bisect_left(keys, after) if after else len(keys))[::-1]
        return (self._rows[keys[place][1]] for place in places)

    def _order(self, sort: str) -> list[Key]:
        if sort not in self._orders:
            self._orders[sort] = sorted(key_of(row, sort) for row in self._rows.values())
        return self._orders[sort]

    def _take(self, key: str) -> None:
        row = self._rows.pop(key)
        del self._ids[row["id"]]
        for sort, keys in self._orders.items():
            del keys[bisect_left(keys, key_of(row, sort))]
