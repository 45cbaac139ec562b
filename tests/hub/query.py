"""What a listing is asked for, read strictly: whatever the Hub would refuse is refused here."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from graph.model.records import Kind
from tests.hub.fields import BASE, EXPANDABLE, FULL, SORTS, Row
from tests.hub.shelf import Key

__all__ = ["BadQuery", "Query", "cursor_at", "expanded", "read_query"]

Pairs = list[tuple[str, str]]


class BadQuery(ValueError):
    """The query asks for what the Hub does not do; the message is that of its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which rows a listing gives, in which order, from where on, and with which fields."""

    limit: int
    sort: str
    after: Key | None
    fields: list[str]
    tags: frozenset[str]
    author: str | None
    search: str | None
    gated: bool | None

    def matches(self, row: Row) -> bool:
        """Tell whether a row is among those asked for."""
        name = row["id"].lower()
        return (
            (not self.tags or self.tags.issubset(row.get("tags", ())))
            and (self.author is None or name.startswith(f"{self.author.lower()}/"))
            and (self.search is None or self.search.lower() in name)
            and (self.gated is None or self.gated == bool(row.get("gated")))
        )


def read_query(pairs: Pairs, kind: Kind, *, largest: int, refused: frozenset[str]) -> Query:
    """Return the query for a listing; ``refused`` are fields that it does not expand."""
    single = dict(pairs)
    sort = single.get("sort", "_id")
    if sort not in SORTS or single.get("direction", "-1") != "-1":
        raise BadQuery(f'"sort" must be one of [{", ".join(list(SORTS)[1:])}], descending')
    return Query(
        limit=_read_limit(single.get("limit"), largest),
        sort=sort,
        after=_read_cursor(single["cursor"], sort) if "cursor" in single else None,
        fields=expanded(pairs, kind, refused) or _unasked(single, kind),
        tags=frozenset(value for name, value in pairs if name == "filter"),
        author=single.get("author"),
        search=single.get("search"),
        gated=_is_true(single["gated"]) if "gated" in single else None,
    )


def expanded(pairs: Pairs, kind: Kind, refused: frozenset[str] = frozenset()) -> list[str]:
    """Return the fields that ``expand`` names, after the two that always come; none without it.

    >>> expanded([("expand", "likes"), ("expand[]", "sha")], Kind.MODEL)
    ['_id', 'id', 'likes', 'sha']
    """
    asked = [value for name, value in pairs if name in {"expand", "expand[]"}]
    valid = [name for name in EXPANDABLE[kind] if name not in refused]
    if not set(asked).issubset(valid):
        raise BadQuery(f'"expand" must be one of [{", ".join(valid)}]')
    return ["_id", "id", *asked] if asked else []


def cursor_at(sort: str, key: Key) -> str:
    """Return the cursor of what comes after a key; opaque, as the Hub's is."""
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode()


def _read_cursor(text: str, sort: str) -> Key:
    try:
        made_for, value, row = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, TypeError, ValueError):
        raise BadQuery("Invalid cursor") from None
    if made_for != sort or type(value) is not type(SORTS[sort]) or not isinstance(row, str):
        raise BadQuery("Invalid cursor")
    return value, row


def _read_limit(text: str | None, largest: int) -> int:
    if text is None:
        return largest
    if not text.isdecimal() or int(text) == 0:
        raise BadQuery('"limit" must be a number greater than 0')
    return min(int(text), largest)


def _unasked(single: dict[str, str], kind: Kind) -> list[str]:
    more = FULL if _is_true(single.get("full", "")) else []
    card = ["cardData"] if _is_true(single.get("cardData", "")) else []
    return list(dict.fromkeys([*BASE[kind], *more, *card]))


def _is_true(text: str) -> bool:
    return text.lower() in {"true", "1"}
