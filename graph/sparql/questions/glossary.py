"""The terms that a query can use, and what each means: ours, and others as they are used here.

Rule: a term is written as it stands in a query, with one of our prefixes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import pyoxigraph as ox

from graph.model import vocabulary as v

__all__ = ["Entry", "curie", "glossary", "short_name"]

_KINDS = {"Class": "class", "ObjectProperty": "property", "DatatypeProperty": "property"}
_LOCAL = re.compile(r"[\w-]+(\.[\w-]+)*")


class Entry(NamedTuple):
    """A term: how it is written, whether it is a class, property or concept, and what it means."""

    name: str
    kind: str
    label: str
    definition: str


@cache
def glossary() -> tuple[Entry, ...]:
    """Return every term, by its name.

    >>> next(entry.label for entry in glossary() if entry.name == "prov:wasDerivedFrom")
    'was derived from'
    """
    return tuple(
        sorted(
            {*_read("graph.rdf", "ontology.ttl"), *_read("graph.sparql.questions", "foreign.ttl")}
        )
    )


def curie(iri: str) -> str | None:
    """Return an IRI as it is written with one of our prefixes, if it can be.

    The longest namespace counts. The Hub's is none of them here: what is on it has an address.

    >>> curie("http://www.w3.org/ns/prov#entity"), curie("javascript:alert(1)")
    ('prov:entity', None)
    """
    found = None
    for prefix, namespace in _namespaces():
        if iri.startswith(namespace) and _LOCAL.fullmatch(local := iri[len(namespace) :]):
            found = found or f"{prefix}:{local}"
    return found


def short_name(iri: str) -> str:
    """Return what people call an IRI: the id of a repository, else it with a prefix, else it whole.

    >>> short_name("https://huggingface.co/datasets/acme/qa"), short_name("any text")
    ('acme/qa', 'any text')
    """
    parsed = v.parse_repository_iri(iri)
    return parsed[1] if parsed else curie(iri) or iri


@cache
def _namespaces() -> tuple[tuple[str, str], ...]:
    known = [(prefix, iri) for prefix, iri in v.PREFIXES.items() if iri != v.HUB]
    return tuple(sorted(known, key=lambda entry: -len(entry[1])))


def _read(package: str, name: str) -> Iterator[Entry]:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in ox.parse(files(package).joinpath(name).read_bytes(), ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
            said[quad.subject.value][quad.predicate.value] = quad.object.value
    for iri, facts in said.items():
        kind = facts.get(v.RDF.type, "").rpartition("#")[2]
        written = curie(iri)
        if written and v.SKOS.definition in facts:
            definition = facts[v.SKOS.definition]
            yield Entry(written, _KINDS.get(kind, "concept"), facts[v.RDFS.label], definition)
