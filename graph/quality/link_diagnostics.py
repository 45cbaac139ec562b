"""What is wrong with the links of a lineage, as columns.

This is the one definition of each of these faults: the report, the command line and the triples
that questions ask for (``lineage_problems``) all come from here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graph.lineage.adjacency import BITS, Bits, Steps, mask
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import younger_parents
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS, TYPED_RELATIONS
from graph.quality.checks import Check
from graph.quality.diagnostics import Diagnostics
from graph.tables.schema import Tables, dates_of

__all__ = ["chosen", "cyclic_links", "link_diagnostics"]

_COPYING = (Relation.QUANTIZED, Relation.ADAPTER)
_BUILDING = (Relation.FINETUNE, Relation.MERGE)


def link_diagnostics(tables: Tables, index: LineageIndex) -> dict[Check, Diagnostics]:
    """Return what is wrong with links, by check."""
    everyone = np.arange(len(index))
    links = index.up.steps(everyone, mask(DERIVATIONS))
    found = {name: chosen(links, is_odd(index, links)) for name, is_odd in _ODD_LINKS.items()}
    younger = younger_parents(index, everyone)
    is_recreated = _are_recreated(tables, index, younger)
    found[Check.TIME_PARADOX] = chosen(younger, ~is_recreated)
    found[Check.RECREATED_PARENT] = chosen(younger, is_recreated)
    return {
        **{name: Diagnostics.of_links(index, odd) for name, odd in found.items()},
        Check.CYCLE: _cycles(index),
        Check.BUILT_ON_COPY: _built_on_copies(index, links),
    }


def cyclic_links(index: LineageIndex, members: Array) -> Steps:
    """Return the links of members of cycles that lead to another of the same cycle."""
    links = index.up.steps(members, mask(DERIVATIONS))
    together = index.components[links.origins] == index.components[links.ends]
    return chosen(links, together & (links.origins != links.ends))


def chosen(links: Steps, which: Array) -> Steps:
    """Return some of the links."""
    return Steps(*(column[which] for column in links))


def _is_self_loop(_: LineageIndex, links: Steps) -> Array:
    same: Array = links.origins == links.ends
    return same


def _has_several_relations(_: LineageIndex, links: Steps) -> Array:
    typed = links.relations & mask(TYPED_RELATIONS)
    several: Array = typed & (typed - 1) != 0
    return several


def _is_untyped(_: LineageIndex, links: Steps) -> Array:
    """Tell of links that say nothing of how; what names itself is at fault for that alone."""
    untyped = links.relations & mask(TYPED_RELATIONS) == 0
    untyped &= links.relations & BITS[Relation.UNSPECIFIED] != 0
    other: Array = untyped & (links.origins != links.ends)
    return other


def _is_dangling(index: LineageIndex, links: Steps) -> Array:
    unknown: Array = ~index.known[links.ends]
    return unknown


_ODD_LINKS: dict[Check, Callable[[LineageIndex, Steps], Array]] = {
    Check.SELF_LOOP: _is_self_loop,
    Check.SEVERAL_RELATIONS: _has_several_relations,
    Check.UNTYPED_RELATION: _is_untyped,
    Check.DANGLING_PARENT: _is_dangling,
}


def _cycles(index: LineageIndex) -> Diagnostics:
    """Find the groups of repositories that descend from one another; the first stands for all."""
    groups = index.components
    joined = np.flatnonzero(groups != np.arange(len(groups)))
    joined = joined[np.argsort(groups[joined], kind="stable")]
    firsts = distinct(groups[joined])
    starts = np.searchsorted(groups[joined], np.append(firsts, len(groups)))
    downloads = index.downloads[firsts]
    if len(joined):
        others = np.maximum.reduceat(index.downloads[joined], starts[:-1])
        downloads = np.maximum(downloads, others)
    none = np.zeros(len(firsts), index.up.relations.dtype)
    return Diagnostics.of_groups(firsts, starts, joined, none, downloads)


def _built_on_copies(index: LineageIndex, links: Steps) -> Diagnostics:
    """Find repositories that are said to be copies, and yet others were made from them."""
    made = np.zeros(len(index), Bits)
    np.bitwise_or.at(made, links.origins, links.relations)
    copies = np.flatnonzero((made != 0) & (made & ~Bits(mask(_COPYING)) == 0))
    built = index.down.steps(copies, mask(_BUILDING))
    order = np.lexsort((built.ends, -index.downloads[built.ends], built.origins))
    origins, children, _ = (column[order] for column in built)
    firsts = distinct(origins)
    starts = np.searchsorted(origins, np.append(firsts, len(index)))
    return Diagnostics.of_groups(firsts, starts, children, made[firsts], index.downloads[firsts])


def _are_recreated(tables: Tables, index: LineageIndex, links: Steps) -> Array:
    """Tell of children that are older than their parent which were last changed before it, too.

    Then the parent's name must have been registered again since; else the child may just have been
    uploaded first.
    """
    modified = dates_of(tables.repositories, "modified")
    recreated: Array = modified[links.origins] < index.created[links.ends]
    return recreated
