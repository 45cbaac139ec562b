"""History: in what a repository changed between two readings, as events that are never removed.

An event says what was there, what is there now, and which run saw it when. With the current state,
that tells what the graph said at an earlier date. Kept are the aspects that lineage and licences
hang on; downloads and the like change every day and are not history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Aspect, Derivation, Kind, Record, Repository, Resolution
from graph.rdf import terms
from graph.rdf.triples import Triple

__all__ = [
    "Change",
    "change_triples",
    "changes_of",
    "changes_seen_by",
    "compare",
    "existence",
]

_TYPE = terms.iri(v.RDF.type)
_CHANGE = terms.iri(v.REMIX.ChangeEvent)
_CHANGE_OF = terms.iri(v.REMIX.changeOf)
_ASPECT = terms.iri(v.REMIX.aspect)
_OLD = terms.iri(v.REMIX.oldValue)
_NEW = terms.iri(v.REMIX.newValue)
_SEEN = terms.iri(v.PROV.atTime)
_RUN = terms.iri(v.PROV.wasGeneratedBy)

Values = tuple[str, ...]


class Change(Record, frozen=True, order=True):
    """A change of one aspect of a repository: the values before and after, sorted.

    ``seen`` is when the change was noticed, which may be long after it was made.
    """

    kind: Kind
    id: str
    aspect: Aspect
    old: Values
    new: Values
    seen: str = ""


def compare(old: Repository, new: Repository) -> Iterator[Change]:
    """Yield in what a repository changed between two records of it."""
    for aspect, values in _ASPECTS.items():
        before, after = values(old, new), values(new, old)
        if before != after:
            yield _change(new, aspect, before, after)


def existence(repository: Repository, old: Resolution, new: Resolution) -> Change:
    """Return the change of a repository that appeared or vanished."""
    return _change(repository, Aspect.EXISTENCE, (old.value,), (new.value,))


def change_triples(changes: Iterable[Change], run: str) -> Iterator[Triple]:
    """Yield the events that stand for changes which the run with this IRI has seen."""
    for change in changes:
        repository = v.repository_iri(change.kind, change.id)
        key = change.aspect, change.old, change.new, change.seen
        event = terms.iri(v.claim_iri(repository, "change", *key))
        yield event, _TYPE, _CHANGE
        yield event, _CHANGE_OF, terms.iri(repository)
        yield event, _ASPECT, terms.iri(v.aspect_iri(change.aspect))
        yield from ((event, _OLD, terms.text(value)) for value in change.old)
        yield from ((event, _NEW, terms.text(value)) for value in change.new)
        yield event, _SEEN, terms.instant(change.seen)
        yield event, _RUN, terms.iri(run)


def changes_of(store: ox.Store, iri: str | None = None) -> list[Change]:
    """Return the history of a repository, or of all, in the order in which it was seen."""
    pattern = ox.NamedNode(v.REMIX.changeOf), ox.NamedNode(iri) if iri else None
    quads = store.quads_for_pattern(None, *pattern, ox.NamedNode(v.HISTORY))
    return sorted(_events(store, quads), key=lambda change: (change.seen, change))


def changes_seen_by(store: ox.Store, run: str, *, limit: int) -> list[Change]:
    """Return changes that a run has seen, up to a limit: the history may be long."""
    pattern = ox.NamedNode(v.PROV.wasGeneratedBy), ox.NamedNode(run), ox.NamedNode(v.HISTORY)
    return sorted(_events(store, islice(store.quads_for_pattern(None, *pattern), limit)))


def _events(store: ox.Store, quads: Iterable[ox.Quad]) -> list[Change]:
    """Return the changes that stand at the heads of quads."""
    events = [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]
    return [_read(store, event) for event in events]


def _change(repository: Repository, aspect: Aspect, old: Values, new: Values) -> Change:
    return Change(kind=repository.kind, id=repository.id, aspect=aspect, old=old, new=new)


def _parents(record: Repository) -> list[Derivation]:
    """Return what a repository was made from; training data is used, not derived from."""
    return [claim for claim in record.derivations if claim.relation.is_derivation]


def _name(claim: Derivation) -> str:
    return claim.raw[0] if claim.target is None else claim.target


def _written(claims: Iterable[Derivation]) -> Values:
    return tuple(sorted(f"{claim.relation}:{_name(claim)}" for claim in claims))


def _parent_values(record: Repository, other: Repository) -> Values:
    """Return the parents with their relations, or nothing when the other has the same parents."""
    mine = _parents(record)
    same = {_name(claim) for claim in mine} == {_name(claim) for claim in _parents(other)}
    return () if same else _written(mine)


def _relation_values(record: Repository, other: Repository) -> Values:
    """Return the parents that both have, with their relations."""
    common = {_name(claim) for claim in _parents(other)}
    return _written(claim for claim in _parents(record) if _name(claim) in common)


def _license_values(record: Repository, _: Repository) -> Values:
    found = {claim.license or claim.declared.casefold() for claim in record.licenses}
    names = {f"{claim.declared} ({claim.name})" for claim in record.licenses if claim.name}
    return tuple(sorted(found | names))


def _gating_values(record: Repository, other: Repository) -> Values:
    """Return how access is granted; where one of the two does not say, neither counts."""
    if record.gating is None or other.gating is None:
        return ()
    return (record.gating.value,)


def _new_version_values(record: Repository, _: Repository) -> Values:
    return () if record.new_version is None else (record.new_version,)


def _existence_values(record: Repository, _: Repository) -> Values:
    return ((record.status or Resolution.RESOLVED).value,)


_ASPECTS: dict[Aspect, Callable[[Repository, Repository], Values]] = {
    Aspect.EXISTENCE: _existence_values,
    Aspect.PARENTS: _parent_values,
    Aspect.RELATION: _relation_values,
    Aspect.LICENSE: _license_values,
    Aspect.GATING: _gating_values,
    Aspect.NEW_VERSION: _new_version_values,
}
_BY_IRI = {v.aspect_iri(aspect): aspect for aspect in Aspect}


def _read(store: ox.Store, event: ox.NamedNode) -> Change:
    values: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(event, None, None, ox.NamedNode(v.HISTORY)):
        assert not isinstance(quad.object, ox.Triple)  # noqa: S101 - no RDF 1.2 in the graph
        values.setdefault(f"<{quad.predicate.value}>", []).append(quad.object.value)
    parsed = v.parse_repository_iri(values[_CHANGE_OF][0])
    assert parsed is not None, event  # noqa: S101 - change_triples wrote it
    return Change(
        kind=parsed[0],
        id=parsed[1],
        aspect=_BY_IRI[values[_ASPECT][0]],
        old=tuple(sorted(values.get(_OLD, ()))),
        new=tuple(sorted(values.get(_NEW, ()))),
        seen=values[_SEEN][0],
    )
