"""The pulse of a graph: participation, worked out from its tables and its index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.licenses.facts import terms
from graph.lineage.adjacency import Bits, Steps, mask
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import FLOOR
from graph.model.arrays import Array
from graph.model.records import Gating, Kind, Relation
from graph.model.relations import MODEL_RELATIONS, TRAINING_RELATIONS
from graph.statistics.concentration import Activity, Month, participation
from graph.statistics.growth import Growth, growth
from graph.statistics.model_links import apart, model_links, months, shape_of
from graph.tables.schema import GATINGS, KINDS, Tables, codes_of, numbers_of, words_of

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
    active: Activity,
    index: LineageIndex,
    *,
    first: str | None = None,
    last: str | None = None,
    relations: Collection[Relation] = MODEL_RELATIONS,
) -> Pulse:
    """Return how remixing is shared out among owners, for the months from first to last."""
    active = along(active, relations)
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


def activity(tables: Tables, index: LineageIndex) -> Activity:
    """Return the models of a graph and the steps between them, of all relations.

    A licence that resolves to none is declared, and not known to be permissive or open.
    """
    links = apart(model_links(index))
    shape = shape_of(links, len(index))
    owner, is_ownerless = owners(tables.repositories["id"])
    is_free = _under(tables, is_open) & ~_is_gated(tables)
    names_data, has_open_data = _data(index, is_free)
    return Activity(
        month=months(index.created),
        owner=owner,
        is_ownerless=is_ownerless,
        depth=shape.depths,
        origin=shape.origins,
        is_model=index.known & (index.kinds == KINDS.index(Kind.MODEL)),
        is_licensed=_under(tables, None),
        is_permissive=_under(tables, is_permissive),
        names_data=names_data,
        has_open_data=has_open_data,
        child=links.origins,
        parent=links.ends,
        relations=links.relations,
    )


def along(active: Activity, relations: Collection[Relation]) -> Activity:
    """Return the same models with the steps of some relations only."""
    if set(relations) == set(MODEL_RELATIONS):
        return active
    chosen = (active.relations & Bits(mask(relations))) != 0
    links = Steps(active.child[chosen], active.parent[chosen], active.relations[chosen])
    shape = shape_of(links, len(active.owner))
    return active._replace(
        depth=shape.depths,
        origin=shape.origins,
        child=links.origins,
        parent=links.ends,
        relations=links.relations,
    )


def owners(ids: pa.Array | pa.ChunkedArray) -> tuple[Array, Array]:
    """Return for each id the number of its owner, and whether it has none: then it is its own.

    >>> [column.tolist() for column in owners(pa.array(["acme/a", "gpt2", "acme/b", "gpt2/x"]))]
    [[0, 1, 0, 2], [False, True, False, False]]
    """
    is_ownerless = pc.invert(pc.match_substring(ids, "/"))
    names = pc.list_element(pc.split_pattern(ids, "/", max_splits=1), 0)
    names = pc.if_else(is_ownerless, names, pc.binary_join_element_wise(names, "", "/"))
    codes = pa.chunked_array([names]) if isinstance(names, pa.Array) else names
    numbers = codes.combine_chunks().dictionary_encode().indices
    return numbers.to_numpy(), is_ownerless.to_numpy(zero_copy_only=False)


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


def _under(tables: Tables, accepts: Callable[[str], bool] | None) -> Array:
    """Tell of each repository whether it declares a licence, and all that it declares is accepted.

    What names no licence is not; without ``accepts``, whatever is declared.
    """
    owner, code = numbers_of(tables.licenses, "repository"), codes_of(tables.licenses, "license")
    found = np.zeros(len(tables), np.bool_)
    found[owner] = True
    if accepts is not None:
        accepted = [*map(accepts, words_of(tables.licenses, "license")), False]  # as UNKNOWN has it
        found[owner[~np.array(accepted, np.bool_)[code]]] = False
    return found


def _is_gated(tables: Tables) -> Array:
    """Tell of each repository whether access to it must be asked for."""
    asked = [GATINGS.index(gating) for gating in (Gating.AUTO, Gating.MANUAL)]
    return np.isin(numbers_of(tables.repositories, "gating"), asked)


def _data(index: LineageIndex, is_free: Array) -> tuple[Array, Array]:
    """Tell of each repository whether it names training data, and whether all of that is free."""
    links = index.up.steps(np.arange(len(index)), mask(TRAINING_RELATIONS))
    names = np.zeros(len(index), np.bool_)
    names[links.origins] = True
    has_free = names.copy()
    has_free[links.origins[~is_free[links.ends]]] = False
    return names, has_free
