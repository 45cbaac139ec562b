"""The tables of the mapping: which attribute of a record is which RDF property.

Data, not behaviour: ``triples`` walks these tables in both directions. A table's order is the
order in which triples are written.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from graph.model import vocabulary as v
from graph.model.licenses import licenses
from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Evaluation,
    Gating,
    Issue,
    IssueKind,
    Kind,
    LicenseDeclaration,
    Model,
    Record,
    Relation,
    Repository,
    Resolution,
    Space,
)
from graph.rdf import terms


class Codec(NamedTuple):
    """The two directions between a Python value and an N-Triples term.

    ``points`` tells that the term is a node that others share, with a description of its own.
    """

    encode: Callable[[Any], str]
    decode: Callable[[str], Any]
    points: bool = False


class Property(NamedTuple):
    """One attribute of a record and the property that carries it.

    ``default`` is not written: a record that is read without it has it all the same.
    """

    name: str
    predicate: str
    codec: Codec
    many: bool = False
    default: object = None


class ClaimShape(NamedTuple):
    """How one type of claim hangs on its repository."""

    attribute: str
    record: type[Record]
    word: str
    properties: tuple[Property, ...]
    link: Callable[[Any], str]
    class_: Callable[[Any], str]


def _concept(to_iri: Callable[[Any], str], members: type[StrEnum]) -> Codec:
    by_iri = {terms.iri(to_iri(member)): member for member in members}
    by_member = {member: term for term, member in by_iri.items()}
    return Codec(by_member.__getitem__, by_iri.__getitem__)


def _named(to_iri: Callable[[str], str], from_iri: Callable[[str], str]) -> Codec:
    return Codec(lambda value: f"<{to_iri(value)}>", lambda term: from_iri(term[1:-1]), points=True)


def _repository(kind: Kind) -> Codec:
    return _named(lambda value: v.repository_iri(kind, value), repository_id)


def repository_id(iri: str) -> str:
    """Return the id of a repository's IRI that is known to be one."""
    parsed = v.parse_repository_iri(iri)
    if parsed is None:
        message = f"{iri} is not the IRI of a repository"
        raise ValueError(message)
    return parsed[1]


def _p(
    name: str, predicate: str, codec: Codec, *, many: bool = False, default: object = None
) -> Property:
    return Property(name, terms.iri(predicate), codec, many, default)


TEXT = Codec(terms.text, terms.literal_value)
URI = Codec(terms.uri, terms.literal_value)
INSTANT = Codec(terms.instant, terms.literal_value)
INTEGER = Codec(terms.integer, lambda term: int(terms.literal_value(term)))
DOUBLE = Codec(terms.double, lambda term: float(terms.literal_value(term)))
BOOLEAN = Codec(terms.boolean, lambda term: terms.literal_value(term) == "true")
MODEL_ID = _repository(Kind.MODEL)
DATASET_ID = _repository(Kind.DATASET)
SPACE_ID = _repository(Kind.SPACE)
PAPER = _named(v.paper_iri, v.parse_paper_iri)
TASK = _named(v.task_iri, v.parse_task_iri)
LIBRARY = _named(v.library_iri, v.parse_library_iri)
LICENSE = Codec(
    {key: terms.iri(entry.iri) for key, entry in licenses().items()}.__getitem__,
    {terms.iri(entry.iri): key for key, entry in licenses().items()}.__getitem__,
    points=True,
)
GATING = _concept(v.gating_iri, Gating)
RESOLUTION = _concept(v.resolution_iri, Resolution)
RELATION = _concept(v.relation_iri, Relation)
CLAIM_SOURCE = _concept(v.claim_source_iri, ClaimSource)
ISSUE_KIND = _concept(v.issue_kind_iri, IssueKind)
ALIASED = Codec(lambda _: terms.iri(v.REMIX.AliasTable), lambda _: True)

_ID_CODEC = {Kind.MODEL: MODEL_ID, Kind.DATASET: DATASET_ID, Kind.SPACE: SPACE_ID}


def _repository_properties(kind: Kind) -> tuple[Property, ...]:
    return (
        _p("title", v.DCTERMS.title, TEXT),
        _p("created", v.DCTERMS.created, INSTANT),
        _p("modified", v.DCTERMS.modified, INSTANT),
        _p("downloads", v.REMIX.downloads, INTEGER),
        _p("downloads_all_time", v.REMIX.downloadsAllTime, INTEGER),
        _p("likes", v.REMIX.likes, INTEGER),
        _p("gating", v.REMIX.gated, GATING),
        _p("disabled", v.REMIX.disabled, BOOLEAN),
        _p("new_version", v.REMIX.newVersion, _ID_CODEC[kind]),
        _p("status", v.REMIX.resolutionStatus, RESOLUTION),
        _p("tasks", v.FAIR4ML.mlTask, TASK, many=True),
        _p("languages", v.SCHEMA.inLanguage, TEXT, many=True),
        _p("papers", v.DCTERMS.references, PAPER, many=True),
    )


