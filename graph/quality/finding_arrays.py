"""The licence findings of a whole graph as arrays: made once, in the order in which they are read.

A finding is a row in a table of different ones; many repositories share a row. The level of one
that only informs is not kept: a verdict works it out when asked.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from graph.licenses.findings import Level
from graph.licenses.situations.stating import Found
from graph.model.arrays import Array
from graph.quality.license_findings import LEVELS
from graph.store.texts import Texts

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DifferentFindings", "collected", "finding_arrays"]

Words: TypeAlias = "Sequence[str] | pa.Array | pa.ChunkedArray"

_WORDS = ("rule", "concerns", "reason", "remedy", "relations")


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentFindings:
    """The columns of the different findings, each of which somebody has.

    ``level`` are places in ``LEVELS``, ``relations`` the words for the steps of the way in order,
    with a space between, and ``cause`` the number of the repository where it ends; -1 where there
    is no way.
    """

    rule: Words
    level: Array
    concerns: Words
    reason: Words
    remedy: Words
    confidence: Array
    relations: Words
    cause: Array


def finding_arrays(
    different: DifferentFindings, repositories: Array, rows: Array, downloads: Array
) -> dict[str, Array]:
    """Return the arrays that ``LicenseFindings`` reads.

    ``repositories`` have the findings at ``rows``, in whatever order; ``downloads`` are those of
    every repository of the graph. The order is that of a list: by level, downloads, repository,
    rule, and what is concerned.
    """
    texts, words = _encoded(different)
    order = np.lexsort(
        (
            words["concerns"][rows],
            words["rule"][rows],
            repositories,
            -downloads[repositories],
            different.level[rows],
        )
    )
    columns = words | {
        "level": different.level.astype(np.uint8),
        "confidence": different.confidence.astype(np.float64),
        "cause": different.cause.astype(np.int32),
        "offsets": texts.offsets,
        "letters": texts.letters,
        "repository": repositories[order].astype(np.int32),
        "node": rows[order].astype(np.int32),
    }
    return {f"finding_{name}": column for name, column in columns.items()}


def collected(rows: Iterable[tuple[int, Found]], downloads: Array) -> dict[str, Array]:
    """Return the arrays of findings as they come, each with the number of its repository."""
    different: dict[tuple[object, ...], int] = {}
    known: dict[int, tuple[Found, int]] = {}  # most are shared, as one object
    repositories, places = array("i"), array("i")
    for number, row in rows:
        if row.finding.level is Level.INFO:
            continue
        same = known.get(id(row))
        if same is None or same[0] is not row:
            place = different.setdefault(_columns_of(row), len(different))
            known[id(row)] = same = row, place
        repositories.append(number)
        places.append(same[1])
    columns = list(zip(*different, strict=True)) or [()] * len(fields(DifferentFindings))
    rule, level, concerns, reason, remedy, confidence, relations, cause = columns
    table = DifferentFindings(
        rule=rule,
        level=np.array(level, np.uint8),
        concerns=concerns,
        reason=reason,
        remedy=remedy,
        confidence=np.array(confidence, np.float64),
        relations=relations,
        cause=np.array(cause, np.int32),
    )
    owners, nodes = (np.frombuffer(one, np.int32) for one in (repositories, places))
    return finding_arrays(table, owners, nodes, downloads)


def _columns_of(row: Found) -> tuple[object, ...]:
    one = row.finding
    level = LEVELS.index(one.level)
    said = (one.rule, level, one.subject, one.reason, one.remedy, one.confidence)
    return (*said, row.relations, row.cause)


def _encoded(different: DifferentFindings) -> tuple[Texts, dict[str, Array]]:
    """Return all words, each once, and the numbers of those in each column."""
    import pyarrow as pa  # noqa: PLC0415 - whoever only reads does without

    columns = [pa.array(getattr(different, name), pa.string()) for name in _WORDS]
    texts, numbers = Texts.of(pa.chunked_array(columns, pa.string()))
    return texts, dict(zip(_WORDS, np.split(numbers, len(_WORDS)), strict=True))
