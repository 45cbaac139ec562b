"""Every IRI of the project: namespaces, and the two-way street between ids and IRIs.

Rule: no IRI is written anywhere else in Python. The namespaces are closed: a misspelt term is an
AttributeError at once. What our own terms mean is said in ``ontology.ttl``.

A repository is its address on the Hub. Ids are percent-encoded, so that any text, however
hostile, gives a valid IRI and comes back unchanged.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import quote, unquote

import msgspec
from rdflib import URIRef
from rdflib.namespace import (
    DCTERMS,
    PROV,
    RDF,
    RDFS,
    SH,
    SKOS,
    VOID,
    XSD,
    DefinedNamespace,
    Namespace,
)

from graph.model.records import Aspect, ClaimSource, Gating, IssueKind, Kind, Relation, Resolution

__all__ = [
    "ARXIV",
    "BASE",
    "CATALOG",
    "CC",
    "DCAT",
    "DCTERMS",
    "FAIR4ML",
    "FINDINGS",
    "GRAPHML",
    "HISTORY",
    "HUB",
    "LICENSES",
    "ONTOLOGY",
    "PREFIXES",
    "PREFIX_DECLARATIONS",
    "PROV",
    "RDF",
    "RDFS",
    "REMIX",
    "RESOLUTIONS",
    "SCHEMA",
    "SH",
    "SKOS",
    "SPDX",
    "SUMMARIES",
    "TASK_SCHEME",
    "VOCABULARY_VERSION",
    "VOID",
    "XSD",
    "aspect_iri",
    "claim_iri",
    "claim_source_iri",
    "commit_iri",
    "finding_iri",
    "gating_iri",
    "is_owned_by",
    "issue_kind_iri",
    "library_iri",
    "license_iri",
    "owner_iri",
    "paper_iri",
    "parse_commit_iri",
    "parse_library_iri",
    "parse_owner_iri",
    "parse_paper_iri",
    "parse_repository_iri",
    "parse_task_iri",
    "prefix_iri",
    "question_iri",
    "relation_iri",
    "relation_shortcut",
    "repository_iri",
    "resolution_iri",
    "run_iri",
    "snapshot_iri",
    "summary_iri",
    "task_iri",
]

VOCABULARY_VERSION = "0.2.0"
"""The version of ``ontology.ttl``; it changes apart from the code's."""


