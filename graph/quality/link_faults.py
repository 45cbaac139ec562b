"""What the links of a lineage alone tell of its faults, as columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyoxigraph as ox

from graph.lineage.adjacency import BITS, Bits, Steps, mask
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import younger_parents
from graph.model import vocabulary as v
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS, TYPED_RELATIONS
from graph.quality.checks import Check
from graph.quality.findings import Findings

__all__ = ["link_faults"]

_COPYING = (Relation.QUANTIZED, Relation.ADAPTER)
_BUILDING = (Relation.FINETUNE, Relation.MERGE)


def link_faults(store: ox.Store, index: LineageIndex, nodes: Array) -> dict[Check, Findings]:
    """Return what is wrong with the links of some nodes, by check."""
    links = index.up.steps(nodes, mask(DERIVATIONS))
    found = {
        name: Findings.of_links(index, kept(links, is_odd(index, links)))
        for name, is_odd in _ODD_LINKS.items()
    }
    found[Check.CYCLE] = _cycles(index, nodes)
    found[Check.BUILT_ON_COPY] = _built_on_copies(index, nodes, links)
    younger = younger_parents(index, nodes)
    is_recreated = _are_recreated(store, index, younger)
    found[Check.TIME_PARADOX] = Findings.of_links(index, kept(younger, ~is_recreated))
    found[Check.RECREATED_PARENT] = Findings.of_links(index, kept(younger, is_recreated))
    return found


def kept(links: Steps, which: Array) -> Steps:
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
    untyped = links.relations == BITS[Relation.UNSPECIFIED]
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


def _cycles(index: LineageIndex, nodes: Array) -> Findings:
    """Find the groups of repositories that descend from one another; the first stands for all."""
    groups = index.components
    joined = np.flatnonzero(groups != np.arange(len(groups)))
    joined = joined[np.isin(groups[joined], groups[nodes])]
    joined = joined[np.argsort(groups[joined], kind="stable")]
    firsts = distinct(groups[joined])
    starts = np.searchsorted(groups[joined], np.append(firsts, len(groups)))
    downloads = index.downloads[firsts]
    if len(joined):
        others = np.maximum.reduceat(index.downloads[joined], starts[:-1])
        downloads = np.maximum(downloads, others)
    return Findings.of_groups(firsts, starts, joined, np.zeros(len(firsts), Bits), downloads)


def _built_on_copies(index: LineageIndex, nodes: Array, links: Steps) -> Findings:
    """Find repositories that are said to be copies, and yet others were made from them."""
    made = np.zeros(len(index), Bits)
    np.bitwise_or.at(made, links.origins, links.relations)
    copies = nodes[(made[nodes] != 0) & (made[nodes] & ~Bits(mask(_COPYING)) == 0)]
    built = index.down.steps(copies, mask(_BUILDING))
    order = np.lexsort((built.ends, -index.downloads[built.ends], built.origins))
    origins, children, _ = (column[order] for column in built)
    firsts = distinct(origins)
    starts = np.searchsorted(origins, np.append(firsts, len(index)))
    return Findings.of_groups(firsts, starts, children, made[firsts], index.downloads[firsts])


def _are_recreated(store: ox.Store, index: LineageIndex, links: Steps) -> Array:
    """Tell of children that are older than their parent which were last changed before it, too.

    Then the parent's name must have been registered again since; else the child may just have been
    uploaded first.
    """
    made = [f"{date}Z" for date in index.created[links.ends]]
    children = index.nodes(links.origins)
    return np.array(
        [
            any(date < parent for date in _modified(store, child.iri))
            for child, parent in zip(children, made, strict=True)
        ],
        np.bool_,
    )


def _modified(store: ox.Store, iri: str) -> list[str]:
    pattern = ox.NamedNode(iri), ox.NamedNode(v.DCTERMS.modified), None, ox.DefaultGraph()
    return [quad.object.value for quad in store.quads_for_pattern(*pattern)]  # type: ignore[union-attr]
