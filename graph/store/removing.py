"""Removing from a build: a repository with all that is its own, and what nobody points at then.

A shared node has no owner. So what a removed repository pointed at is remembered, and looked at
once everything is loaded that may point at it again.
"""

from __future__ import annotations

from collections.abc import Collection

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.rdf.properties import CLASSES, DERIVED

__all__ = ["Removal", "is_described", "is_record"]

_TYPE = ox.NamedNode(v.RDF.type)
_REPLACED_BY = ox.NamedNode(v.DCTERMS.isReplacedBy)
_DEFAULT = ox.DefaultGraph()
_RECORD_CLASSES = frozenset(ox.NamedNode(term[1:-1]) for term in CLASSES.values())
_DERIVED = frozenset(map(ox.NamedNode, DERIVED))


class Removal:
    """Takes repositories out of a store; ``removed`` are their IRIs."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.removed: set[str] = set()
        self._orphans: set[str] = set()

    def remove(self, iri: str) -> None:
        """Remove a repository, the claims about it and its commit; note what they pointed at."""
        self.removed.add(iri)
        waiting = [ox.NamedNode(iri)]
        while waiting:
            for quad in list(self.store.quads_for_pattern(waiting.pop(), None, None, _DEFAULT)):
                if quad.predicate in _DERIVED:  # not its own: ``build.replacing`` sees to that
                    continue
                self.store.remove(quad)
                target = quad.object
                if isinstance(target, ox.NamedNode):
                    if v.is_owned_by(target.value, iri):
                        waiting.append(target)
                    elif quad.predicate != _TYPE and not _is_concept(target):
                        self._orphans.add(target.value)

    def sweep(self, keeping: Collection[str]) -> None:
        """Remove the descriptions of shared nodes that nothing points at any more."""
        for node in sorted(self._orphans.difference(keeping)):
            term = ox.NamedNode(node)
            if not self._is_needed(term):
                for quad in list(self.store.quads_for_pattern(term, None, None, _DEFAULT)):
                    self.store.remove(quad)
        self._orphans.clear()

    def _is_needed(self, term: ox.NamedNode) -> bool:
        pointing = self.store.quads_for_pattern(None, None, term, _DEFAULT)
        return (
            any(quad.predicate not in _DERIVED for quad in pointing)
            or is_record(self.store, term)
            or self._is_renamed(term)
        )

    def _is_renamed(self, term: ox.NamedNode) -> bool:
        """Tell whether a node is a name of before, which stays to say what replaced it."""
        found = self.store.quads_for_pattern(term, _REPLACED_BY, None, _DEFAULT)
        return next(found, None) is not None


def is_record(store: ox.Store, term: ox.NamedNode) -> bool:
    """Tell whether a node is a repository of which more is known than its name."""
    classes = store.quads_for_pattern(term, _TYPE, None, _DEFAULT)
    return any(quad.object in _RECORD_CLASSES for quad in classes)


def is_described(store: ox.Store, term: ox.NamedNode) -> bool:
    """Tell whether a store says of a node what it is."""
    return next(store.quads_for_pattern(term, _TYPE, None, _DEFAULT), None) is not None


def _is_concept(term: ox.NamedNode) -> bool:
    return term.value.startswith(v.REMIX.NS)
