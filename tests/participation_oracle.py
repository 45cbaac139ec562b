"""A second opinion on participation: the definitions of docs/statistics.md, in the plainest Python.

Nothing of the project is used. Models are given as they were read, one after the other; the
licences that count as permissive and as open are listed here again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import networkx as nx

FLOOR = "2022-03-02T23:29:05"

_PERMISSIVE = """
apache-2.0 mit afl-3.0 artistic-2.0 bsl-1.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear cc0-1.0
cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0
etalab-2.0 isc odc-by openmdw-1.0 postgresql ncsa unlicense zlib pddl
"""
_SHARE_ALIKE = """
bsd cc-by-sa-3.0 cc-by-sa-4.0 cdla-sharing-1.0 epl-1.0 epl-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl
gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 lppl-1.3c ms-pl mpl-2.0 odbl osl-3.0 ofl-1.1 lgpl-lr
"""
PERMISSIVE = frozenset(_PERMISSIVE.split())
OPEN = PERMISSIVE | frozenset(_SHARE_ALIKE.split())


class Made(NamedTuple):
    """A model: what it was made from, the licences that it declares, the data that it names."""

    id: str
    created: str | None
    parents: Collection[str] = ()
    licenses: Collection[str] = ()
    data: Collection[str] = ()


class Shape(NamedTuple):
    """The longest line of descent of each id, a cycle taken as one; and its nearest root."""

    depths: dict[str, int]
    origins: dict[str, str]


def pulse(made: Iterable[Made], open_data: Collection[str] = ()) -> dict[str | None, Any]:
    """Return the figures of each month, and under None those of all months."""
    models = list(made)
    shape = _shape(models)
    by_month: dict[str | None, list[Made]] = {}
    for one in models:
        if one.created and one.created[:19] > FLOOR:
            by_month.setdefault(one.created[:7], []).append(one)
    by_month[None] = [one for some in by_month.values() for one in some]
    return {month: _figures(some, shape, open_data) for month, some in by_month.items()}


def without_a_month(made: Iterable[Made]) -> dict[str, int]:
    """Return how many models and steps have no month, and why."""
    counts = dict.fromkeys(("floor", "floor_steps", "undated", "undated_steps"), 0)
    for one in made:
        if one.created is None or one.created[:19] <= FLOOR:
            reason = "floor" if one.created else "undated"
            counts[reason] += 1
            counts[f"{reason}_steps"] += len(set(one.parents) - {one.id})
    return counts


def _figures(made: list[Made], shape: Shape, open_data: Collection[str]) -> dict[str, Any]:
    steps = [(one.id, parent) for one in made for parent in set(one.parents) - {one.id}]
    derivatives = {child for child, _ in steps}
    crossing = [step for step in steps if _owner(step[0]) != _owner(step[1])]
    licensed = [one for one in made if one.licenses]
    naming = [one for one in made if one.data]
    return {
        "models": len(made),
        "derivatives": len(derivatives),
        "derivative_share": _share(len(derivatives), len(made)),
        "remixers": len({_owner(child) for child in derivatives}),
        "bases": _concentration([_owner(parent) for _, parent in steps]),
        "crossing": _concentration([_owner(parent) for _, parent in crossing]),
        "origins": _concentration(
            [_owner(shape.origins[one]) for one in derivatives & shape.origins.keys()]
        ),
        "cross_owner": _share(len(crossing), len(steps)),
        "ownerless": _share(sum("/" not in parent for _, parent in steps), len(steps)),
        "licensed": len(licensed),
        "permissive": _share(sum(set(m.licenses) <= PERMISSIVE for m in licensed), len(licensed)),
        "naming_data": len(naming),
        "open_data": _share(sum(set(m.data) <= set(open_data) for m in naming), len(naming)),
        "mean_depth": _share(sum(shape.depths[one] for one in derivatives), len(derivatives)),
        "greatest_depth": max((shape.depths[one] for one in derivatives), default=0),
        "second_hand": _share(sum(shape.depths[one] > 1 for one in derivatives), len(derivatives)),
    }


def _concentration(owners: list[str]) -> dict[str, Any]:
    counts = [count for _, count in Counter(owners).most_common()]
    total = len(owners)
    herfindahl = sum((count / total) ** 2 for count in counts)
    return {
        "total": total,
        "owners": len(counts),
        "top_1": _share(sum(counts[:1]), total),
        "top_5": _share(sum(counts[:5]), total),
        "top_10": _share(sum(counts[:10]), total),
        "herfindahl": herfindahl or None,
        "effective_owners": 1 / herfindahl if total else None,
    }


def _owner(id_: str) -> str:
    """Return the owner with its slash, so that a name without one is nobody else's."""
    return id_[: id_.index("/") + 1] if "/" in id_ else id_


def _shape(made: list[Made]) -> Shape:
    lineage = nx.DiGraph([(m.id, parent) for m in made for parent in m.parents if parent != m.id])
    lineage.add_nodes_from(one.id for one in made)
    condensed = nx.condensation(lineage)
    depth: dict[int, int] = {}
    for group in reversed(list(nx.topological_sort(condensed))):
        depth[group] = max((depth[above] + 1 for above in condensed[group]), default=0)
    depths = {name: depth[group] for name, group in condensed.graph["mapping"].items()}
    origins = {name: root for name in lineage if (root := _nearest_root(lineage, name))}
    return Shape(depths, origins)


def _nearest_root(lineage: nx.DiGraph[str], name: str) -> str | None:
    """Walk up level by level, until some have no parent; return the first of these."""
    seen = level = {name}
    while level:
        if roots := [one for one in level if not lineage.out_degree(one)]:
            return min(roots)
        level = {parent for one in level for parent in lineage[one]} - seen
        seen |= level
    return None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
