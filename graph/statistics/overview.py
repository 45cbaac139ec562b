"""What a graph holds, at a glance: counts and dates that take no more than the index.

The words are those of ``graph.statistics.counts``: a step joins two different models, a family is
what steps connect.
"""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np

from graph.licenses.classes import LICENSE_CLASSES, class_of_keys
from graph.lineage.components import weak_components
from graph.lineage.index import LineageIndex
from graph.model.records import Kind
from graph.statistics.growth import Growth, growth
from graph.statistics.model_links import apart, model_links
from graph.tables.schema import KINDS, UNKNOWN

__all__ = ["Overview", "overview"]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over the models of a graph, and how it grew.

    ``licensed`` are those whose declared licence is known; ``classes`` has how many models there
    are of each class of licence, in the order of the legend; ``newest`` is the day on which the
    youngest repository was created.
    """

    models: int
    licensed: int
    steps: int
    families: int
    classes: dict[str, int]
    newest: str | None
    months: list[Growth]


def overview(index: LineageIndex) -> Overview:
    """Return what the graph of an index holds."""
    links = apart(model_links(index))
    sizes = np.bincount(weak_components(links, len(index)))
    codes = index.licenses[index.known & (index.kinds == KINDS.index(Kind.MODEL))]
    created = index.created[index.known & ~np.isnat(index.created)]
    return Overview(
        models=len(codes),
        licensed=int(np.count_nonzero(codes != UNKNOWN)),
        steps=len(links.origins),
        families=int(np.count_nonzero(sizes > 1)),
        classes=_classes(index.manifest.licenses, np.bincount(codes + 1).tolist()),
        newest=str(created.max().astype("datetime64[D]")) if len(created) else None,
        months=growth(index),
    )


def _classes(combinations: tuple[str, ...], counts: list[int]) -> dict[str, int]:
    """Return the number of models of each class; the first count is of those without a licence."""
    found = Counter[str]()
    for keys, count in zip((None, *combinations), counts, strict=False):
        found[class_of_keys(keys).key] += count
    return {one.key: found[one.key] for one in LICENSE_CLASSES}
