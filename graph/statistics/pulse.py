"""The pulse of a graph: participation, worked out from what its index and its store hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

import msgspec
import numpy as np

from graph import lineage
from graph.licenses.facts import terms
from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import FLOOR
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Gating, Kind, Relation
from graph.model.relations import MODEL_RELATIONS, TRAINING_RELATIONS
from graph.statistics.concentration import Activity, Month, participation
from graph.statistics.growth import Growth, growth
from graph.statistics.model_links import apart, model_links, months, shape_of
from graph.store.lineage_graph import LineageGraph
from graph.tables.codes import KINDS, UNKNOWN
from graph.tables.columns import read_columns

__all__ = [
    "FEW_STEPS",
    "Pulse",
    "activity",
    "along",
    "is_open",
    "is_permissive",
    "months_to_compare",
    "owners",
    "pulse",
    "pulse_of",
]

FEW_STEPS = 50
"""With fewer steps in a month its shares are told of few, and say little."""


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """Participation by month and over all these months, what grew, and what has no month.

    ``floor`` and ``undated`` count the models of the Hub's first date and those without a date,
    ``floor_steps`` and ``undated_steps`` the steps that lead from them.
    """

    relations: tuple[Relation, ...]
    months: list[Month]
    total: Month
    growth: list[Growth]
    floor: int
    floor_steps: int
    undated: int
    undated_steps: int


def pulse(
    graph: LineageGraph,
    *,
    first: str | None = None,
    last: str | None = None,
    relations: Collection[Relation] = MODEL_RELATIONS,
) -> Pulse:
    """Return how remixing is shared out among owners, for the months from first to last."""
    index = lineage.of(graph)
    active = along(activity(graph, index), index, relations)
    return pulse_of(active, index, first=first, last=last, relations=relations)


def pulse_of(
    active: Activity,
    index: LineageIndex,
    *,
    first: str | None = None,
    last: str | None = None,
    relations: Collection[Relation] = MODEL_RELATIONS,
) -> Pulse:
    """Return the pulse of what was active along these relations."""
    *rows, total = participation(active, first=first, last=last)
    grown = growth(index, relations)
    floor, undated = index.created <= FLOOR, np.isnat(index.created)
    return Pulse(
        relations=tuple(relation for relation in MODEL_RELATIONS if relation in relations),
        months=rows,
        total=total,
        growth=[one for one in grown if (first or "") <= one.month <= (last or one.month)],
        floor=int(np.count_nonzero(floor & active.is_model)),
        floor_steps=int(np.count_nonzero(floor[active.child])),
        undated=int(np.count_nonzero(undated & active.is_model)),
        undated_steps=int(np.count_nonzero(undated[active.child])),
    )


def months_to_compare(
    rows: Iterable[Month], *, last: str | None = None
) -> tuple[Month | None, Month | None]:
    """Return the latest month of some weight, up to the last, and the same one a year before.

    The newest of all rows is taken for unfinished. None stands for a month of few steps, too.
    """
    complete = [row for row in list(rows)[:-1] if row.bases.total >= FEW_STEPS]
    weighty = {row.month: row for row in complete if row.month is not None}
    latest = max((month for month in weighty if last is None or month <= last), default=None)
    if latest is None:
        return None, None
    return weighty[latest], weighty.get(f"{int(latest[:4]) - 1:04}{latest[4:]}")


def activity(graph: LineageGraph, index: LineageIndex) -> Activity:
    """Return the models of a graph and the steps between them, of all relations.

    A licence that resolves to none is declared, and not known to be permissive or open.
    """
    links = apart(model_links(index))
    shape = shape_of(links, len(index))
    owner, is_ownerless = owners(index.each_id())
    unclear = _among(index, _unresolved(graph))
    is_free = _under(index, is_open) & ~unclear & ~_among(index, _gated(graph))
    names_data, has_open_data = _data(index, is_free)
    return Activity(
        month=months(index.created),
        owner=owner,
        is_ownerless=is_ownerless,
        depth=shape.depths,
        origin=shape.origins,
        is_model=index.known & (index.kinds == KINDS.index(Kind.MODEL)),
        is_licensed=unclear | (index.licenses != UNKNOWN),
        is_permissive=_under(index, is_permissive) & ~unclear,
        names_data=names_data,
        has_open_data=has_open_data,
        child=links.origins,
        parent=links.ends,
    )


def along(active: Activity, index: LineageIndex, relations: Collection[Relation]) -> Activity:
    """Return the same models with the steps of some relations only."""
    if set(relations) == set(MODEL_RELATIONS):
        return active
    links = apart(model_links(index, mask(relations)))
    shape = shape_of(links, len(index))
    return replace(
        active, depth=shape.depths, origin=shape.origins, child=links.origins, parent=links.ends
    )


def owners(ids: Iterable[str]) -> tuple[Array, Array]:
    """Return for each id the number of its owner, and whether it has none: then it is its own.

    >>> [column.tolist() for column in owners(["acme/a", "gpt2", "acme/b", "gpt2/x"])]
    [[0, 1, 0, 2], [False, True, False, False]]
    """
    numbers = defaultdict[str, int](int)
    numbers.default_factory = numbers.__len__  # a new owner gets the next number
    names = (id_[: id_.find("/") + 1] or id_ for id_ in ids)  # an owner keeps the slash
    codes = np.fromiter((numbers[name] for name in names), np.int64)
    is_ownerless = np.array(["/" not in name for name in numbers], np.bool_)
    return codes, is_ownerless[codes]


def is_permissive(key: str) -> bool:
    """Tell whether a licence asks for no more than its text and notices to be kept."""
    return terms(key).is_permissive


def is_open(key: str) -> bool:
    """Tell whether a licence lets everyone use, change and share for any purpose.

    Attribution and share-alike may be asked for, as in the Open Definition.

    >>> is_open("cc-by-sa-4.0"), is_open("cc-by-nc-4.0")
    (True, False)
    """
    said = terms(key)
    restricts = said.no_derivatives or said.use_restrictions or said.flow
    return said.commercial == "permitted" and not restricts


def _under(index: LineageIndex, accepts: Callable[[str], bool]) -> Array:
    """Tell of each repository whether it resolves to licences, and all of them are accepted."""
    combinations = index.manifest.licenses
    accepted = [all(map(accepts, keys.split(", "))) for keys in combinations]
    return np.array([*accepted, False], np.bool_)[index.licenses]  # the last is for UNKNOWN


def _data(index: LineageIndex, is_free: Array) -> tuple[Array, Array]:
    """Tell of each repository whether it names training data, and whether all of that is free."""
    links = index.up.steps(np.arange(len(index)), mask(TRAINING_RELATIONS))
    names = np.zeros(len(index), np.bool_)
    names[links.origins] = True
    has_free = names.copy()
    has_free[links.origins[~is_free[links.ends]]] = False
    return names, has_free


def _unresolved(graph: LineageGraph) -> Iterable[str]:
    """Return the repositories with a declared licence that resolves to none."""
    (found,) = read_columns(graph.store, ["unresolved"])
    subjects: list[str] = found["repository"].to_pylist()
    return subjects


def _gated(graph: LineageGraph) -> Iterator[str]:
    """Yield the repositories to which access must be asked for."""
    for gating in (Gating.AUTO, Gating.MANUAL):
        yield from graph.subjects(v.REMIX.gated, v.gating_iri(gating))


def _among(index: LineageIndex, iris: Iterable[str]) -> Array:
    """Tell of each repository whether it is one of these."""
    found = np.zeros(len(index), np.bool_)
    numbers = map(index.number, set(iris))
    found[[number for number in numbers if number is not None]] = True
    return found
