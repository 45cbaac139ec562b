"""The one mapping between records and RDF, in both directions.

``record_triples`` walks the tables of ``properties`` forward, ``record_from_triples`` backward.
Triples are N-Triples text, so the bulk path joins them into lines and the rdflib path parses
them into terms: both carry the same graph by construction.

Beside its properties a repository has shortcuts (``prov:wasDerivedFrom``, ``dcterms:license``
and the like) that follow from its claims; they are written, and ignored on the way back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from rdflib import Literal, URIRef

from graph import terms
from graph import vocabulary as v
from graph.properties import (
    ALIAS,
    CLAIMS,
    CLASSES,
    LICENSE,
    PROPERTIES,
    RECORD_TYPES,
    TARGET,
    TARGET_CODEC,
    ClaimShape,
    Property,
)
from graph.records import Derivation, Issue, Kind, Model, Record, Relation, Repository

type_ = terms.iri(v.RDF.type)
_IDENTIFIER = terms.iri(v.DCTERMS.identifier)
_OWNER = terms.iri(v.PROV.wasAttributedTo)
_DERIVED = terms.iri(v.PROV.wasDerivedFrom)
_LICENSE = terms.iri(v.DCTERMS.license)
_EVALUATED_ON = terms.iri(v.FAIR4ML.evaluatedOn)
_REPLACED_BY = terms.iri(v.DCTERMS.isReplacedBy)
_COMMIT = terms.iri(v.REMIX.headCommit)
_COMMIT_OF = terms.iri(v.PROV.specializationOf)
_SHORTCUT = {relation: terms.iri(v.relation_shortcut(relation)) for relation in Relation}

Triple = tuple[str, str, str]
"""A triple whose terms are N-Triples text."""


def record_triples(record: Repository) -> Iterator[Triple]:
    """Yield every triple that a repository's record stands for, the same ones every time."""
    node = v.repository_iri(record.kind, record.id)
    subject = terms.iri(node)
    yield subject, type_, CLASSES[record.kind]
    yield subject, _IDENTIFIER, terms.text(record.id)
    owner, slash, _ = record.id.partition("/")
    if slash:
        yield subject, _OWNER, terms.iri(v.owner_iri(owner))
    yield from _property_triples(subject, record, PROPERTIES[type(record)])
    if record.new_version is not None:
        kind = record.kind
        yield subject, _REPLACED_BY, terms.iri(v.repository_iri(kind, record.new_version))
    if record.commit is not None:
        commit = terms.iri(v.commit_iri(node, record.commit))
        yield subject, _COMMIT, commit
        yield commit, _COMMIT_OF, subject
    for shape in CLAIMS:
        for claim in getattr(record, shape.attribute, ()):
            yield from _claim_triples(node, subject, shape, claim)
    yield from _shortcut_triples(subject, record)


def issue_triples(node: str, issue: Issue) -> Iterator[Triple]:
    """Yield an issue as a claim about a node that is no repository: a run."""
    shape = next(shape for shape in CLAIMS if shape.record is Issue)
    yield from _claim_triples(node, terms.iri(node), shape, issue)


def nquads(triples: Iterable[Triple], graph: str = "") -> bytes:
    """Return triples as lines of N-Quads, in the default graph or in the one named."""
    end = f" {terms.iri(graph)} .\n" if graph else " .\n"
    return "".join([f"{s} {p} {o}{end}" for s, p, o in triples]).encode()


def rdflib_triples(
    triples: Iterable[Triple],
) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """Yield triples in rdflib's terms."""
    for s, p, o in triples:
        yield URIRef(s[1:-1]), URIRef(p[1:-1]), _rdflib_term(o)


