"""Views of what a graph holds, one artefact at a time: what a single verdict needs.

Beside the record, a view tells what the Hub answered for an id that is only named, and what was
declared before the last change that was seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from graph.licenses.inheritance import Inheritance, inherit, lineage_of
from graph.licenses.views import Artefact, LicenseView, reference, view_of
from graph.model import vocabulary as v
from graph.model.licenses import resolve
from graph.model.records import Aspect, ClaimSource, LicenseDeclaration
from graph.model.relations import LINKS
from graph.rdf.history import changes_of
from graph.rdf.resolutions import resolution
from graph.rdf.triples import Triple, record_from_triples
from graph.store.lineage_graph import LineageGraph

__all__ = ["inheritance_in", "look_up_in", "previous_in"]

_CLAIMS = tuple(map(ox.NamedNode, (*map(v.expand, LINKS), v.REMIX.licenseDeclaration)))
_READ = (*map(ox.NamedNode, (v.RDF.type, v.REMIX.gated, v.FAIR4ML.mlTask)), *_CLAIMS)
_NAMED = re.compile(r"(?P<declared>.+) \((?P<name>.+)\)", re.DOTALL)


def look_up_in(store: ox.Store) -> Callable[[Artefact], LicenseView | None]:
    """Return how to look an artefact up in a store; None is for what is only named there."""

    def look_up(artefact: Artefact) -> LicenseView | None:
        iri = v.repository_iri(artefact.kind, artefact.id)
        try:
            return view_of(record_from_triples(_triples(store, iri)))
        except ValueError:  # it is no record
            answer = resolution(store, iri)
            renamed_to = answer.replaced_by if answer else None
            return reference(artefact, renamed_to=renamed_to) if renamed_to else None

    return look_up


def _triples(store: ox.Store, iri: str) -> Iterator[Triple]:
    """Yield what a store says of a repository that matters to the rules: parents, licences.

    Some have hundreds of scores and of ancestors: those are not even looked at.
    """
    subject = ox.NamedNode(iri)
    for predicate in _READ:
        for quad in store.quads_for_pattern(subject, predicate, None, ox.DefaultGraph()):
            yield _text(quad)
            if predicate in _CLAIMS and isinstance(quad.object, ox.NamedNode):
                claim = store.quads_for_pattern(quad.object, None, None, ox.DefaultGraph())
                yield from map(_text, claim)


def _text(quad: ox.Quad) -> Triple:
    return str(quad.subject), str(quad.predicate), str(quad.object)


def inheritance_in(graph: LineageGraph, artefact: Artefact) -> Inheritance:
    """Return what an artefact of a graph and its ancestors carry, and nothing of the rest."""
    views = lineage_of(artefact, look_up_in(graph.store))
    if (view := views[artefact]).is_known:
        views[artefact] = replace(view, previous=previous_in(graph.store, artefact))
    return inherit(views)


def previous_in(store: ox.Store, artefact: Artefact) -> tuple[LicenseDeclaration, ...] | None:
    """Return what an artefact declared before its licence changed last, or None if it never did."""
    changes = changes_of(store, v.repository_iri(artefact.kind, artefact.id))
    old = [change.old for change in changes if change.aspect is Aspect.LICENSE]
    return _declarations(old[-1]) if old else None


def _declarations(values: tuple[str, ...]) -> tuple[LicenseDeclaration, ...]:
    """Return the declarations that history has kept as words: ``other`` and ``other (qwen)``."""
    named = [match for value in values if (match := _NAMED.fullmatch(value))]
    beside = {match["declared"].casefold() for match in named} | {match[0] for match in named}
    found = [_declaration(match["declared"], match["name"]) for match in named]
    found += [_declaration(value) for value in values if value not in beside]
    return tuple(found)


def _declaration(declared: str, name: str | None = None) -> LicenseDeclaration:
    return LicenseDeclaration(
        declared=declared, source=ClaimSource.CARD, name=name, license=resolve(declared)
    )
