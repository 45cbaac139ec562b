"""The summaries that are about licences: transitions, what is silent, mixed, or on no list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.lineage.closure import Groups, Ints, Pairs
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Relation
from graph.rdf import terms
from graph.rdf.triples import Triple, type_
from graph.statistics.declared import Words, license_words
from graph.statistics.summary import counted, iris, node
from graph.statistics.transitions import Transitions
from graph.tables.schema import RELATIONS, Tables, numbers_of
from graph.tables.steps import Steps, ancestry

__all__ = ["license_summaries"]

_BY_RELATION = terms.iri(v.REMIX.byRelation)
_COUNT = terms.iri(v.REMIX.count)
_PARENT_LICENSE = terms.iri(v.REMIX.parentLicense)
_CHILD_LICENSE = terms.iri(v.REMIX.childLicense)
_UNDECLARED_BY = terms.iri(v.REMIX.undeclaredBy)
_UNLISTED = terms.iri(v.REMIX.unlistedLicense)


def license_summaries(tables: Tables, pairs: Pairs, transitions: Transitions) -> Iterator[Triple]:
    """Yield the summaries of licences; ``pairs`` are the closure of the graph's ``ancestry``."""
    every, words = ancestry(tables), license_words(tables)
    yield from _unlisted_licenses(tables)
    yield from _license_transitions(transitions)
    yield from _undeclared_licenses(tables, pairs, every, words)
    yield from _mixed_merges(tables, every, words)


def _unlisted_licenses(tables: Tables) -> Iterator[Triple]:
    claims = tables.licenses.filter(pc.is_null(tables.licenses["license"]))
    for text in sorted(pc.unique(claims["declared"].cast(pa.string())).to_pylist()):
        summary, typed = node(v.REMIX.UnlistedLicense, "license", text)
        yield typed
        yield summary, _UNLISTED, terms.text(text)


def _license_transitions(transitions: Transitions) -> Iterator[Triple]:
    for relation, before, after, count in transitions.rows():
        key = relation.value, before, after
        summary, typed = node(v.REMIX.LicenseTransition, "transition", *key)
        yield typed
        yield summary, _BY_RELATION, terms.text(relation.value)
        yield summary, _PARENT_LICENSE, terms.text(before)
        yield summary, _CHILD_LICENSE, terms.text(after)
        yield summary, _COUNT, terms.integer(count)


def _undeclared_licenses(
    tables: Tables, pairs: Pairs, every: Steps, words: Words
) -> Iterator[Triple]:
    """Mark who declares no licence and inherits one, with the relations by which it was made."""
    silent = np.zeros(len(tables), np.bool_)
    silent[pairs.descendant[_licensed(tables)[pairs.ancestor]]] = True
    silent[words.owner] = False
    made = silent[every.child] & (every.child != every.parent)
    (numbers, relations), _ = counted([every.child[made], every.relation[made]])
    for name, relation in zip(iris(tables, numbers), relations.tolist(), strict=True):
        yield terms.iri(name), _UNDECLARED_BY, terms.text(RELATIONS[relation].value)


def _licensed(tables: Tables) -> Array:
    """Tell of each repository whether it declares a licence that is known."""
    claims = tables.licenses.filter(pc.is_valid(tables.licenses["license"]))
    licensed = np.zeros(len(tables), np.bool_)
    licensed[numbers_of(claims, "repository")] = True
    return licensed


def _mixed_merges(tables: Tables, every: Steps, words: Words) -> Iterator[Triple]:
    """Mark the merges of which two parents declare different licences."""
    merged = every.relation == RELATIONS.index(Relation.MERGE)
    merged &= every.child != every.parent
    child, parent = every.child[merged], every.parent[merged]
    by_repository = Groups(words.owner, words.word, len(tables))
    edge, place = by_repository.take(parent)
    licensed = _several(child[edge], parent[edge])
    different = _several(child[edge], by_repository.values[place])
    for name in iris(tables, np.intersect1d(licensed, different)):
        yield terms.iri(name), type_, terms.iri(v.REMIX.MixedMerge)


def _several(keys: Ints, values: Ints) -> Ints:
    """Return the keys with two different values or more."""
    (pairs, _), _ = counted([keys, values])
    distinct, counts = np.unique(pairs, return_counts=True)
    return distinct[counts > 1]
