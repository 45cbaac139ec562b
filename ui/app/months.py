"""Months in words and in addresses: which of them, and which relations, a view of time shows.

?first=2024-01&last=2025-03&relations=finetune,merge
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.model.records import Relation
from graph.model.relations import MODEL_RELATIONS

__all__ = ["PARAMETERS", "Period", "named", "read_period"]

PARAMETERS = ("first", "last", "relations")


class Period(NamedTuple):
    """The months from first to last, and the relations whose steps count."""

    first: str
    last: str
    relations: tuple[Relation, ...] = MODEL_RELATIONS

    def parameters(self, months: Sequence[str]) -> dict[str, str]:
        """Return what names it in an address, given all months; what is usual is left out.

        >>> Period("2024-02", "2024-03").parameters(["2024-01", "2024-02", "2024-03"])
        {'first': '2024-02'}
        """
        relations = ",".join(self.relations or MODEL_RELATIONS)
        found = dict(zip(PARAMETERS, (self.first, self.last, relations), strict=True))
        usual = (months[0], months[-1], ",".join(MODEL_RELATIONS))
        return {
            name: found[name]
            for name, value in zip(PARAMETERS, usual, strict=True)
            if found[name] != value
        }


def read_period(parameters: Mapping[str, str], months: Sequence[str]) -> Period:
    """Read an address, given all months; what makes no sense in it is taken for what is usual.

    >>> read_period({"first": "2024-02", "last": "never"}, ["2024-01", "2024-02", "2024-03"])[:2]
    ('2024-02', '2024-03')
    """
    first, last = (
        found if (found := parameters.get(name, usual)) in months else usual
        for name, usual in zip(PARAMETERS[:2], (months[0], months[-1]), strict=True)
    )
    asked = parameters.get("relations", "").split(",")
    relations = tuple(relation for relation in MODEL_RELATIONS if relation in asked)
    return Period(min(first, last), max(first, last), relations or MODEL_RELATIONS)


def named(month: str) -> str:
    """Return a month in words.

    >>> named("2024-07")
    'July 2024'
    """
    return f"{month_name[int(month[5:])]} {month[:4]}"