PROPERTIES: dict[type[Repository], tuple[Property, ...]] = {
    Model: (
        *_repository_properties(Kind.MODEL),
        _p("library", v.REMIX.library, LIBRARY),
        _p("parameters", v.REMIX.parameters, INTEGER),
        _p("emissions", v.REMIX.emissions, DOUBLE),
        _p("spaces", v.REMIX.usedBySpace, SPACE_ID, many=True),
    ),
    Dataset: (
        *_repository_properties(Kind.DATASET),
        _p("sizes", v.REMIX.sizeCategory, TEXT, many=True),
    ),
    Space: (
        *_repository_properties(Kind.SPACE),
        _p("sdk", v.REMIX.sdk, TEXT),
        _p("models", v.REMIX.usesModel, MODEL_ID, many=True),
        _p("datasets", v.REMIX.usesDataset, DATASET_ID, many=True),
    ),
}
"""The plain properties of each type of repository."""

RECORD_TYPES: dict[Kind, type[Repository]] = {
    Kind.MODEL: Model,
    Kind.DATASET: Dataset,
    Kind.SPACE: Space,
}
"""The record type of each kind of repository."""

CLASSES: dict[Kind, str] = {
    Kind.MODEL: terms.iri(v.FAIR4ML.MLModel),
    Kind.DATASET: terms.iri(v.DCAT.Dataset),
    Kind.SPACE: terms.iri(v.REMIX.Space),
}
"""The RDF class of each kind of repository."""

_LINK = {relation: terms.iri(v.relation_link(relation)) for relation in Relation}
_CLASS = {relation: terms.iri(v.relation_class(relation)) for relation in Relation}


def _fixed(term: str) -> Callable[[object], str]:
    return lambda _: term


CLAIMS = (
    ClaimShape(
        "derivations",
        Derivation,
        "derivation",
        (
            _p("relation", v.REMIX.relation, RELATION),
            _p("raw", v.REMIX.rawValue, TEXT, many=True),
            _p("sources", v.REMIX.relationSource, CLAIM_SOURCE, many=True),
            _p("position", v.REMIX.position, INTEGER, default=0),
        ),
        lambda claim: _LINK[claim.relation],
        lambda claim: _CLASS[claim.relation],
    ),
    ClaimShape(
        "licenses",
        LicenseDeclaration,
        "license",
        (
            _p("declared", v.REMIX.declaredLicense, TEXT),
            _p("field", v.REMIX.declaredIn, TEXT, default="license"),
            _p("source", v.REMIX.relationSource, CLAIM_SOURCE),
            _p("name", v.REMIX.licenseName, TEXT),
            _p("link", v.REMIX.licenseLink, URI),
            _p("license", v.REMIX.resolvesTo, LICENSE),
        ),
        _fixed(terms.iri(v.REMIX.licenseDeclaration)),
        _fixed(terms.iri(v.REMIX.LicenseDeclaration)),
    ),
    ClaimShape(
        "evaluations",
        Evaluation,
        "evaluation",
        (
            _p("task", v.REMIX.evaluationTask, TEXT),
            _p("dataset", v.FAIR4ML.evaluatedOn, DATASET_ID),
            _p("dataset_declared", v.REMIX.rawValue, TEXT),
            _p("dataset_name", v.REMIX.datasetName, TEXT),
            _p("dataset_config", v.REMIX.datasetConfig, TEXT),
            _p("dataset_split", v.REMIX.datasetSplit, TEXT),
            _p("metric", v.REMIX.metric, TEXT),
            _p("metric_name", v.REMIX.metricName, TEXT),
            _p("value", v.REMIX.score, DOUBLE),
            _p("value_text", v.REMIX.scoreText, TEXT),
            _p("verified", v.REMIX.verified, BOOLEAN),
            _p("source_url", v.REMIX.sourceUrl, URI),
        ),
        _fixed(terms.iri(v.REMIX.evaluation)),
        _fixed(terms.iri(v.REMIX.Evaluation)),
    ),
    ClaimShape(
        "issues",
        Issue,
        "issue",
        (
            _p("kind", v.REMIX.issueKind, ISSUE_KIND),
            _p("field", v.REMIX.field, TEXT),
            _p("value", v.REMIX.offendingValue, TEXT),
            _p("where", v.REMIX.foundAt, TEXT),
        ),
        _fixed(terms.iri(v.REMIX.issue)),
        _fixed(terms.iri(v.REMIX.Issue)),
    ),
)
"""The types of claim, each with its own node beside the repository."""

TARGET = terms.iri(v.PROV.entity)
ALIAS = _p("aliased", v.REMIX.resolvedBy, ALIASED)
TARGET_CODEC = {relation: _ID_CODEC[relation.target_kind] for relation in Relation}
"""How the target of a derivation is written: its kind follows from the relation."""

DERIVED = (v.REMIX.ancestor, v.REMIX.inheritedLicense)
"""The properties of a repository that follow from other repositories: no record knows of them."""
