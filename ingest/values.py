"""Tolerant readers of JSON values: the wanted type, or None and a note of what was wrong.

Rule: an absent field and a null are the same and no fault; a value of the wrong type is noted
under the name of its field and otherwise treated as absent. Unknown fields are never looked at.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from reprlib import Repr

from graph.model.records import Gating, Issue, IssueKind

Row = Mapping[str, object]
"""A JSON object as it was decoded: nothing is known about its values."""

LONGEST_ISSUE_VALUE = 200

_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 2**63 - 1  # what a store of RDF terms can count with
_GATING: dict[object, Gating] = {
    # True is what the API said before 2023, when there was no other way than automatic approval.
    True: Gating.AUTO,
    False: Gating.NONE,
    "auto": Gating.AUTO,
    "manual": Gating.MANUAL,
}
_BRIEF = Repr()
_BRIEF.maxlevel = 4
_BRIEF.maxstring = _BRIEF.maxother = LONGEST_ISSUE_VALUE


class Notes:
    """What was wrong with the metadata of one repository, collected while its fields are read."""

    __slots__ = ("issues",)

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(self, kind: IssueKind, field: str, value: object) -> None:
        """Note that something is wrong with the value of a field."""
        self.issues.append(Issue(kind=kind, field=field, value=shorten(value)))


def shorten(value: object, limit: int = LONGEST_ISSUE_VALUE) -> str:
    """Return a value as text of bounded length, however large or deep it is.

    >>> shorten("x" * 8, limit=4)
    'xxx…'
    """
    written = value if isinstance(value, str) else _BRIEF.repr(value)
    if not written.isascii():
        written = _SURROGATES.sub("\ufffd", written)
    return written if len(written) <= limit else written[: limit - 1] + "…"


def clean(value: str) -> str:
    """Return text without white space around it and without lone surrogates.

    JSON may hold a lone surrogate in an escape, but no encoding can write it.
    """
    return value.strip() if value.isascii() else _SURROGATES.sub("\ufffd", value).strip()


def text(row: Row, field: str, notes: Notes) -> str | None:
    """Read text; empty text is absent."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, str):
        return clean(value) or None
    notes.add(IssueKind.WRONG_TYPE, field, value)
    return None


def text_list(row: Row, field: str, notes: Notes) -> list[str]:
    """Read a list of texts, or the one text that stands for a list of one."""
    value = row.get(field)
    return [] if value is None else list(_texts(value, field, notes))


def configured_list(row: Row, field: str, notes: Notes) -> list[str]:
    """Read a list of texts that old dataset cards split up by configuration.

    >>> configured_list({"licenses": {"wi": ["mit"], "locness": ["other"]}}, "licenses", Notes())
    ['mit', 'other']
    """
    value = row.get(field)
    if not isinstance(value, Mapping):
        return text_list(row, field, notes)
    parts = [item for part in value.values() for item in _texts(part, field, notes)]
    return list(dict.fromkeys(parts))


def integer(row: Row, field: str, notes: Notes) -> int | None:
    """Read a count."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_INTEGER:
        return value
    notes.add(IssueKind.WRONG_TYPE, field, value)
    return None


def flag(row: Row, field: str, notes: Notes) -> bool | None:
    """Read true or false."""
    value = row.get(field)
    if value is None or isinstance(value, bool):
        return value
    notes.add(IssueKind.WRONG_TYPE, field, value)
    return None


def instant(row: Row, field: str, notes: Notes) -> str | None:
    """Read a point in time as ``xsd:dateTime`` in UTC with whole seconds.

    The API writes ``2024-03-02T03:51:35.000Z``, exports ``2024-03-02 03:51:35``, and Parquet has
    a type for it; what names no zone is in UTC.

    >>> instant({"createdAt": "2024-03-02 03:51:35"}, "createdAt", Notes())
    '2024-03-02T03:51:35Z'
    """
    value = row.get(field)
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else _moment(value)
        if moment.tzinfo is not None and moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter for a zone that leads out of the calendar
        notes.add(IssueKind.INVALID_DATE, field, value)
        return None
    return moment.isoformat(timespec="seconds")[:19] + "Z"


def gating(row: Row, notes: Notes) -> Gating | None:
    """Read how access is granted: false, ``auto`` or ``manual``."""
    value = row.get("gated")
    if value is None:
        return None
    found = _GATING.get(value) if isinstance(value, bool | str) else None
    if found is None:
        notes.add(IssueKind.WRONG_TYPE, "gated", value)
    return found


def number(value: object) -> float | None:
    """Return a finite number, also from text that is nothing but one.

    >>> number("78.2"), number("78.2%")
    (78.2, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _PLAIN_NUMBER.fullmatch(value.strip()):
        return None
    try:
        found = float(value)
    except OverflowError:  # a whole number too large for a float
        return None
    return found if math.isfinite(found) else None


def mapping(value: object) -> Row | None:
    """Return a JSON object, or None when the value is something else."""
    return value if isinstance(value, Mapping) else None


def card_data(row: Row, notes: Notes) -> Row | None:
    """Read the front matter of the card: an object in the API, its JSON text in exports."""
    value = row.get("cardData")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            notes.add(IssueKind.INVALID_CARD, "cardData", value)
            return None
    if value is not None and not isinstance(value, Mapping):
        notes.add(IssueKind.INVALID_CARD, "cardData", value)
        return None
    return value


_PLAIN_NUMBER = re.compile(r"[-+]?\d{1,300}(\.\d{1,300})?([eE][-+]?\d{1,3})?", re.ASCII)


def _texts(value: object, field: str, notes: Notes) -> Iterator[str]:
    items: Iterable[object] = value if isinstance(value, list | tuple) else (value,)
    for item in items:
        if isinstance(item, str):
            stripped = clean(item)
            if stripped:
                yield stripped
        elif item is not None:
            notes.add(IssueKind.WRONG_TYPE, field, item)


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
