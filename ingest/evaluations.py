"""Evaluations: the scores in a card's ``model-index``.

Its schema is that of Papers with Code: a list of models (nearly always one), each with results,
each with a task, a dataset, metrics and a source. The Hub checks it, yet recorded answers also hold
``{"error": "Schema validation error..."}`` in its place, and scores such as ``"7.56 +/- 2.71"``.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.model.records import Evaluation, IssueKind
from ingest.aliases import Aliases
from ingest.references import resolve_dataset
from ingest.values import Notes, Row, clean, mapping, number, shorten

FIELD = "model-index"
"""The field of a model's row, or of its card."""


def evaluations(value: object, aliases: Aliases, notes: Notes) -> tuple[Evaluation, ...]:
    """Return every score in the value of ``model-index``."""
    if value is None:
        return ()
    return tuple(
        _evaluation(result, metric, aliases)
        for entry in _objects(value, notes)
        for result in _objects(entry.get("results"), notes)
        for metric in _objects(result.get("metrics"), notes)
    )


def _objects(value: object, notes: Notes) -> Iterator[Row]:
    """Yield the objects in a list, and note whatever else is there."""
    if value is not None and not isinstance(value, list):
        notes.add(IssueKind.WRONG_TYPE, FIELD, value)
        return
    for item in value or ():
        found = mapping(item)
        if found is not None:
            yield found
        elif item is not None:
            notes.add(IssueKind.WRONG_TYPE, FIELD, item)


def _evaluation(result: Row, metric: Row, aliases: Aliases) -> Evaluation:
    dataset = mapping(result.get("dataset")) or {}
    declared = _scalar(dataset.get("type"))
    value = metric.get("value")
    score = number(value)
    return Evaluation(
        task=_scalar((mapping(result.get("task")) or {}).get("type")),
        dataset=_dataset(declared, aliases),
        dataset_declared=declared,
        dataset_name=_scalar(dataset.get("name")),
        dataset_config=_scalar(dataset.get("config")),
        dataset_split=_scalar(dataset.get("split")),
        metric=_scalar(metric.get("type")),
        metric_name=_scalar(metric.get("name")),
        value=score,
        value_text=None if value is None or score is not None else shorten(value),
        verified=_verified(metric.get("verified")),
        source_url=_scalar((mapping(result.get("source")) or {}).get("url")),
    )


def _dataset(declared: str | None, aliases: Aliases) -> str | None:
    """Return the repository that a dataset's type names.

    A name without an owner is mostly that of an environment (``FrozenLake-v1-4x4-no_slippery``) or
    a benchmark, so only aliases count.
    """
    if declared is None:
        return None
    target = resolve_dataset(declared, aliases)
    return target.id if target.id is not None and "/" in target.id else None


def _scalar(value: object) -> str | None:
    """Return a single value as text: YAML reads a configuration named 2019 as a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return shorten(value)
    return clean(value) or None if isinstance(value, str) else None


def _verified(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
