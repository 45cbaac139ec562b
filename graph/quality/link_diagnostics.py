"""What is wrong with the links of a lineage, as columns.

This is the one definition of each of these checks: the report, the command line and the triples
that questions ask for (``lineage_problems``) all come from here.
"""

from __future__ import annotations

import numpy as np

from graph.lineage.adjacency import BITS, Bits, Steps, mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS, TYPED_RELATIONS
from graph.quality.diagnostics import Diagnostics, Instance, relations
from graph.quality.examined import Examined, chosen
from graph.tables.schema import dates_of

__all__ = [
    "built_on_copies",
    "cycles",
    "cyclic_links",
    "dangling_parents",
    "dates",
    "made_from_it",
    "members",
    "recreated_parents",
    "self_loops",
    "several_relations",
    "time_paradoxes",
    "untyped_relations",
]

_COPYING = (Relation.QUANTIZED, Relation.ADAPTER)
_BUILDING = (Relation.FINETUNE, Relation.MERGE)


def self_loops(graph: Examined) -> Diagnostics:
    """Find links from a repository to itself."""
    links = graph.links
    return _of(graph, links, links.origins == links.ends)


def several_relations(graph: Examined) -> Diagnostics:
    """Find links that say in two ways how the child was made."""
    typed = graph.links.relations & mask(TYPED_RELATIONS)
    return _of(graph, graph.links, typed & (typed - 1) != 0)


def untyped_relations(graph: Examined) -> Diagnostics:
    """Find links that say nothing of how; what names itself is at fault for that alone."""
    links = graph.links
    untyped = links.relations & mask(TYPED_RELATIONS) == 0
    untyped &= links.relations & BITS[Relation.UNSPECIFIED] != 0
    return _of(graph, links, untyped & (links.origins != links.ends))


def dangling_parents(graph: Examined) -> Diagnostics:
    """Find links to parents that are only named."""
    return _of(graph, graph.links, ~graph.index.known[graph.links.ends])


def time_paradoxes(graph: Examined) -> Diagnostics:
    """Find children that were created before their parent, though perhaps only uploaded first."""
    return _of(graph, graph.younger_parents, ~_are_recreated(graph))


def recreated_parents(graph: Examined) -> Diagnostics:
    """Find children that were created, and last changed, before their parent.

    Then the parent's name must have been registered again since.
    """
    return _of(graph, graph.younger_parents, _are_recreated(graph))


def cycles(graph: Examined) -> Diagnostics:
    """Find the groups of repositories that descend from one another; the first stands for all."""
    index = graph.index
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


def built_on_copies(graph: Examined) -> Diagnostics:
    """Find repositories that are said to be copies, and yet others were made from them."""
    index, links = graph.index, graph.links
    made = np.zeros(len(index), Bits)
    np.bitwise_or.at(made, links.origins, links.relations)
    copies = np.flatnonzero((made != 0) & (made & ~Bits(mask(_COPYING)) == 0))
    built = index.down.steps(copies, mask(_BUILDING))
    order = np.lexsort((built.ends, -index.downloads[built.ends], built.origins))
    origins, children, _ = (column[order] for column in built)
    firsts = distinct(origins)
    starts = np.searchsorted(origins, np.append(firsts, len(index)))
    return Diagnostics.of_groups(firsts, starts, children, made[firsts], index.downloads[firsts])


def dates(one: Instance) -> str:
    """Tell when the two ends of a link were created."""
    born, made = one.index.created_of(one.number), one.index.created_of(int(one.others[0]))
    return f"created {born}, its parent {made}"


def members(one: Instance) -> str:
    """Tell how many a cycle joins."""
    return f"{len(one.others) + 1} repositories descend from one another"


def made_from_it(one: Instance) -> str:
    """Tell how a copy was made, and how many were made from it."""
    return f"{relations(one)}, yet {len(one.others)} made from it otherwise"


def cyclic_links(index: LineageIndex, members: Array) -> Steps:
    """Return the links of members of cycles that lead to another of the same cycle."""
    links = index.up.steps(members, mask(DERIVATIONS))
    together = index.components[links.origins] == index.components[links.ends]
    return chosen(links, together & (links.origins != links.ends))


def _of(graph: Examined, links: Steps, which: Array) -> Diagnostics:
    return Diagnostics.of_links(graph.index, chosen(links, which))


def _are_recreated(graph: Examined) -> Array:
    links = graph.younger_parents
    modified = dates_of(graph.tables.repositories, "modified")
    recreated: Array = modified[links.origins] < graph.index.created[links.ends]
    return recreated
