"""What the Hub answered for ids by name: the graph's memory of look-ups, and its table of aliases.

It is a named graph beside the data, so that an answer outlives the edge that it was asked for, and
nobody asks twice. An id that was renamed says what replaced it: that is the table of aliases that
every later ingestion resolves names by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Kind, Record, Resolution
from graph.rdf import terms
from graph.rdf.properties import CLASSES, RESOLUTION
from graph.rdf.triples import Triple

__all__ = [
    "LookUp",
    "reference_triples",
    "renames",
    "resolution",
    "resolution_triples",
    "unsettled",
]

_TYPE = terms.iri(v.RDF.type)
_IDENTIFIER = terms.iri(v.DCTERMS.identifier)
_KIND = terms.iri(v.DCTERMS.type)
_STATUS = terms.iri(v.REMIX.resolutionStatus)
_CHECKED = terms.iri(v.REMIX.checkedAt)
_REPLACED_BY = terms.iri(v.DCTERMS.isReplacedBy)
_REFERENCE = terms.iri(v.REMIX.RepositoryReference)

_GRAPH = ox.NamedNode(v.RESOLUTIONS)
_DEFAULT = ox.DefaultGraph()


class LookUp(Record, frozen=True):
    """The Hub's answer for an id; ``replaced_by`` is the id of today of one that was renamed."""

    kind: Kind
    id: str
    resolution: Resolution
    checked: str
    replaced_by: str | None = None

    @property
    def iri(self) -> str:
        """The IRI of the id that was asked for."""
        return v.repository_iri(self.kind, self.id)


def resolution_triples(answer: LookUp) -> Iterator[Triple]:
    """Yield what the graph of resolutions says of an answer."""
    subject = terms.iri(answer.iri)
    yield subject, _STATUS, RESOLUTION.encode(answer.resolution)
    yield subject, _CHECKED, terms.instant(answer.checked)
    yield from _replacement(answer)


def reference_triples(kind: Kind, repository_id: str, answer: LookUp | None) -> Iterator[Triple]:
    """Yield the description of a repository that is only named, by what was answered for it."""
    status = answer.resolution if answer else Resolution.UNCHECKED
    subject = terms.iri(v.repository_iri(kind, repository_id))
    yield subject, _TYPE, _REFERENCE
    yield subject, _KIND, CLASSES[kind]
    yield subject, _IDENTIFIER, terms.text(repository_id)
    yield subject, _STATUS, RESOLUTION.encode(status)
    if answer:
        yield from _replacement(answer)


def resolution(store: ox.Store, iri: str) -> LookUp | None:
    """Return what was answered for a repository's IRI, or None when nobody asked."""
    parsed = v.parse_repository_iri(iri)
    quads = store.quads_for_pattern(ox.NamedNode(iri), None, None, _GRAPH)
    found = {str(quad.predicate): str(quad.object) for quad in quads}
    if parsed is None or not found:
        return None
    replaced_by = v.parse_repository_iri(found.get(_REPLACED_BY, "<>")[1:-1])
    return LookUp(
        kind=parsed[0],
        id=parsed[1],
        resolution=RESOLUTION.decode(found[_STATUS]),
        checked=terms.literal_value(found[_CHECKED]),
        replaced_by=replaced_by[1] if replaced_by else None,
    )


def renames(store: ox.Store) -> dict[Kind, dict[str, str]]:
    """Return every id that was renamed, with its id of today, through any number of renames."""
    steps: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    pattern = None, ox.NamedNode(v.DCTERMS.isReplacedBy), None, _GRAPH
    for quad in store.quads_for_pattern(*pattern):
        assert isinstance(quad.subject, ox.NamedNode)  # noqa: S101 - resolution_triples wrote it
        assert isinstance(quad.object, ox.NamedNode)  # noqa: S101
        old = v.parse_repository_iri(quad.subject.value)
        new = v.parse_repository_iri(quad.object.value)
        if old and new:
            steps[old[0]][old[1]] = new[1]
    return {kind: _followed(names) for kind, names in steps.items()}


def unsettled(store: ox.Store, before: str) -> list[tuple[Kind, str]]:
    """Return what is only named and was not looked up since ``before``, the most named first."""
    type_, reference = ox.NamedNode(v.RDF.type), ox.NamedNode(v.REMIX.RepositoryReference)
    quads = store.quads_for_pattern(None, type_, reference, _DEFAULT)
    named = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    claims = store.quads_for_pattern(None, ox.NamedNode(v.PROV.entity), None, _DEFAULT)
    counts = Counter(
        quad.object.value
        for quad in claims
        if isinstance(quad.object, ox.NamedNode) and quad.object.value in named
    )
    order = sorted(named, key=lambda iri: (-counts[iri], iri))
    parsed = [v.parse_repository_iri(iri) for iri in order if _is_due(store, iri, before)]
    return [name for name in parsed if name is not None]


def _is_due(store: ox.Store, iri: str, before: str) -> bool:
    answer = resolution(store, iri)
    return answer is None or answer.checked < before


def _replacement(answer: LookUp) -> Iterator[Triple]:
    if answer.replaced_by is not None:
        today = v.repository_iri(answer.kind, answer.replaced_by)
        yield terms.iri(answer.iri), _REPLACED_BY, terms.iri(today)


def _followed(steps: dict[str, str]) -> dict[str, str]:
    """Follow every rename to the last, each step once; a circle is gone round once.

    >>> _followed({"a": "b", "b": "c", "d": "e", "e": "d"})
    {'a': 'c', 'b': 'c', 'd': 'e', 'e': 'd'}
    """
    ends: dict[str, str] = {}
    for name in sorted(steps):
        met: dict[str, int] = {}
        here = name
        while here in steps and here not in ends and here not in met:
            met[here] = len(met)
            here = steps[here]
        way = list(met)
        if here in met:
            circle = way[met[here] :]
            ends |= zip(circle, [circle[-1], *circle[:-1]], strict=True)
        end = ends.get(here, here)
        ends |= dict.fromkeys(way[: met.get(here)], end)
    return {old: ends[old] for old in sorted(steps)}
