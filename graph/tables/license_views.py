"""Views of everything that a store holds, from whole columns: what the findings of all need.

The columns become the same records, and so the same views, that are read one at a time for a
single verdict; only what the rules look at is read. Spaces are left out: nothing is made from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from graph.licenses.views import Artefact, LicenseView, reference, view_of
from graph.model import vocabulary as v
from graph.model.licenses import licenses_by_iri
from graph.model.records import ClaimSource, Derivation, Gating, LicenseDeclaration, Relation
from graph.rdf.properties import RECORD_TYPES, repository_id
from graph.rdf.resolutions import renames
from graph.tables.columns import read_columns

__all__ = ["artefact_of", "read_views"]

_RELATIONS = {v.relation_iri(relation): relation for relation in Relation}
_SOURCES = {v.claim_source_iri(source): source for source in ClaimSource}
_GATINGS = {v.gating_iri(gating): gating for gating in Gating}

Values = dict[str, tuple[str, ...]]
"""What repositories have of something, by IRI."""


def read_views(store: ox.Store) -> dict[Artefact, LicenseView]:
    """Return the views of all known models and datasets, and of the ids that were renamed."""
    repositories, gating, tasks, claims = read_columns(
        store, ["repositories", "gating", "tasks", "claims"]
    )
    fields = _Fields(
        _grouped(gating["repository"], gating["gating"]),
        _grouped(tasks["repository"], tasks["task"]),
        _Claims(claims),
    )
    names = pc.unique(repositories["repository"]).sort().to_pylist()
    views = {artefact_of(iri): fields.view(iri) for iri in names}
    return views | _renamed(store, views)


def artefact_of(iri: str) -> Artefact:
    """Return the artefact that the IRI of a repository stands for."""
    parsed = v.parse_repository_iri(iri)
    assert parsed is not None, iri  # noqa: S101 - the mapping writes nothing else
    return Artefact(*parsed)


class _Fields:
    """What is known of repositories by their IRIs."""

    def __init__(self, gating: Values, tasks: Values, claims: _Claims) -> None:
        self.gating = gating
        self.tasks = tasks
        self.derivations = claims.derivations()
        self.licenses = claims.licenses()

    def view(self, iri: str) -> LicenseView:
        """Return the view of a repository."""
        artefact = artefact_of(iri)
        record = RECORD_TYPES[artefact.kind](
            id=artefact.id,
            gating=next((_GATINGS[one] for one in self.gating.get(iri, ())), None),
            tasks=tuple(map(_task, self.tasks.get(iri, ()))),
            derivations=tuple(self.derivations.get(iri, ())),
            licenses=tuple(self.licenses.get(iri, ())),
        )
        return view_of(record)


class _Claims:
    """Claims by number: each property is a list that has a place for every claim."""

    def __init__(self, table: pa.Table) -> None:
        claim = table["claim"]
        ours = pc.match_substring_regex(claim, "#(derivation|license)-")
        encoded = claim.filter(ours).combine_chunks().dictionary_encode()
        self.names: list[str] = encoded.dictionary.to_pylist()
        self._number = encoded.indices
        self._property = table["property"].filter(ours)
        self._value = table["value"].filter(ours)

    def derivations(self) -> Mapping[str, list[Derivation]]:
        """Return the derivations of every repository that has any."""
        relation, target = self._one("relation"), self._one("target")
        raw, sources = self._several("raw"), self._several("sources")
        found = defaultdict(list)
        for number, name in enumerate(self.names):
            repository, _, word = name.partition("#")
            if word.startswith("derivation-"):
                claim = Derivation(
                    relation=_RELATIONS[str(relation[number])],
                    target=_id(target[number]),
                    raw=tuple(raw[number]),
                    sources=tuple(map(_SOURCES.__getitem__, sources[number])),
                )
                found[repository].append(claim)
        return found

    def licenses(self) -> Mapping[str, list[LicenseDeclaration]]:
        """Return the declarations of every repository that has any."""
        names = ("declared", "sources", "field", "name", "link", "license")
        rows = zip(self.names, *map(self._one, names), strict=True)
        found = defaultdict(list)
        for name, *values in rows:
            repository, _, word = name.partition("#")
            if word.startswith("license-"):
                found[repository].append(_declaration(*values))
        return found

    def _one(self, name: str) -> list[str | None]:
        values: list[str | None] = [None] * len(self.names)
        for number, value in self._rows(name):
            values[number] = value
        return values

    def _several(self, name: str) -> dict[int, list[str]]:
        values = defaultdict(list)
        for number, value in self._rows(name):
            values[number].append(value)
        return values

    def _rows(self, name: str) -> Iterable[tuple[int, str]]:
        chosen = pc.equal(self._property, name)
        numbers = self._number.filter(chosen.combine_chunks()).to_pylist()
        return zip(numbers, self._value.filter(chosen).to_pylist(), strict=True)


@cache
def _declaration(declared: str, source: str, *rest: str | None) -> LicenseDeclaration:
    """Return a declaration; the same ones are one object, for most are alike."""
    field, name, link, license_ = rest
    return LicenseDeclaration(
        declared=declared,
        source=_SOURCES[source],
        field=field or "",
        name=name,
        link=link,
        license=licenses_by_iri()[license_].key if license_ else None,
    )


@cache
def _task(iri: str) -> str:
    return v.parse_task_iri(iri)


@lru_cache(maxsize=65536)
def _id(iri: str | None) -> str | None:
    return None if iri is None else repository_id(iri)


def _grouped(owners: pa.Array, values: pa.Array) -> Values:
    found: Values = defaultdict(tuple)
    for owner, value in zip(owners.to_pylist(), values.to_pylist(), strict=True):
        found[owner] += (value,)
    return found


def _renamed(store: ox.Store, known: Mapping[Artefact, LicenseView]) -> dict[Artefact, LicenseView]:
    """Return the views of ids that are only remembered as names of before."""
    found = {}
    for kind, names in renames(store).items():
        for old, new in names.items():
            artefact = Artefact(kind, old)
            if artefact not in known:
                found[artefact] = reference(artefact, renamed_to=new)
    return found
