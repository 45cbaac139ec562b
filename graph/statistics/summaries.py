"""Summaries: what is counted over the whole graph beforehand, since SPARQL would take too long.

A summary follows from the graph alone, and its IRI from what it is about: the same graph has the
same summaries. They are in the named graph ``SUMMARIES``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.lineage.closure import Pairs
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Kind
from graph.rdf import terms
from graph.rdf.triples import Triple, type_
from graph.statistics.license_summaries import license_summaries
from graph.statistics.summary import counted, iris, node
from graph.statistics.transitions import Transitions
from graph.tables.schema import KINDS, RELATIONS, Tables, dates_of, numbers_of
from graph.tables.steps import Steps, ancestry

__all__ = ["MOST_BASES", "WIDE", "summaries"]

WIDE = 300
"""Descendants from which on they are counted beforehand: SPARQL counts fewer in an instant."""

DISTANT = 10
"""Steps beyond which distances are kept: SPARQL counts fewer in stages."""

MOST_BASES = 100
"""How many of the models with the most descendants are followed month by month."""

_CHILDREN = terms.iri(v.REMIX.children)
_DESCENDANTS = terms.iri(v.REMIX.descendants)
_ABOUT = terms.iri(v.REMIX.about)
_CHILD = terms.iri(v.REMIX.child)
_PARENT = terms.iri(v.REMIX.parent)
_BY_RELATION = terms.iri(v.REMIX.byRelation)
_COUNT = terms.iri(v.REMIX.count)
_COUNT_BEFORE = terms.iri(v.REMIX.countBefore)
_DEPTH = terms.iri(v.REMIX.depth)
_DISTANT = terms.iri(v.REMIX.distantAncestor)
_RANK = terms.iri(v.REMIX.rank)
_MONTH = terms.iri(v.REMIX.month)
_PROBLEM = terms.iri(v.REMIX.problem)


def summaries(tables: Tables, pairs: Pairs, transitions: Transitions) -> Iterator[Triple]:
    """Yield every summary of a graph; ``pairs`` are the closure of its ``ancestry``."""
    every = ancestry(tables)
    yield from license_summaries(tables, pairs, transitions)
    if len(every.child):
        yield from _family_counts(tables, pairs)
        yield from _descendant_counts(tables, pairs)
        yield from _distances(tables, pairs)
        yield from _bases(tables, pairs)
        yield from _partitions(every)


# --- counts -------------------------------------------------------------------------------------


def _family_counts(tables: Tables, pairs: Pairs) -> Iterator[Triple]:
    """Count the children and the descendants of every repository that has any."""
    children = np.bincount(pairs.ancestor[pairs.distance == 1], minlength=len(tables))
    descendants = np.bincount(pairs.ancestor, minlength=len(tables))
    numbers = np.flatnonzero(descendants)
    counts = children[numbers].tolist(), descendants[numbers].tolist()
    for name, near, all_ in zip(iris(tables, numbers), *counts, strict=True):
        subject = terms.iri(name)
        yield subject, _CHILDREN, terms.integer(near)
        yield subject, _DESCENDANTS, terms.integer(all_)


def _descendant_counts(tables: Tables, pairs: Pairs) -> Iterator[Triple]:
    """Count the descendants of those who have many, by distance and relation."""
    wide = np.bincount(pairs.ancestor, minlength=len(tables)) >= WIDE
    chosen = wide[pairs.ancestor]
    found, counts = counted([column[chosen] for column in (pairs.ancestor, *pairs[2:4])])
    names = iris(tables, found[0])
    rows = zip(names, found[1].tolist(), found[2].tolist(), counts, strict=True)
    for name, depth, relation, count in rows:
        word = RELATIONS[relation].value
        summary, typed = node(v.REMIX.DescendantCount, "descendants", name, depth, word)
        yield typed
        yield summary, _ABOUT, terms.iri(name)
        yield summary, _DEPTH, terms.integer(depth)
        yield summary, _BY_RELATION, terms.text(word)
        yield summary, _COUNT, terms.integer(count)


def _distances(tables: Tables, pairs: Pairs) -> Iterator[Triple]:
    """Keep the distances that SPARQL would take long to count."""
    far = pairs.distance > DISTANT
    ends = (iris(tables, numbers[far]) for numbers in (pairs.descendant, pairs.ancestor))
    for name, target, distance in zip(*ends, pairs.distance[far].tolist(), strict=True):
        summary, typed = node(v.REMIX.DistantAncestor, "distance", name, target)
        yield typed
        yield summary, _ABOUT, terms.iri(name)
        yield summary, _DISTANT, terms.iri(target)
        yield summary, _DEPTH, terms.integer(distance)


def _partitions(every: Steps) -> Iterator[Triple]:
    """Count the steps of each relation, in the terms of VoID."""
    dataset = terms.iri(v.SUMMARIES)
    yield dataset, type_, terms.iri(v.VOID.Dataset)
    for code, count in enumerate(np.bincount(every.relation).tolist()):
        if count:
            shortcut = v.relation_shortcut(RELATIONS[code])
            part = terms.iri(v.summary_iri("partition", str(shortcut)))
            yield dataset, terms.iri(v.VOID.propertyPartition), part
            yield part, terms.iri(v.VOID.property), terms.iri(shortcut)
            yield part, terms.iri(v.VOID.triples), terms.integer(count)


# --- the bases, month by month ------------------------------------------------------------------


def _bases(tables: Tables, pairs: Pairs) -> Iterator[Triple]:
    """Rank the models with the most descendants, and count when these were created."""
    counts = np.bincount(pairs.ancestor, minlength=len(tables))
    is_model = numbers_of(tables.repositories, "kind") == KINDS.index(Kind.MODEL)
    several = np.flatnonzero((counts > 0) & is_model)
    most = several[np.argsort(-counts[several], kind="stable")][:MOST_BASES]
    created = dates_of(tables.repositories, "created")
    starts = np.searchsorted(pairs.ancestor, most)  # pairs are ordered by ancestor
    for rank, (name, number, start) in enumerate(
        zip(iris(tables, most), most.tolist(), starts.tolist(), strict=True), 1
    ):
        yield terms.iri(name), _RANK, terms.integer(rank)
        yield from _months(name, created[pairs.descendant[start : start + int(counts[number])]])


def _months(name: str, created: Array) -> Iterator[Triple]:
    dated = created[~np.isnat(created)].astype("datetime64[M]")
    found, numbers = np.unique(dated, return_counts=True)
    counts = dict(zip(found.tolist(), numbers.tolist(), strict=True))
    for month, before, count in zip(found, (found - 1).tolist(), numbers.tolist(), strict=True):
        summary, typed = node(v.REMIX.MonthlyCount, "month", name, str(month))
        yield typed
        yield summary, _ABOUT, terms.iri(name)
        yield summary, _MONTH, terms.text(str(month))
        yield summary, _COUNT, terms.integer(count)
        yield summary, _COUNT_BEFORE, terms.integer(counts.get(before, 0))
