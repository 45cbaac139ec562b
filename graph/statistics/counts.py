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

from typing import TypeAlias

import numpy as np

from graph.lineage.adjacency import Steps, mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import distinct
from graph.model.records import ClaimSource, Kind, Relation
from graph.model.relations import DERIVATIONS, MODEL_RELATIONS, TYPED_RELATIONS
from graph.statistics.declared import declared
from graph.statistics.distributions import Value, change_rate, distribution, shares, unknown_ends
from graph.statistics.model_links import apart, has_relation, model_links, months, shape_of
from graph.tables.schema import (
    KINDS,
    RELATIONS,
    SOURCES,
    UNKNOWN,
    Tables,
    codes_of,
    flags_of,
    numbers_of,
    words_of,
)

__all__ = ["Statistics", "statistics"]

Statistics: TypeAlias = dict[str, Value]


_UNDERIVED = tuple(relation for relation in Relation if not relation.is_derivation)
_OF_DATASETS = tuple(one for one in DERIVATIONS if one not in MODEL_RELATIONS)


def statistics(tables: Tables, index: LineageIndex, *, triples: int) -> Statistics:
    """Return the counts of a graph of so many triples, by the names of the command line."""
    links = model_links(index)
    licenses = _licenses(tables)
    return {
        **_repositories(tables),
        "licenses": len(licenses),
        **_edges(tables, index, links),
        **_shape(links, len(index)),
        **_changes(tables, links),
        "issues": len(tables.issues),
        "by_license": dict(licenses),
        "triples": triples,
    }


def _repositories(tables: Tables) -> Statistics:
    """Count what is held, by kind, and what is only named."""
    known = flags_of(tables.repositories, "known")
    kinds = numbers_of(tables.repositories, "kind")[known]
    counts = np.bincount(kinds, minlength=len(KINDS)).tolist()
    held = {f"{kind}s": counts[KINDS.index(kind)] for kind in Kind}
    return {**held, "references": len(known) - len(kinds)}


def _edges(tables: Tables, index: LineageIndex, links: Steps) -> Statistics:
    by_relation: dict[str, int] = {
        relation.value: int(np.count_nonzero(has_relation(links, relation)))
        for relation in MODEL_RELATIONS
    }
    is_unknown = ~index.known[links.ends]
    return {
        "edges": by_relation | {"total": len(links.origins)},
        "shares": shares(by_relation),
        "hub_edges": _hub_edges(tables),
        **{relation.value: _links(index, relation) for relation in _UNDERIVED},
        "dataset_edges": {relation.value: _links(index, relation) for relation in _OF_DATASETS},
        "dangling_edges": int(np.count_nonzero(is_unknown)),
        "unknown_ends": unknown_ends(months(index.created[links.origins]), is_unknown),
    }


def _hub_edges(tables: Tables) -> Statistics:
    """Count the edges of each typed relation that the Hub states."""
    relations, parents, sources = (
        numbers_of(tables.derivations, name) for name in ("relation", "parent", "sources")
    )
    stated = (parents != UNKNOWN) & (sources & (1 << SOURCES.index(ClaimSource.HUB)) != 0)
    counts = np.bincount(relations[stated], minlength=len(RELATIONS)).tolist()
    return {one.value: counts[RELATIONS.index(one)] for one in TYPED_RELATIONS}


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


def _changes(tables: Tables, links: Steps) -> Statistics:
    """Return how often a finetune declares something else than what it was made from."""
    different = apart(links)
    chosen = has_relation(different, Relation.FINETUNE)
    finetunes = Steps(*(column[chosen] for column in different))
    return {
        "finetune_changes": {
            name: change_rate(finetunes, words, len(tables))
            for name, words in declared(tables)._asdict().items()
        }
    }


def _licenses(tables: Tables) -> list[tuple[str, int]]:
    """Return the licences that declarations resolve to, each with its number of repositories."""
    codes, words = codes_of(tables.licenses, "license"), words_of(tables.licenses, "license")
    resolved = codes != UNKNOWN
    many = max(1, len(words))
    owners = numbers_of(tables.licenses, "repository")[resolved].astype(np.int64)
    counts = np.bincount(distinct(owners * many + codes[resolved]) % many, minlength=len(words))
    found = zip(words, counts.tolist(), strict=True)
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _links(index: LineageIndex, relation: Relation) -> int:
    return len(index.up.steps(np.arange(len(index)), mask([relation])).origins)
