"""A second opinion on licence drift: the steps of records, one by one, in plain Python.

Rule: nothing here knows columns or an index. The definition is that of ``graph.statistics.drift``,
said once more over records, however slowly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph.licenses.facts import terms
from graph.licenses.resolution import Status, resolve_declarations
from graph.model.records import Kind, Repository

__all__ = ["Step", "steps"]

_COUNTED = (
    "finetune",
    "adapter",
    "merge",
    "quantized",
    "converted",
    "unspecified",
    "source",
    "filtered",
)
_TYPED = ("finetune", "adapter", "merge", "quantized", "converted", "distilled")


class Step(NamedTuple):
    """A step from a child to a parent, with the licences at its ends and the child's month."""

    relation: str
    parent: str
    child: str
    month: str
    ends: tuple[str, str]


def steps(records: Iterable[Repository]) -> Iterator[Step]:
    """Yield every step between two different records."""
    held = {(record.kind, record.id): record for record in records}
    for child in held.values():
        for relation, kind, target in sorted(_claims(child)):
            parent = held.get((kind, target))
            is_twin = relation == "unspecified" and any(
                (typed, kind, target) in _claims(child) for typed in _TYPED
            )
            if relation in _COUNTED and parent not in (None, child) and not is_twin:
                labels = _label(parent), _label(child)
                month = child.created[:7] if child.created else "unknown"
                yield Step(relation, *labels, month, (child.id, target))


def _claims(record: Repository) -> set[tuple[str, Kind, str]]:
    return {
        (one.relation.value, one.relation.target_kind, one.target)
        for one in record.derivations
        if one.target is not None
    }


def _label(record: Repository) -> str:
    """Return the one licence that declarations come to, if they come to one that is understood."""
    if not record.licenses:
        return "none declared"
    found = resolve_declarations(record.licenses)
    if found.status is Status.RESOLVED and len(found.keys) == 1:
        (key,) = found.keys
        return key if terms(key).commercial != "unknown" else "unclear"
    return "unclear"
