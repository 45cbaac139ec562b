"""What follows from the whole graph and is kept in it, so that a question finds it at once.

- ``remix:ancestor`` and ``remix:inheritedLicense``, in the default graph beside what they follow
  from;
- the nodes and counts of ``summaries``, in a named graph of their own;
- what the licence rules find, and whether commercial use is allowed, in another;
- what the licences in use say, in a third.

Rule: all of it can be thrown away and made again from the rest. So a record knows nothing of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import cast

import numpy as np
import pyoxigraph as ox

from graph.build.license_refresh import reached, stated
from graph.licenses.described import describe_facts
from graph.lineage.closure import Ints, ancestor_closure
from graph.model import vocabulary as v
from graph.rdf import terms
from graph.rdf.triples import Triple
from graph.statistics.summaries import summaries
from graph.statistics.transitions import transitions
from graph.tables.lineage_arrays import LineageArrays, read_lineage
from graph.tables.reading import read_tables
from graph.tables.steps import ancestry

__all__ = [
    "DERIVED",
    "refresh_closure",
    "refresh_derived",
    "refresh_findings",
    "refresh_summaries",
]

DERIVED = (v.REMIX.ancestor, v.REMIX.inheritedLicense)
"""The properties of a repository that follow from other repositories."""

_BATCH = 1_000_000  # lines loaded at once; as text they take some 160 MB
_FEW = 5_000  # lines that are added one by one sooner than a file of the store is written
_DEFAULT = ox.DefaultGraph()
_SUMMARIES = ox.NamedNode(v.SUMMARIES)
_FINDINGS = ox.NamedNode(v.FINDINGS)
_LINKS = frozenset(map(ox.NamedNode, (v.REMIX.licenseFinding, v.REMIX.commercialGround)))


def refresh_derived(store: ox.Store, changed: Collection[str] | None) -> int | None:
    """Bring everything that follows from the rest of a store up to date.

    Returns up to which distance the ancestors are there, or None where all of them are.

    ``changed`` are the IRIs of the repositories whose own triples changed, came or went since
    the last time; None stands for any of them. A store without summaries was never refreshed.
    """
    if next(store.quads_for_pattern(None, None, None, _SUMMARIES), None) is None:
        changed = None
    lineage = read_lineage(store)
    refresh_closure(store, lineage, changed)
    refresh_summaries(store)
    refresh_findings(store, changed, held=len(lineage.names))
    _refresh_graph(store, v.LICENSES, describe_facts(store))
    return lineage.pairs.depth


def refresh_closure(
    store: ox.Store, lineage: LineageArrays, changed: Collection[str] | None
) -> None:
    """Write the ancestors and inherited licences of what changed and of all its descendants."""
    if changed is None:
        old = _lines(store, None)
        _replace(store, old, lambda: _closure_lines(lineage, None))
    else:
        affected = _affected(store, lineage, changed)
        old = {line for iri in affected for line in _lines(store, iri)}
        _replace(store, old, lambda: _closure_lines(lineage, affected))


def refresh_summaries(store: ox.Store) -> None:
    """Write the summaries anew, in their named graph."""
    tables = read_tables(store)
    pairs = ancestor_closure(*ancestry(tables), len(tables))
    found = transitions(tables, np.zeros(len(tables), np.int32))  # no summary is about a family
    _refresh_graph(store, v.SUMMARIES, summaries(tables, pairs, found))


def _refresh_graph(store: ox.Store, graph: str, triples: Iterable[Triple]) -> None:
    """Make a named graph hold what it should: only differences are written."""
    name = ox.NamedNode(graph)
    found = store.quads_for_pattern(None, None, None, name)
    old = {f"{quad.subject} {quad.predicate} {quad.object} {name}" for quad in found}
    new = (f"{s} {p} {o} {name}" for s, p, o in triples)
    _replace(store, old, lambda: new)


def refresh_findings(store: ox.Store, changed: Collection[str] | None, *, held: int) -> None:
    """Write what is found of the licences of what changed, and of all that was made with it.

    ``held`` is how many repositories of the store have a lineage.
    """
    if next(store.quads_for_pattern(None, None, None, _FINDINGS), None) is None:
        changed = None
    if changed is None:
        store.clear_graph(_FINDINGS)
        _replace(store, set(), lambda: _finding_lines(store, None, held))
        return
    affected = reached(store, changed)
    old = [quad for iri in sorted(affected) for quad in _findings_of(store, iri)]
    lines = {f"{quad.subject} {quad.predicate} {quad.object} {_FINDINGS}" for quad in old}
    _replace(store, lines, lambda: _finding_lines(store, affected, held))
    _sweep(store, {cast("ox.NamedNode", quad.object) for quad in old if quad.predicate in _LINKS})


def _findings_of(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """Yield what the store holds of a repository's findings, but not the nodes that are shared."""
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, _FINDINGS):
        yield quad
        node = quad.object
        if isinstance(node, ox.NamedNode) and v.is_owned_by(node.value, iri):
            yield from store.quads_for_pattern(node, None, None, _FINDINGS)


