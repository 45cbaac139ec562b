"""The licence findings of a whole graph as arrays: made once, in the order in which they are read.

A finding is a row in a table of different ones; many repositories share a row. The level of one
that only informs is not kept: a verdict works it out when asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from graph.model.arrays import Array
from graph.store.texts import Texts

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DifferentFindings", "finding_arrays"]

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


def _encoded(different: DifferentFindings) -> tuple[Texts, dict[str, Array]]:
    """Return all words, each once, and the numbers of those in each column."""
    import pyarrow as pa  # noqa: PLC0415 - whoever only reads does without

    columns = [pa.array(getattr(different, name), pa.string()) for name in _WORDS]
    texts, numbers = Texts.of(pa.chunked_array(columns, pa.string()))
    return texts, dict(zip(_WORDS, np.split(numbers, len(_WORDS)), strict=True))
