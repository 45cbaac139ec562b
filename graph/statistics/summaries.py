"""Summaries: what is counted over the whole graph beforehand, since SPARQL would take too long.

A summary follows from the graph alone, and its IRI from what it is about: the same graph has the
same summaries. They are in the named graph ``SUMMARIES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from graph.lineage.closure import Groups, Ints
from graph.model import vocabulary as v
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.rdf import terms
from graph.rdf.triples import Triple, type_
from graph.tables.lineage_arrays import LineageArrays

__all__ = ["MOST_BASES", "WIDE", "summaries"]

WIDE = 300
"""Descendants from which on they are counted beforehand: SPARQL counts fewer in an instant."""

DISTANT = 10
"""Steps beyond which distances are kept: SPARQL counts fewer in stages."""

MOST_BASES = 100
"""How many of the models with the most descendants are followed month by month."""

NONE_DECLARED, NOT_KNOWN = "none declared", "not known"
"""What stands for the licence of a repository without one, and of one that is only named."""

_MERGE = DERIVATIONS.index(Relation.MERGE)

_CHILDREN = terms.iri(v.REMIX.children)
_DESCENDANTS = terms.iri(v.REMIX.descendants)
_ABOUT = terms.iri(v.REMIX.about)
_BY_RELATION = terms.iri(v.REMIX.byRelation)
_COUNT = terms.iri(v.REMIX.count)
_COUNT_BEFORE = terms.iri(v.REMIX.countBefore)
_DEPTH = terms.iri(v.REMIX.depth)
_DISTANT = terms.iri(v.REMIX.distantAncestor)
_RANK = terms.iri(v.REMIX.rank)
_MONTH = terms.iri(v.REMIX.month)
_PARENT_LICENSE = terms.iri(v.REMIX.parentLicense)
_CHILD_LICENSE = terms.iri(v.REMIX.childLicense)
_UNDECLARED_BY = terms.iri(v.REMIX.undeclaredBy)
_UNLISTED = terms.iri(v.REMIX.unlistedLicense)


def summaries(lineage: LineageArrays) -> Iterator[Triple]:
    """Yield every summary of a lineage."""
    yield from _unlisted_licenses(lineage)
    if lineage.names:
        yield from _family_counts(lineage)
        yield from _descendant_counts(lineage)
        yield from _distances(lineage)
        yield from _license_transitions(lineage)
        yield from _undeclared_licenses(lineage)
        yield from _mixed_merges(lineage)
        yield from _bases(lineage)
        yield from _partitions(lineage)


def _node(class_: str, word: str, *key: object) -> tuple[str, Triple]:
    """Return the IRI of a summary, as text, and the triple that types it."""
    node = terms.iri(v.summary_iri(word, *key))
    return node, (node, type_, terms.iri(class_))


def _unlisted_licenses(lineage: LineageArrays) -> Iterator[Triple]:
    for text in lineage.unlisted:
        node, typed = _node(v.REMIX.UnlistedLicense, "license", text)
        yield typed
        yield node, _UNLISTED, terms.text(text)


# --- counts -------------------------------------------------------------------------------------


def _family_counts(lineage: LineageArrays) -> Iterator[Triple]:
    """Count the children and the descendants of every repository that has any."""
    pairs = lineage.pairs
    size = len(lineage.names)
    children = np.bincount(pairs.ancestor[pairs.distance == 1], minlength=size)
    descendants = np.bincount(pairs.ancestor, minlength=size)
    for number in np.flatnonzero(descendants).tolist():
        subject = terms.iri(lineage.names[number])
        yield subject, _CHILDREN, terms.integer(int(children[number]))
        yield subject, _DESCENDANTS, terms.integer(int(descendants[number]))


def _descendant_counts(lineage: LineageArrays) -> Iterator[Triple]:
    """Count the descendants of those who have many, by distance and relation."""
    pairs = lineage.pairs
    wide = np.bincount(pairs.ancestor, minlength=len(lineage.names)) >= WIDE
    chosen = wide[pairs.ancestor]
    rows = np.stack([pairs.ancestor, pairs.distance, pairs.relation])[:, chosen]
    for (number, depth, relation), count in _counted(rows):
        name, word = lineage.names[number], DERIVATIONS[relation].value
        node, typed = _node(v.REMIX.DescendantCount, "descendants", name, depth, word)
        yield typed
        yield node, _ABOUT, terms.iri(name)
        yield node, _DEPTH, terms.integer(depth)
        yield node, _BY_RELATION, terms.text(word)
        yield node, _COUNT, terms.integer(count)


def _distances(lineage: LineageArrays) -> Iterator[Triple]:
    """Keep the distances that SPARQL would take long to count."""
    pairs = lineage.pairs
    far = pairs.distance > DISTANT
    rows = np.stack([pairs.descendant, pairs.ancestor, pairs.distance], axis=1)[far]
    for descendant, ancestor, distance in rows.tolist():
        name, target = lineage.names[descendant], lineage.names[ancestor]
        node, typed = _node(v.REMIX.DistantAncestor, "distance", name, target)
        yield typed
        yield node, _ABOUT, terms.iri(name)
        yield node, _DISTANT, terms.iri(target)
        yield node, _DEPTH, terms.integer(distance)


def _partitions(lineage: LineageArrays) -> Iterator[Triple]:
    """Count the steps of each relation, in the terms of VoID."""
    dataset = terms.iri(v.SUMMARIES)
    yield dataset, type_, terms.iri(v.VOID.Dataset)
    for (relation,), count in _counted(lineage.relation[np.newaxis]):
        shortcut = v.relation_shortcut(DERIVATIONS[relation])
        node = terms.iri(v.summary_iri("partition", str(shortcut)))
        yield dataset, terms.iri(v.VOID.propertyPartition), node
        yield node, terms.iri(v.VOID.property), terms.iri(shortcut)
        yield node, terms.iri(v.VOID.triples), terms.integer(count)


def _counted(rows: Ints) -> Iterable[tuple[list[int], int]]:
    """Count the columns of an array that are alike."""
    sizes = tuple((rows.max(axis=1, initial=0) + 1).tolist())
    keys, counts = np.unique(np.ravel_multi_index(tuple(rows), sizes), return_counts=True)
    distinct = np.stack(np.unravel_index(keys, sizes), axis=1)
    return zip(distinct.tolist(), counts.tolist(), strict=True)


# --- licences -----------------------------------------------------------------------------------


def _license_transitions(lineage: LineageArrays) -> Iterator[Triple]:
    labels = [*lineage.labels.words, NONE_DECLARED, NOT_KNOWN]
    declared = _labels(lineage)
    edge, place = declared.take(lineage.parent)
    twin, other = declared.take(lineage.child[edge])
    old, new = declared.values[place][twin], declared.values[other]
    rows = np.stack([lineage.relation[edge][twin], old, new])
    for (relation, before, after), count in _counted(rows):
        key = DERIVATIONS[relation].value, labels[before], labels[after]
        node, typed = _node(v.REMIX.LicenseTransition, "transition", *key)
        yield typed
        yield node, _BY_RELATION, terms.text(key[0])
        yield node, _PARENT_LICENSE, terms.text(key[1])
        yield node, _CHILD_LICENSE, terms.text(key[2])
        yield node, _COUNT, terms.integer(count)


def _labels(lineage: LineageArrays) -> Groups:
    """Return the words of everyone, by their places; who has none gets one of two more."""
    size, many = len(lineage.names), len(lineage.labels.words)
    bare = np.setdiff1d(np.arange(size), lineage.labels.owner)
    nothing = np.where(lineage.is_reference[bare], many + 1, many)
    owner = np.append(lineage.labels.owner, bare)
    word = np.append(lineage.labels.word, nothing)
    return Groups(*_distinct(owner, word, many + 2), size)


def _undeclared_licenses(lineage: LineageArrays) -> Iterator[Triple]:
    """Mark who declares no licence and inherits one, with the relations by which it was made."""
    silent = np.setdiff1d(lineage.inherited()[0], lineage.labels.owner)
    made = np.isin(lineage.child, silent) & (lineage.child != lineage.parent)
    rows = np.stack([lineage.child, lineage.relation])[:, made]
    for (number, relation), _ in _counted(rows):
        subject = terms.iri(lineage.names[number])
        yield subject, _UNDECLARED_BY, terms.text(DERIVATIONS[relation].value)


def _mixed_merges(lineage: LineageArrays) -> Iterator[Triple]:
    """Mark the merges of which two parents declare different licences."""
    merged = (lineage.relation == _MERGE) & (lineage.child != lineage.parent)
    child, parent = lineage.child[merged], lineage.parent[merged]
    by_repository = Groups(lineage.labels.owner, lineage.labels.word, len(lineage.names))
    edge, place = by_repository.take(parent)
    licensed = _several(child[edge], parent[edge], len(lineage.names))
    different = _several(child[edge], by_repository.values[place], len(lineage.labels.words))
    for number in np.intersect1d(licensed, different).tolist():
        yield terms.iri(lineage.names[number]), type_, terms.iri(v.REMIX.MixedMerge)


def _several(keys: Ints, values: Ints, many: int) -> Ints:
    """Return the keys with two different values or more."""
    distinct, counts = np.unique(_distinct(keys, values, many)[0], return_counts=True)
    return distinct[counts > 1]


def _distinct(keys: Ints, values: Ints, many: int) -> tuple[Ints, Ints]:
    joined = np.unique(keys * max(1, many) + values)
    return joined // max(1, many), joined % max(1, many)


# --- the bases, month by month ------------------------------------------------------------------


def _bases(lineage: LineageArrays) -> Iterator[Triple]:
    """Rank the models with the most descendants, and count when these were created."""
    counts = np.bincount(lineage.pairs.ancestor, minlength=len(lineage.names))
    several = np.flatnonzero(counts).tolist()
    several.sort(key=lambda number: (-counts[number], lineage.names[number]))
    models = [number for number in several if _is_model(lineage.names[number])]
    for rank, number in enumerate(models[:MOST_BASES], 1):
        yield terms.iri(lineage.names[number]), _RANK, terms.integer(rank)
        below = lineage.pairs.descendant[lineage.pairs.ancestor == number]
        yield from _months(lineage.names[number], lineage.created[below])


def _is_model(iri: str) -> bool:
    parsed = v.parse_repository_iri(iri)
    return parsed is not None and parsed[0] is Kind.MODEL


def _months(name: str, created: Iterable[str]) -> Iterator[Triple]:
    found, numbers = np.unique([date[:7] for date in created if date], return_counts=True)
    counts = dict(zip(found.tolist(), numbers.tolist(), strict=True))
    for month, count in counts.items():
        node, typed = _node(v.REMIX.MonthlyCount, "month", name, month)
        yield typed
        yield node, _ABOUT, terms.iri(name)
        yield node, _MONTH, terms.text(month)
        yield node, _COUNT, terms.integer(count)
        yield node, _COUNT_BEFORE, terms.integer(counts.get(_month_before(month), 0))


def _month_before(month: str) -> str:
    """Return the month before one.

    >>> _month_before("2024-01")
    '2023-12'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04}-12" if number == 1 else f"{year:04}-{number - 1:02}"