def _finding_lines(store: ox.Store, iris: Collection[str] | None, held: int) -> Iterator[str]:
    """Yield what is found, of all repositories or of some; a node that they share comes once."""
    described: set[str] = set()
    for own, shared in stated(store, iris, held=held):
        missing = [node for node in shared.keys() - described if not _is_stated(store, node)]
        new = [triple for node in missing for triple in shared[node]]
        described.update(shared)
        for subject, predicate, target in (*own, *new):
            yield f"{subject} {predicate} {target} {_FINDINGS}"


def _is_stated(store: ox.Store, node: str) -> bool:
    found = store.quads_for_pattern(ox.NamedNode(terms.iri_value(node)), None, None, _FINDINGS)
    return next(found, None) is not None


def _sweep(store: ox.Store, nodes: Iterable[ox.NamedNode]) -> None:
    """Remove what is said of nodes that no repository has any more."""
    for node in nodes:
        if next(store.quads_for_pattern(None, None, node, _FINDINGS), None) is None:
            for quad in list(store.quads_for_pattern(node, None, None, _FINDINGS)):
                store.remove(quad)


def _affected(store: ox.Store, lineage: LineageArrays, changed: Collection[str]) -> set[str]:
    """Return what changed, and whatever descends from it, by what is known now or was before."""
    affected = set(changed)
    ancestor = ox.NamedNode(v.REMIX.ancestor)
    for iri in changed:
        found = store.quads_for_pattern(None, ancestor, ox.NamedNode(iri), _DEFAULT)
        affected.update(cast("ox.NamedNode", quad.subject).value for quad in found)
    numbers = lineage.numbers(changed)
    below = lineage.pairs.descendant[np.isin(lineage.pairs.ancestor, numbers)]
    return affected.union(lineage.names[number] for number in np.unique(below).tolist())


def _lines(store: ox.Store, iri: str | None) -> set[str]:
    """Return the derived triples that a store holds, of one repository or of all."""
    subject = None if iri is None else ox.NamedNode(iri)
    return {
        f"{quad.subject} {quad.predicate} {quad.object}"
        for predicate in DERIVED
        for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None, _DEFAULT)
    }


def _closure_lines(lineage: LineageArrays, subjects: set[str] | None) -> Iterator[str]:
    """Yield the derived triples, of all repositories or of some."""
    names = [terms.iri(name) for name in lineage.names]
    licenses = [terms.iri(name) for name in lineage.licenses.words]
    kept = None if subjects is None else lineage.numbers(subjects)
    inherited = lineage.inherited()
    for predicate, pairs, objects in (
        (v.REMIX.ancestor, (lineage.pairs.descendant, lineage.pairs.ancestor), names),
        (v.REMIX.inheritedLicense, inherited, licenses),
    ):
        middle = terms.iri(predicate)
        for subject, target in zip(*_of(*pairs, kept), strict=True):
            yield f"{names[subject]} {middle} {objects[target]}"


def _of(subjects: Ints, targets: Ints, kept: Ints | None) -> tuple[list[int], list[int]]:
    if kept is not None:
        chosen = np.isin(subjects, kept)
        subjects, targets = subjects[chosen], targets[chosen]
    return subjects.tolist(), targets.tolist()


def _replace(store: ox.Store, old: set[str], new: Callable[[], Iterable[str]]) -> None:
    """Make a part of a store, given in lines, hold what it should: only differences are written."""
    if old:
        wanted = set(new())
        gone = "".join(f"{line} .\n" for line in old - wanted)
        for quad in ox.parse(gone, ox.RdfFormat.N_QUADS):
            store.remove(quad)
        waiting = iter(sorted(wanted - old))
    else:
        waiting = iter(new())
    while lines := list(islice(waiting, _BATCH)):
        batch = "".join(f"{line} .\n" for line in lines).encode()
        if len(lines) < _FEW:
            store.extend(ox.parse(batch, ox.RdfFormat.N_QUADS))
        else:
            store.bulk_load(io.BytesIO(batch), format=ox.RdfFormat.N_QUADS, lenient=True)