class REMIX(DefinedNamespace):
    """Our own terms; ``ontology.ttl`` defines each."""

    _fail = True
    _NS = Namespace("https://w3id.org/remixgraph/ns#")

    # classes
    Repository: URIRef
    Space: URIRef
    Owner: URIRef
    Library: URIRef
    RepositoryReference: URIRef
    Claim: URIRef
    BaseModelDeclaration: URIRef
    SourceDatasetDeclaration: URIRef
    GeneratorDeclaration: URIRef
    TrainingDataDeclaration: URIRef
    LicenseDeclaration: URIRef
    Evaluation: URIRef
    Issue: URIRef
    IngestRun: URIRef
    ChangeEvent: URIRef
    # schemes of the concepts that the enums of ``records`` stand for
    RelationScheme: URIRef
    ClaimSourceScheme: URIRef
    GatingScheme: URIRef
    IssueKindScheme: URIRef
    ResolutionStatusScheme: URIRef
    AspectScheme: URIRef
    # derivation
    finetunedFrom: URIRef
    adapterOf: URIRef
    mergedFrom: URIRef
    quantizedFrom: URIRef
    derivedFromUnspecified: URIRef
    sourcedFrom: URIRef
    generatedBy: URIRef
    trainingDataDeclaration: URIRef
    relation: URIRef
    shortcut: URIRef
    relationSource: URIRef
    rawValue: URIRef
    position: URIRef
    resolvedBy: URIRef
    AliasTable: URIRef
    ancestor: URIRef
    # licence
    licenseDeclaration: URIRef
    declaredLicense: URIRef
    declaredIn: URIRef
    licenseName: URIRef
    licenseLink: URIRef
    resolvesTo: URIRef
    licenseCategory: URIRef
    inheritedLicense: URIRef
    # repository
    resolutionStatus: URIRef
    Resolved: URIRef
    Renamed: URIRef
    Gated: URIRef
    NotFoundOrNoAccess: URIRef
    Disabled: URIRef
    NeverChecked: URIRef
    checkedAt: URIRef
    downloads: URIRef
    downloadsAllTime: URIRef
    likes: URIRef
    gated: URIRef
    disabled: URIRef
    headCommit: URIRef
    newVersion: URIRef
    library: URIRef
    parameters: URIRef
    emissions: URIRef
    sizeCategory: URIRef
    sdk: URIRef
    usedBySpace: URIRef
    usesModel: URIRef
    usesDataset: URIRef
    # evaluation
    evaluation: URIRef
    evaluationTask: URIRef
    datasetName: URIRef
    datasetConfig: URIRef
    datasetSplit: URIRef
    metric: URIRef
    metricName: URIRef
    score: URIRef
    scoreText: URIRef
    verified: URIRef
    sourceUrl: URIRef
    # issue
    issue: URIRef
    issueKind: URIRef
    field: URIRef
    offendingValue: URIRef
    foundAt: URIRef
    # change
    changeOf: URIRef
    aspect: URIRef
    oldValue: URIRef
    newValue: URIRef
    # run
    requests: URIRef
    pages: URIRef
    kept: URIRef
    failed: URIRef
    complete: URIRef
    # summary
    Summary: URIRef
    DescendantCount: URIRef
    MonthlyCount: URIRef
    DistantAncestor: URIRef
    LicenseTransition: URIRef
    UnlistedLicense: URIRef
    LineageProblem: URIRef
    MixedMerge: URIRef
    children: URIRef
    descendants: URIRef
    rank: URIRef
    about: URIRef
    count: URIRef
    countBefore: URIRef
    depth: URIRef
    distantAncestor: URIRef
    month: URIRef
    byRelation: URIRef
    parentLicense: URIRef
    childLicense: URIRef
    unlistedLicense: URIRef
    undeclaredBy: URIRef
    problem: URIRef
    child: URIRef
    parent: URIRef
    # finding
    LicenseFinding: URIRef
    UseGround: URIRef
    licenseFinding: URIRef
    rule: URIRef
    level: URIRef
    confidence: URIRef
    concerns: URIRef
    concernsLicense: URIRef
    cause: URIRef
    pathRelations: URIRef
    pathLength: URIRef
    reason: URIRef
    remedy: URIRef
    commercialUse: URIRef
    commercialGround: URIRef
    # facts about licences
    LicenseFact: URIRef
    licenseFact: URIRef
    term: URIRef
    value: URIRef
    clause: URIRef
    verification: URIRef


class FAIR4ML(DefinedNamespace):
    """The terms of FAIR4ML 0.1 that the graph uses."""

    _fail = True
    _NS = Namespace("https://w3id.org/fair4ml#")

    MLModel: URIRef
    fineTunedFrom: URIRef
    trainedOn: URIRef
    evaluatedOn: URIRef
    mlTask: URIRef


class DCAT(DefinedNamespace):
    """The terms of DCAT 3 that the graph uses (rdflib's own namespace stops at DCAT 2)."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/dcat#")

    Dataset: URIRef
    version: URIRef
    previousVersion: URIRef


class SCHEMA(DefinedNamespace):
    """The terms of schema.org that the graph uses, always with ``http``."""

    _fail = True
    _NS = Namespace("http://schema.org/")

    ScholarlyArticle: URIRef
    SoftwareApplication: URIRef
    inLanguage: URIRef
    keywords: URIRef


class CC(DefinedNamespace):
    """The terms of the Creative Commons Rights Expression Language that the graph uses."""

    _fail = True
    _NS = Namespace("http://creativecommons.org/ns#")

    License: URIRef
    permits: URIRef
    prohibits: URIRef
    requires: URIRef


HUB = "https://huggingface.co/"
SPDX = "http://spdx.org/licenses/"
ARXIV = "https://arxiv.org/abs/"
BASE = "https://w3id.org/remixgraph/"

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
"""The namespace of GraphML, which is XML and no RDF."""

CATALOG = URIRef(BASE + "catalog")
"""The named graph of ingestion runs and of what was wrong in input without a repository."""

HISTORY = URIRef(BASE + "history")
"""The named graph of change events: what a repository was before, and when that was seen."""

RESOLUTIONS = URIRef(BASE + "resolutions")
"""The named graph of look-ups: what the Hub answered for an id, and when. It is also the table of
aliases that were learned: an id that is Renamed says what replaced it."""

ONTOLOGY = URIRef(BASE + "ns")
"""The named graph that holds the ontology itself, so that labels can be asked for."""

SUMMARIES = URIRef(BASE + "summaries")
"""The named graph of counts over the whole graph, made anew whenever it changes."""

LICENSES = URIRef(BASE + "licenses")
"""The named graph of what licences permit, ask for and forbid, with who says so."""

FINDINGS = URIRef(BASE + "findings")
"""The named graph of what the licence rules find, and of whether commercial use is allowed."""

TASK_SCHEME = URIRef(HUB + "tasks")
"""The concept scheme of the Hub's tasks."""

