"""Mending: fixes made one after the other, each proved on the fields that it gives.

A fix counts only when the front matter, read again, holds exactly the fields that were meant, the
text around it is the same, and its rule is satisfied. So a way of writing YAML that an edit does
not foresee costs the fix, never the card.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from ingest.aliases import Aliases
from ingest.linting.edits import apply
from ingest.linting.fixes import Fix, fixes
from ingest.linting.sheet import Sheet, Surroundings

__all__ = ["Mended", "mend"]

_MOST = 64  # fixes of one card, and fixes that are tried for the next: some five are common


class Mended(NamedTuple):
    """The card as it should be, and the rules and fields that were mended."""

    card: str
    done: tuple[tuple[str, str], ...]


def mend(
    card: str, surroundings: Surroundings | None = None, aliases: Aliases | None = None
) -> Mended:
    r"""Return a card with all mended that surely can be.

    >>> mend("---\nlicence: mit # ours\n---\n").card
    '---\nlicense: mit # ours\n---\n'
    """
    sheet = Sheet(card, surroundings or Surroundings(), aliases or Aliases.seed())
    done: list[tuple[str, str]] = []
    for _ in range(_MOST):
        found = _first_proved(sheet)
        if found is None:
            break
        fix, sheet = found
        done.append((fix.rule, fix.field))
    return Mended(sheet.text, tuple(done))


def _first_proved(sheet: Sheet) -> tuple[Fix, Sheet] | None:
    for fix in islice(fixes(sheet), _MOST):
        better = _proved(sheet, fix)
        if better is not None:
            return fix, better
    return None


def _proved(sheet: Sheet, fix: Fix) -> Sheet | None:
    """Return the card after a fix, if it is as it was meant."""
    front = apply(sheet.front, fix.edits)
    text = sheet.text[: sheet.start] + front + sheet.text[sheet.end :]
    better = Sheet(text, sheet.surroundings, sheet.aliases)
    body_start = sheet.body_start + len(text) - len(sheet.text)
    if (better.start, better.body_start) != (sheet.start, body_start) or not better.is_readable:
        return None
    if _canonical(better.fields) != _canonical(fix.fields):
        return None
    still = ((one.rule, one.field) for one in fixes(better))
    return None if (fix.rule, fix.field) in still else better


def _canonical(fields: dict[str, object]) -> list[str]:
    """Return fields so that they can be compared: not-a-number equals itself, order is free."""
    return sorted(f"{name!r}: {value!r}" for name, value in fields.items())