def mentions(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the nodes that triples point at and that need a description of their own.

    Not yielded: classes and concepts (the ontology describes them), and the claims and the
    commit of the repository itself.
    """
    for s, p, o in triples:
        if o[0] == "<" and p != type_ and not o.startswith(_OWN_TERMS):
            node, subject = o[1:-1], s[1:-1]
            own = node == subject or v.is_owned_by(node, subject) or v.is_owned_by(subject, node)
            if not own:
                yield node


def record_from_triples(triples: Iterable[Triple]) -> Repository:
    """Return the record of one repository from all triples of it, its claims and its commit.

    Raises ValueError when no subject among them is a typed repository.
    """
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        nodes[s][p].append(o)
    subject, kind, repository_id = _find_repository(nodes)
    own = nodes[subject]
    record_type = RECORD_TYPES[kind]
    values = _property_values(own, PROPERTIES[record_type])
    if _COMMIT in own:
        values["commit"] = v.parse_commit_iri(terms.iri_value(own[_COMMIT][0]))
    for shape in CLAIMS:
        if shape.attribute in record_type.__struct_fields__:
            values[shape.attribute] = tuple(_claims(nodes, subject, shape))
    return record_type(id=repository_id, **values)


_OWN_TERMS = f"<{v.REMIX._NS}"


def _property_triples(
    subject: str, record: Record, properties: tuple[Property, ...]
) -> Iterator[Triple]:
    for name, predicate, codec, many in properties:
        value = getattr(record, name)
        if many:
            for item in value:
                yield subject, predicate, codec.encode(item)
        elif value is not None:
            yield subject, predicate, codec.encode(value)


def _claim_triples(node: str, subject: str, shape: ClaimShape, claim: Record) -> Iterator[Triple]:
    fragment = terms.iri(v.claim_iri(node, shape.word, *_claim_key(claim)))
    yield subject, shape.link(claim), fragment
    for class_ in shape.classes(claim):
        yield fragment, type_, class_
    yield from _property_triples(fragment, claim, shape.properties)
    if isinstance(claim, Derivation):
        if claim.target is not None:
            yield fragment, TARGET, TARGET_CODEC[claim.relation].encode(claim.target)
        if claim.aliased:
            yield fragment, ALIAS.predicate, ALIAS.codec.encode(claim.aliased)


def _claim_key(claim: Record) -> tuple[object, ...]:
    """Return what makes a claim this claim: a derivation's ends and relation, else all of it."""
    if isinstance(claim, Derivation):
        return claim.relation, claim.raw if claim.target is None else claim.target
    return msgspec.structs.astuple(claim)


def _shortcut_triples(subject: str, record: Repository) -> Iterator[Triple]:
    """Yield what follows from the claims, so that a query finds it in one step."""
    targets = [claim for claim in record.derivations if claim.target is not None]
    for claim in targets:
        target = TARGET_CODEC[claim.relation].encode(claim.target)
        yield subject, _SHORTCUT[claim.relation], target
    derived = [claim for claim in targets if claim.relation is not Relation.TRAINED_ON]
    for target in sorted({TARGET_CODEC[c.relation].encode(c.target) for c in derived}):
        yield subject, _DERIVED, target
    for license_ in sorted({claim.license for claim in record.licenses if claim.license}):
        yield subject, _LICENSE, LICENSE.encode(license_)
    if isinstance(record, Model):
        for dataset in sorted({e.dataset for e in record.evaluations if e.dataset is not None}):
            yield subject, _EVALUATED_ON, TARGET_CODEC[Relation.SOURCE].encode(dataset)


def _rdflib_term(term: str) -> URIRef | Literal:
    if terms.is_iri(term):
        return URIRef(terms.iri_value(term))
    datatype = term[term.rindex('"') + 1 :].removeprefix("^^")
    return Literal(
        terms.literal_value(term),
        datatype=URIRef(terms.iri_value(datatype)) if datatype else None,
        normalize=False,
    )


def _find_repository(nodes: dict[str, dict[str, list[str]]]) -> tuple[str, Kind, str]:
    classes = set(CLASSES.values())
    for subject, properties in nodes.items():
        if classes.intersection(properties.get(type_, ())):
            parsed = v.parse_repository_iri(terms.iri_value(subject))
            if parsed is not None:
                return subject, *parsed
    message = "these triples describe no repository"
    raise ValueError(message)


def _property_values(
    own: dict[str, list[str]], properties: tuple[Property, ...]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, predicate, codec, many in properties:
        objects = own.get(predicate)
        if objects:
            decoded = [codec.decode(term) for term in objects]
            values[name] = tuple(decoded) if many else decoded[0]
    return values


def _claims(
    nodes: dict[str, dict[str, list[str]]], subject: str, shape: ClaimShape
) -> Iterator[Record]:
    prefix = f"{subject[:-1]}#{shape.word}-"
    for node in [node for node in nodes if node.startswith(prefix)]:
        values = _property_values(nodes[node], shape.properties)
        if shape.record is Derivation:
            targets = nodes[node].get(TARGET, [None])
            codec = TARGET_CODEC[values["relation"]]
            values["target"] = codec.decode(targets[0]) if targets[0] else None
            values["aliased"] = ALIAS.predicate in nodes[node]
        yield shape.record(**values)