PREFIXES = {
    "cc": str(CC._NS),
    "dcat": str(DCAT._NS),
    "dcterms": str(DCTERMS._NS),
    "fair4ml": str(FAIR4ML._NS),
    "hub": HUB,
    "prov": str(PROV._NS),
    "rdf": str(RDF._NS),
    "rdfs": str(RDFS._NS),
    "remix": str(REMIX._NS),
    "schema": str(SCHEMA._NS),
    "sh": str(SH),
    "skos": str(SKOS._NS),
    "spdx": SPDX,
    "void": str(VOID._NS),
    "xsd": str(XSD._NS),
}
"""The prefixes offered to every query and written into every Turtle file."""

PREFIX_DECLARATIONS = URIRef(BASE + "prefixes")
"""The node at which SHACL finds the prefixes that the named questions use."""

_FOLDER = {Kind.MODEL: "", Kind.DATASET: "datasets/", Kind.SPACE: "spaces/"}
_FOLDERS = (Kind.DATASET, Kind.SPACE)
_RESERVED = frozenset(["datasets", "spaces", "tasks", ".", ".."])
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][\w.-]*", re.ASCII)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-][\w.-]*(/[A-Za-z0-9_-][\w.-]*)?", re.ASCII)

_RELATION_SHORTCUT = {
    Relation.FINETUNE: REMIX.finetunedFrom,
    Relation.ADAPTER: REMIX.adapterOf,
    Relation.MERGE: REMIX.mergedFrom,
    Relation.QUANTIZED: REMIX.quantizedFrom,
    Relation.UNSPECIFIED: REMIX.derivedFromUnspecified,
    Relation.SOURCE: REMIX.sourcedFrom,
    Relation.GENERATED: REMIX.generatedBy,
    Relation.TRAINED_ON: FAIR4ML.trainedOn,
}


def repository_iri(kind: Kind, repository_id: str) -> str:
    """Return the IRI of a repository.

    >>> repository_iri(Kind.DATASET, "rajpurkar/squad")
    'https://huggingface.co/datasets/rajpurkar/squad'
    >>> repository_iri(Kind.MODEL, "gpt2")
    'https://huggingface.co/gpt2'
    """
    return HUB + _FOLDER[kind] + _encode_id(repository_id)


def parse_repository_iri(iri: str) -> tuple[Kind, str] | None:
    """Return the kind and id that an IRI stands for, or None when it is no repository's.

    >>> parse_repository_iri("https://huggingface.co/spaces/acme/demo")
    (<Kind.SPACE: 'space'>, 'acme/demo')
    """
    if not iri.startswith(HUB):
        return None
    path = iri[len(HUB) :]
    kind = next((kind for kind in _FOLDERS if path.startswith(_FOLDER[kind])), Kind.MODEL)
    repository_id = unquote(path[len(_FOLDER[kind]) :])
    # Only what repository_iri gives: not a task, a commit, a file, or an id spelt otherwise.
    return (kind, repository_id) if iri == repository_iri(kind, repository_id) else None


def owner_iri(name: str) -> str:
    """Return the IRI of a person or organisation.

    Without the fragment it would collide with legacy models that have no owner (``gpt2``).
    """
    return f"{HUB}{_encode(name)}#owner"


def parse_owner_iri(iri: str) -> str:
    """Return the name in an owner's IRI."""
    return unquote(iri[len(HUB) :].removesuffix("#owner"))


def claim_iri(subject: str, word: str, *key: object) -> str:
    """Return the IRI of a claim about a repository: a fragment of the repository's own IRI.

    The fragment is a hash of the claim's key, so the same claim always has the same IRI and no
    blank node is needed; the prefix tells whose claim it is.
    """
    # JSON, because it tells None from "" and one part from the next, whatever the text.
    digest = blake2b(msgspec.json.encode(key), digest_size=8).hexdigest()
    return f"{subject}#{word}-{digest}"


def commit_iri(subject: str, sha: str) -> str:
    """Return the IRI of a commit of the repository whose IRI is ``subject``."""
    return f"{subject}/tree/{_encode(sha)}"


def parse_commit_iri(iri: str) -> str:
    """Return the sha in a commit's IRI."""
    return unquote(iri.rpartition("/tree/")[2])


