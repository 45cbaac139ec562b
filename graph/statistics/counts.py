"""What a graph holds, in numbers.

The definitions, for whoever compares them with other counts:

- an *edge* is a distinct (child, parent, relation) between models, the untyped twin of a typed
  tag not counted; ``total`` counts distinct (child, parent) pairs;
- ``hub_edges`` are those whose relation the Hub itself states, in a typed tag or ``baseModels``;
  what only a card says is in ``edges``, too;
- a *dangling* edge has a parent that the graph only knows by name;
- a *root* has a child other than itself, and no parent but itself; roots that are only known by
  name count;
- a *family* is a weakly connected component of two or more repositories;
- a *cycle* is a strongly connected component of two or more (self-loops are counted apart);
- the *longest chain* counts the steps of the longest line of descent, a cycle taken as one.

The rest, and what to beware of, is in docs/statistics.md.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

import numpy as np

from graph import lineage
from graph.lineage.adjacency import Steps, mask
from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.arrays import distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS, MODEL_RELATIONS, TYPED_RELATIONS
from graph.statistics.distributions import Value, change_rate, distribution, shares, unknown_ends
from graph.statistics.model_links import apart, has_relation, model_links, months, shape_of
from graph.store.builds import GraphInfo
from graph.store.lineage_graph import LineageGraph
from graph.tables.codes import UNKNOWN
from graph.tables.columns import read_columns
from graph.tables.declarations import read_declared

__all__ = ["Statistics", "statistics"]

_UNDERIVED = tuple(relation for relation in Relation if not relation.is_derivation)
_OF_DATASETS = tuple(one for one in DERIVATIONS if one not in MODEL_RELATIONS)

Statistics: TypeAlias = dict[str, Value]


def statistics(graph: LineageGraph) -> Statistics:
    """Return the counts of a graph, under the names of the command line's contract."""
    index = lineage.of(graph)
    links = model_links(index)
    licenses = _licenses(index)
    return {
        **_repository_counts(graph.info),
        "references": _count(graph, v.REMIX.RepositoryReference),
        "licenses": len(licenses),
        **_edges(graph, index, links),
        **_shape(links, len(index)),
        **_declared(graph, index, links),
        "issues": _count(graph, v.REMIX.Issue),
        "by_license": dict(licenses),
        "triples": len(graph.store),
    }


def _repository_counts(info: GraphInfo) -> Statistics:
    return {"models": info.models, "datasets": info.datasets, "spaces": info.spaces}


def _edges(graph: LineageGraph, index: LineageIndex, links: Steps) -> Statistics:
    by_relation: dict[str, int] = {
        relation.value: int(np.count_nonzero(has_relation(links, relation)))
        for relation in MODEL_RELATIONS
    }
    is_unknown = ~index.known[links.ends]
    return {
        "edges": by_relation | {"total": len(links.origins)},
        "shares": shares(by_relation),
        "hub_edges": _hub_edges(graph),
        **{relation.value: _links(index, relation) for relation in _UNDERIVED},
        "dataset_edges": {relation.value: _links(index, relation) for relation in _OF_DATASETS},
        "dangling_edges": int(np.count_nonzero(is_unknown)),
        "unknown_ends": unknown_ends(months(index.created[links.origins]), is_unknown),
    }


def _hub_edges(graph: LineageGraph) -> Statistics:
    """Count the edges of each typed relation that the Hub states."""
    (found,) = read_columns(graph.store, ["hub_edges"])
    counts = dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    return {one.value: int(counts.get(v.relation_iri(one), 0)) for one in TYPED_RELATIONS}


def _shape(links: Steps, count: int) -> Statistics:
    shape = shape_of(links, count)
    parents, children = (np.bincount(ends) for ends in (links.origins, apart(links).ends))
    return {
        "self_loops": int(np.count_nonzero(links.origins == links.ends)),
        "cycles": len(shape.cycles),
        "multi_parent": int(np.count_nonzero(parents > 1)),
        "roots": len(shape.roots),
        "families": len(shape.families),
        "largest_family": int(shape.families.max(initial=0)),
        "longest_chain": int(shape.depths.max(initial=0)),
        "depths": distribution(shape.depths[shape.members]),
        "fan_out": distribution(children[children > 0]),
        "family_sizes": distribution(shape.families),
    }


def _declared(graph: LineageGraph, index: LineageIndex, links: Steps) -> Statistics:
    """Return how often a finetune declares something else than what it was made from."""
    different = apart(links)
    chosen = has_relation(different, Relation.FINETUNE)
    finetunes = Steps(*(column[chosen] for column in different))
    ends = distinct(np.concatenate([finetunes.origins, finetunes.ends]))
    declared = read_declared(graph.store, index, ends)
    return {
        "finetune_changes": {
            name: change_rate(finetunes, words, len(index))
            for name, words in declared._asdict().items()
        }
    }


def _licenses(index: LineageIndex) -> list[tuple[str, int]]:
    """Return the licences that declarations resolve to, each with its number of repositories."""
    codes = index.licenses[index.licenses != UNKNOWN]
    counts = Counter[str]()
    for code, count in enumerate(np.bincount(codes).tolist()):
        for key in index.manifest.licenses[code].split(", "):
            counts[key] += count
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def _links(index: LineageIndex, relation: Relation) -> int:
    return len(index.up.steps(np.arange(len(index)), mask([relation])).origins)


def _count(graph: LineageGraph, class_: str) -> int:
    return sum(1 for _ in graph.subjects(v.RDF.type, class_))
