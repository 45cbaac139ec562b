"""The ancestor closure of a graph as lines: what SPARQL then finds in one step.

``remix:ancestor`` joins a repository with all that it was made from, ``remix:inheritedLicense``
with what these resolve to.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graph.lineage.closure import Groups, Pairs, ancestor_closure
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.licenses import licenses
from graph.rdf import terms
from graph.tables.lines import Lines, join
from graph.tables.schema import UNKNOWN, Tables, codes_of, numbers_of, words_of
from graph.tables.steps import ancestry

__all__ = ["ancestor_lines", "closure_of", "inherited_license_lines"]


def closure_of(tables: Tables) -> Pairs:
    """Return every repository with every ancestor of its, by their numbers."""
    steps = ancestry(tables)
    return ancestor_closure(steps.child, steps.parent, steps.relation, len(tables))


def ancestor_lines(subjects: pa.Array, pairs: Pairs) -> Lines:
    """Return a line for each ancestor of each repository; ``subjects`` are all as terms."""
    descendants, ancestors = (_taken(subjects, side) for side in pairs[:2])
    return join(descendants, v.REMIX.ancestor, ancestors)


def inherited_license_lines(subjects: pa.Array, tables: Tables, pairs: Pairs) -> Lines:
    """Return a line for each licence that an ancestor of a repository resolves to."""
    owners, codes = numbers_of(tables.licenses, "repository"), codes_of(tables.licenses, "license")
    resolved = codes != UNKNOWN
    words = words_of(tables.licenses, "license")
    by_repository = Groups(owners[resolved], codes[resolved], len(tables))
    owner, place = by_repository.take(pairs.ancestor)
    many = max(1, len(words))
    keys = np.unique(pairs.descendant[owner] * many + by_repository.values[place])
    iris = pa.array([terms.iri(licenses()[word].iri) for word in words], pa.string())
    inheriting, inherited = _taken(subjects, keys // many), _taken(iris, keys % many)
    return join(inheriting, v.REMIX.inheritedLicense, inherited)


def _taken(values: pa.Array, places: Array) -> pa.Array:
    return values.take(pa.array(places))
