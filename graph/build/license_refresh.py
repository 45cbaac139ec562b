"""Which findings a change can alter, and what they are then.

A repository's findings follow from what it and its ancestors declare, training data included. So
a change reaches down the lineage, and no farther. Where it reaches a small part of the store, those
repositories and their ancestors are looked up one by one, else the columns of the store are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from graph.licenses.inheritance import inherit, lineages_of
from graph.licenses.stored import look_up_in
from graph.licenses.triples import Stated, state
from graph.model import vocabulary as v
from graph.model.records import Kind, Relation
from graph.tables.license_views import artefact_of, read_views

__all__ = ["reached", "stated"]

_SMALL_PART = 0.4
"""Of the repositories with a lineage: to look one up takes as long as to read ten of all."""

_SHORTCUTS = tuple(ox.NamedNode(v.relation_shortcut(relation)) for relation in Relation)


def reached(store: ox.Store, changed: Collection[str]) -> set[str]:
    """Return what changed and all that was made from it or with it.

    The steps are those of now: one that went away belonged to a child that is among the changed.
    """
    found = set(changed)
    waiting = sorted(found)
    while waiting:
        parent = ox.NamedNode(waiting.pop())
        for shortcut in _SHORTCUTS:
            for quad in store.quads_for_pattern(None, shortcut, parent, ox.DefaultGraph()):
                assert isinstance(quad.subject, ox.NamedNode)  # noqa: S101 - no blank nodes here
                if quad.subject.value not in found:
                    found.add(quad.subject.value)
                    waiting.append(quad.subject.value)
    return found


def stated(store: ox.Store, iris: Collection[str] | None, *, held: int) -> Iterator[Stated]:
    """Yield what is stated of some known models and datasets, or of all.

    ``held`` is how many repositories of the store have a lineage.
    """
    chosen = None if iris is None else [artefact_of(iri) for iri in sorted(iris)]
    if chosen is not None and len(chosen) < _SMALL_PART * held:
        views = lineages_of(chosen, look_up_in(store))
    else:
        views = read_views(store)
    inheritance = inherit(views)
    for artefact in views if chosen is None else chosen:
        view = views.get(artefact)
        if view and view.is_known and artefact.kind is not Kind.SPACE:
            yield state(inheritance, artefact)
