"""The one mapping between records and RDF, in both directions.

``record_triples`` walks the tables of ``properties`` forward, ``record_from_triples`` backward.
Triples are N-Triples text, so the bulk path joins them into lines and ``rdflib_triples`` parses
them into terms: both carry the same graph by construction.

Beside its properties a repository has shortcuts (``prov:wasDerivedFrom``, ``dcterms:license``
and the like) that follow from its claims; they are written, and ignored on the way back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import msgspec

from graph.model import vocabulary as v
from graph.model.records import Derivation, Issue, Kind, Model, Record, Relation, Repository
from graph.rdf import terms
from graph.rdf.properties import (
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


def record_triples(record: Repository) -> list[Triple]:
    """Return every triple that a repository's record stands for, in an order of their own.

    They are gathered in one list, not yielded through nested generators: this is the hot path
    of a bulk build, and it is a third faster so.
    """
    node = v.repository_iri(record.kind, record.id)
    subject = terms.iri(node)
    triples = [(subject, type_, CLASSES[record.kind])]
    triples.append((subject, _IDENTIFIER, terms.text(record.id)))
    owner, slash, _ = record.id.partition("/")
    if slash:
        triples.append((subject, _OWNER, terms.iri(v.owner_iri(owner))))
    _add_properties(triples, subject, record, PROPERTIES[type(record)])
    if record.new_version is not None:
        newer = v.repository_iri(record.kind, record.new_version)
        triples.append((subject, _REPLACED_BY, terms.iri(newer)))
    if record.commit is not None:
        commit = terms.iri(v.commit_iri(node, record.commit))
        triples += (subject, _COMMIT, commit), (commit, _COMMIT_OF, subject)
    for shape in CLAIMS:
        for claim in getattr(record, shape.attribute, ()):
            _add_claim(triples, node, shape, claim)
    _add_shortcuts(triples, subject, record)
    return triples


def issue_triples(node: str, issue: Issue) -> list[Triple]:
    """Return an issue as a claim about a node that is no repository: a run."""
    triples: list[Triple] = []
    _add_claim(triples, node, next(shape for shape in CLAIMS if shape.record is Issue), issue)
    return triples


def nquads(triples: Iterable[Triple], graph: str = "") -> bytes:
    """Return triples as lines of N-Quads, in the default graph or in the one named."""
    end = f" {terms.iri(graph)} .\n" if graph else " .\n"
    return "".join([f"{s} {p} {o}{end}" for s, p, o in triples]).encode()


def mentions(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the nodes that triples point at and that need a description of their own.

    Not yielded: classes and concepts (the ontology describes them), and the claims and the
    commit of the repository itself.
    """
    for s, p, o in triples:
        if p in _POINTING and o != s and not s.startswith(f"{o[:-1]}#"):
            yield o[1:-1]


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


_TABLES = PROPERTIES | {shape.record: shape.properties for shape in CLAIMS}
_READ = {kind: attrgetter(*(entry.name for entry in table)) for kind, table in _TABLES.items()}
"""All properties of a record in one call, in the order of its table."""

_POINTING = frozenset(
    [_OWNER, _DERIVED, _LICENSE, _EVALUATED_ON, _REPLACED_BY, TARGET, *_SHORTCUT.values()]
    + [entry.predicate for table in _TABLES.values() for entry in table if entry.codec.points]
)
"""The predicates whose objects are nodes with a description of their own."""


def _add_properties(
    triples: list[Triple], subject: str, record: Record, properties: tuple[Property, ...]
) -> None:
    for entry, value in zip(properties, _READ[type(record)](record), strict=True):
        if value is None or value == ():
            continue
        _, predicate, codec, many, default = entry
        if value == default:
            continue
        if many:
            triples += [(subject, predicate, codec.encode(item)) for item in value]
        else:
            triples.append((subject, predicate, codec.encode(value)))


def _add_claim(triples: list[Triple], node: str, shape: ClaimShape, claim: Record) -> None:
    fragment = terms.iri(v.claim_iri(node, shape.word, *_claim_key(claim)))
    triples.append((terms.iri(node), shape.link(claim), fragment))
    triples.append((fragment, type_, shape.class_(claim)))
    _add_properties(triples, fragment, claim, shape.properties)
    if isinstance(claim, Derivation):
        if claim.target is not None:
            target = TARGET_CODEC[claim.relation].encode(claim.target)
            triples.append((fragment, TARGET, target))
        if claim.aliased:
            triples.append((fragment, ALIAS.predicate, ALIAS.codec.encode(claim.aliased)))


def _claim_key(claim: Record) -> tuple[object, ...]:
    """Return what makes a claim this claim: a derivation's ends and relation, else all of it."""
    if isinstance(claim, Derivation):
        return claim.relation, claim.raw if claim.target is None else claim.target
    return msgspec.structs.astuple(claim)


def _add_shortcuts(triples: list[Triple], subject: str, record: Repository) -> None:
    """Add what follows from the claims, so that a query finds it in one step."""
    derived: set[str] = set()
    for claim in record.derivations:
        if claim.target is not None:
            target = TARGET_CODEC[claim.relation].encode(claim.target)
            triples.append((subject, _SHORTCUT[claim.relation], target))
            if claim.relation.is_derivation:
                derived.add(target)
    triples += [(subject, _DERIVED, target) for target in sorted(derived)]
    licenses = {claim.license for claim in record.licenses if claim.license is not None}
    triples += [(subject, _LICENSE, LICENSE.encode(license_)) for license_ in sorted(licenses)]
    if isinstance(record, Model) and record.evaluations:
        datasets = {e.dataset for e in record.evaluations if e.dataset is not None}
        encode = TARGET_CODEC[Relation.SOURCE].encode
        triples += [(subject, _EVALUATED_ON, encode(dataset)) for dataset in sorted(datasets)]


def _find_repository(nodes: dict[str, dict[str, list[str]]]) -> tuple[str, Kind, str]:
    classes = set(CLASSES.values())
    for subject, properties in nodes.items():
        if classes.intersection(properties.get(type_, ())):
            parsed = v.parse_repository_iri(terms.iri_value(subject))
            if parsed is not None:
                return subject, *parsed
    message = "these triples describe no repository"
    raise ValueError(message)


def _property_values(own: dict[str, list[str]], properties: tuple[Property, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, predicate, codec, many, _ in properties:
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
