"""Which licences cannot be kept at once, when their materials become one model.

Rule: conflicts are told from the terms of two licences, never from a list of pairs of licences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from graph.licenses.facts import Terms, compatible, terms
from graph.licenses.obligations import Burden, Channel, Mark

__all__ = ["conflict", "merge_burdens"]

_BODY = frozenset([Channel.MATERIAL, Channel.ADAPTER])


@cache
def conflict(one: str, other: str) -> str:
    """Return why no licence satisfies both, or "" where one may.

    >>> conflict("cc-by-nc-4.0", "gpl-3.0")
    'cc-by-nc-4.0 prohibits commercial use, which gpl-3.0 does not let anyone add'
    """
    if one == other:
        return ""
    said = terms(one), terms(other)
    for first, second, key, against in ((*said, one, other), (*said[::-1], other, one)):
        if reason := _restricts(first, second):
            return f"{key} {reason}, which {against} does not let anyone add"
    return _copylefts(one, other) or _prefixes(*said) or _rivals(*said)


def merge_burdens(parents: Sequence[Sequence[Burden]]) -> Iterator[Burden]:
    """Yield what a merge makes of its parents' burdens: conflicts, and what only some carry.

    Each element of ``parents`` are the burdens that come through one of them.
    """
    holders: dict[str, set[int]] = {}
    for place, burdens in enumerate(parents):
        for key in _keys(burdens):
            holders.setdefault(key, set()).add(place)
    for one, other in combinations(sorted(holders), 2):
        is_of_one_part = len(holders[one]) == 1 and holders[one] == holders[other]
        if conflict(one, other) and not is_of_one_part:
            yield Burden(Mark.CONFLICT, f"{one} {other}", Channel.OWN)
    for key in sorted(holders):
        if len(holders[key]) < len(parents) and not terms(key).is_permissive:
            yield Burden(Mark.MIXED, key, Channel.OWN)


def _keys(burdens: Sequence[Burden]) -> set[str]:
    return {
        burden.subject
        for burden in burdens
        if burden.mark is Mark.LICENSE and burden.is_certain and burden.channel in _BODY
    }


def _restricts(first: Terms, second: Terms) -> str:
    """Say what the first demands beyond a copyleft that forbids further restrictions."""
    if not second.is_strong_copyleft:
        return ""
    if first.is_noncommercial and not second.is_noncommercial:
        return "prohibits commercial use"
    if first.use_restrictions == "true" and not second.use_restrictions:
        return "restricts the use"
    return ""


def _copylefts(one: str, other: str) -> str:
    both = terms(one).is_strong_copyleft and terms(other).is_strong_copyleft
    if not both or other in compatible(one) or one in compatible(other):
        return ""
    return f"{one} and {other} each want the whole under themselves"


def _prefixes(one: Terms, other: Terms) -> str:
    names = sorted(filter(None, (one.prefix, other.prefix)), key=len)
    if len(names) == len({one, other}) and not names[1].startswith(names[0]):
        return f"a name cannot begin with both {names[0]} and {names[1]}"
    return ""


def _rivals(one: Terms, other: Terms) -> str:
    """Say that each forbids its use for improving models of the other's kind."""
    if one.outputs == other.outputs == "prohibited" and one.flow != other.flow:
        return "each forbids to improve other models with its materials"
    return ""