def is_owned_by(node: str, repository: str) -> bool:
    """Tell whether a node is a part of a repository: a claim about it or a commit of it."""
    if not node.startswith(repository):
        return False
    rest = node[len(repository) :]
    return (rest.startswith("#") and rest != "#owner") or rest.startswith("/tree/")


def paper_iri(arxiv_id: str) -> str:
    """Return the IRI of a paper on arXiv, without a version."""
    return ARXIV + quote(arxiv_id, safe="/")


def parse_paper_iri(iri: str) -> str:
    """Return the arXiv id in a paper's IRI."""
    return unquote(iri[len(ARXIV) :])


def task_iri(name: str) -> str:
    """Return the IRI of a task."""
    return f"{HUB}tasks/{_encode(name)}"


def parse_task_iri(iri: str) -> str:
    """Return the name in a task's IRI."""
    return unquote(iri[len(HUB) + len("tasks/") :])


def library_iri(name: str) -> str:
    """Return the IRI of a library, the tool a model is loaded with."""
    return f"{BASE}library/{_encode(name)}"


def parse_library_iri(iri: str) -> str:
    """Return the name in a library's IRI."""
    return unquote(iri[len(BASE) + len("library/") :])


def license_iri(key: str, spdx_id: str | None) -> str:
    """Return the IRI of a licence: SPDX's where it has one, else our own from the Hub's key."""
    return SPDX + spdx_id if spdx_id else f"{BASE}license/{_encode(key)}"


def run_iri(digest: str) -> str:
    """Return the IRI of an ingestion run."""
    return f"{BASE}run/{digest}"


def snapshot_iri(digest: str) -> str:
    """Return the IRI of the graph in a snapshot, given the digest of its N-Quads."""
    return f"{BASE}snapshot/{digest}"


def question_iri(name: str) -> str:
    """Return the IRI of a named question."""
    return f"{BASE}question/{name}"


def prefix_iri(name: str) -> str:
    """Return the IRI of the declaration of a prefix."""
    return f"{BASE}prefix/{name}"


def summary_iri(word: str, *key: object) -> str:
    """Return the IRI of a summary of the whole graph: its kind, and a hash of what it is about."""
    digest = blake2b(msgspec.json.encode(key), digest_size=8).hexdigest()
    return f"{BASE}summary/{word}-{digest}"


def finding_iri(word: str, *key: object) -> str:
    """Return the IRI of a finding that is the same for many repositories, from what it says."""
    digest = blake2b(msgspec.json.encode(key), digest_size=8).hexdigest()
    return f"{BASE}finding/{word}-{digest}"


def relation_shortcut(relation: Relation) -> URIRef:
    """Return the property that links the two ends of a relation directly."""
    return _RELATION_SHORTCUT[relation]


def relation_iri(relation: Relation) -> str:
    """Return the concept that stands for a relation."""
    return f"{REMIX._NS}{relation.value}"


def claim_source_iri(source: ClaimSource) -> str:
    """Return the concept that stands for the source of a claim."""
    return f"{REMIX._NS}{source.value}"


def gating_iri(gating: Gating) -> str:
    """Return the concept that stands for a kind of gating."""
    return f"{REMIX._NS}Gated{gating.value.capitalize()}"


def resolution_iri(resolution: Resolution) -> str:
    """Return the concept that stands for a resolution status."""
    return f"{REMIX._NS}{resolution.value}"


def aspect_iri(aspect: Aspect) -> str:
    """Return the concept that stands for an aspect in which repositories change."""
    return f"{REMIX._NS}{aspect.value}Aspect"


def issue_kind_iri(kind: IssueKind) -> str:
    """Return the concept that stands for a kind of issue."""
    return f"{REMIX._NS}issue-{kind.value}"


def _encode_id(repository_id: str) -> str:
    """Percent-encode an id, keeping the slash after the owner.

    A first segment that means something else on the Hub ("datasets") is encoded in full, so that
    no id can pass for something it is not.
    """
    owner, slash, name = repository_id.partition("/")
    if owner in _RESERVED:
        return _encode_fully(owner) + slash + _encode(name)
    if _PLAIN_ID.fullmatch(repository_id):
        return repository_id
    return _encode(owner) + slash + _encode(name)


def _encode(text: str) -> str:
    """Percent-encode everything but unreserved characters."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    return _encode_fully(text) if text in {".", ".."} else quote(text, safe="")


def _encode_fully(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
