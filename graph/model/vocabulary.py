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

from graph.model.namespace import Namespace
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
    "expand",
    "finding_iri",
    "gating_iri",
    "is_owned_by",
    "issue_kind_iri",
    "library_iri",
    "license_iri",
    "member_iri",
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
    "relation_class",
    "relation_iri",
    "relation_link",
    "relation_shortcut",
    "repository_iri",
    "resolution_iri",
    "run_iri",
    "snapshot_iri",
    "summary_iri",
    "task_iri",
]

VOCABULARY_VERSION = "0.3.0"
"""The version of ``ontology.ttl``; it changes apart from the code's."""


class REMIX(Namespace, iri="https://w3id.org/remixgraph/ns#"):
    """Our own terms; ``ontology.ttl`` defines each."""

    # classes
    Repository: str
    Space: str
    Owner: str
    Library: str
    RepositoryReference: str
    Claim: str
    BaseModelDeclaration: str
    SourceDatasetDeclaration: str
    GeneratorDeclaration: str
    TrainingDataDeclaration: str
    PretrainingDataDeclaration: str
    DecontaminationDeclaration: str
    LicenseDeclaration: str
    Evaluation: str
    Issue: str
    IngestRun: str
    ChangeEvent: str
    # schemes of the concepts that the enums of ``records`` stand for
    RelationScheme: str
    ClaimSourceScheme: str
    GatingScheme: str
    IssueKindScheme: str
    ResolutionStatusScheme: str
    AspectScheme: str
    # derivation
    finetunedFrom: str
    adapterOf: str
    mergedFrom: str
    quantizedFrom: str
    derivedFromUnspecified: str
    sourcedFrom: str
    generatedBy: str
    distilledFrom: str
    convertedFrom: str
    filteredFrom: str
    pretrainedOn: str
    decontaminatedAgainst: str
    trainingDataDeclaration: str
    pretrainingDataDeclaration: str
    decontaminationDeclaration: str
    relation: str
    shortcut: str
    relationSource: str
    rawValue: str
    position: str
    resolvedBy: str
    AliasTable: str
    ancestor: str
    # licence
    licenseDeclaration: str
    declaredLicense: str
    declaredIn: str
    licenseName: str
    licenseLink: str
    resolvesTo: str
    licenseCategory: str
    inheritedLicense: str
    # repository
    resolutionStatus: str
    Resolved: str
    Renamed: str
    Gated: str
    NotFoundOrNoAccess: str
    Disabled: str
    NeverChecked: str
    checkedAt: str
    downloads: str
    downloadsAllTime: str
    likes: str
    gated: str
    disabled: str
    headCommit: str
    newVersion: str
    library: str
    parameters: str
    emissions: str
    sizeCategory: str
    sdk: str
    usedBySpace: str
    usesModel: str
    usesDataset: str
    # evaluation
    evaluation: str
    evaluationTask: str
    datasetName: str
    datasetConfig: str
    datasetSplit: str
    metric: str
    metricName: str
    score: str
    scoreText: str
    verified: str
    sourceUrl: str
    # issue
    issue: str
    issueKind: str
    field: str
    offendingValue: str
    foundAt: str
    # change
    changeOf: str
    aspect: str
    oldValue: str
    newValue: str
    # run
    requests: str
    pages: str
    kept: str
    failed: str
    complete: str
    # summary
    Summary: str
    DescendantCount: str
    MonthlyCount: str
    DistantAncestor: str
    LicenseTransition: str
    UnlistedLicense: str
    LineageProblem: str
    MixedMerge: str
    children: str
    descendants: str
    rank: str
    about: str
    count: str
    countBefore: str
    depth: str
    distantAncestor: str
    month: str
    byRelation: str
    parentLicense: str
    childLicense: str
    unlistedLicense: str
    undeclaredBy: str
    problem: str
    child: str
    parent: str
    # finding
    LicenseFinding: str
    UseGround: str
    licenseFinding: str
    rule: str
    level: str
    confidence: str
    concerns: str
    concernsLicense: str
    cause: str
    pathRelations: str
    pathLength: str
    reason: str
    remedy: str
    commercialUse: str
    commercialGround: str
    # facts about licences
    LicenseFact: str
    licenseFact: str
    term: str
    value: str
    clause: str
    verification: str


class FAIR4ML(Namespace, iri="https://w3id.org/fair4ml#"):
    """The terms of FAIR4ML 0.1 that the graph uses."""

    MLModel: str
    fineTunedFrom: str
    trainedOn: str
    evaluatedOn: str
    mlTask: str


class DCAT(Namespace, iri="http://www.w3.org/ns/dcat#"):
    """The terms of DCAT 3 that the graph uses."""

    Dataset: str
    version: str
    previousVersion: str


class SCHEMA(Namespace, iri="http://schema.org/"):
    """The terms of schema.org that the graph uses, always with ``http``."""

    ScholarlyArticle: str
    SoftwareApplication: str
    inLanguage: str
    keywords: str


class CC(Namespace, iri="http://creativecommons.org/ns#"):
    """The terms of the Creative Commons Rights Expression Language that the graph uses."""

    License: str
    permits: str
    prohibits: str
    requires: str


class DCTERMS(Namespace, iri="http://purl.org/dc/terms/"):
    """The terms of DCMI Metadata Terms that the graph uses."""

    LicenseDocument: str
    created: str
    identifier: str
    isReplacedBy: str
    license: str
    modified: str
    references: str
    source: str
    title: str
    type: str


class PROV(Namespace, iri="http://www.w3.org/ns/prov#"):
    """The terms of PROV-O that the graph uses."""

    Agent: str
    Derivation: str
    atTime: str
    endedAtTime: str
    entity: str
    qualifiedDerivation: str
    specializationOf: str
    startedAtTime: str
    wasAttributedTo: str
    wasDerivedFrom: str
    wasGeneratedBy: str


class RDF(Namespace, iri="http://www.w3.org/1999/02/22-rdf-syntax-ns#"):
    """The terms of RDF that the graph uses."""

    type: str


class RDFS(Namespace, iri="http://www.w3.org/2000/01/rdf-schema#"):
    """The terms of RDF Schema that the graph uses."""

    comment: str
    label: str


class SH(Namespace, iri="http://www.w3.org/ns/shacl#"):
    """The terms of SHACL that the graph uses."""

    SPARQLExecutable: str
    SPARQLSelectExecutable: str
    declare: str
    namespace: str
    prefix: str
    prefixes: str
    select: str


class SKOS(Namespace, iri="http://www.w3.org/2004/02/skos/core#"):
    """The terms of SKOS that the graph uses."""

    Concept: str
    definition: str
    inScheme: str
    notation: str


class VOID(Namespace, iri="http://rdfs.org/ns/void#"):
    """The terms of VoID that the graph uses."""

    Dataset: str
    property: str
    propertyPartition: str
    triples: str


class XSD(Namespace, iri="http://www.w3.org/2001/XMLSchema#"):
    """The datatypes of XML Schema that the graph uses."""

    anyURI: str
    boolean: str
    date: str
    dateTime: str
    decimal: str
    double: str
    float: str
    integer: str
    string: str


HUB = "https://huggingface.co/"
SPDX = "http://spdx.org/licenses/"
ARXIV = "https://arxiv.org/abs/"
BASE = "https://w3id.org/remixgraph/"

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
"""The namespace of GraphML, which is XML and no RDF."""

CATALOG = BASE + "catalog"
"""The named graph of ingestion runs and of what was wrong in input without a repository."""

HISTORY = BASE + "history"
"""The named graph of change events: what a repository was before, and when that was seen."""

RESOLUTIONS = BASE + "resolutions"
"""The named graph of look-ups: what the Hub answered for an id, and when. It is also the table of
aliases that were learned: an id that is Renamed says what replaced it."""

ONTOLOGY = BASE + "ns"
"""The named graph that holds the ontology itself, so that labels can be asked for."""

SUMMARIES = BASE + "summaries"
"""The named graph of counts over the whole graph, made anew whenever it changes."""

LICENSES = BASE + "licenses"
"""The named graph of what licences permit, ask for and forbid, with who says so."""

FINDINGS = BASE + "findings"
"""The named graph of what the licence rules find, and of whether commercial use is allowed."""

TASK_SCHEME = HUB + "tasks"
"""The concept scheme of the Hub's tasks."""

PREFIXES = {
    "cc": CC.NS,
    "dcat": DCAT.NS,
    "dcterms": DCTERMS.NS,
    "fair4ml": FAIR4ML.NS,
    "hub": HUB,
    "prov": PROV.NS,
    "rdf": RDF.NS,
    "rdfs": RDFS.NS,
    "remix": REMIX.NS,
    "schema": SCHEMA.NS,
    "sh": SH.NS,
    "skos": SKOS.NS,
    "spdx": SPDX,
    "void": VOID.NS,
    "xsd": XSD.NS,
}
"""The prefixes offered to every query and written into every Turtle file."""

_NAMESPACES = {"fair4ml": FAIR4ML, "prov": PROV, "remix": REMIX}
"""The namespaces of the terms that the table of relations names."""

PREFIX_DECLARATIONS = BASE + "prefixes"
"""The node at which SHACL finds the prefixes that the named questions use."""

_FOLDER = {Kind.MODEL: "", Kind.DATASET: "datasets/", Kind.SPACE: "spaces/"}
_FOLDERS = (Kind.DATASET, Kind.SPACE)
_RESERVED = frozenset(["datasets", "spaces", "tasks", ".", ".."])
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][\w.-]*", re.ASCII)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-][\w.-]*(/[A-Za-z0-9_-][\w.-]*)?", re.ASCII)


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


def member_iri(position: int) -> str:
    """Return the property that points at a member of a sequence, counted from 1.

    >>> member_iri(2)
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#_2'
    """
    return f"{RDF.NS}_{position}"


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


def expand(name: str) -> str:
    """Return the term that a name with a prefix stands for.

    >>> expand("prov:wasDerivedFrom")
    'http://www.w3.org/ns/prov#wasDerivedFrom'
    """
    prefix, _, term = name.partition(":")
    return str(getattr(_NAMESPACES[prefix], term))


def relation_shortcut(relation: Relation) -> str:
    """Return the property that links the two ends of a relation directly."""
    return expand(relation.row.shortcut)


def relation_link(relation: Relation) -> str:
    """Return the property that leads from the child to the claim of a relation."""
    return expand(relation.row.claim.link)


def relation_class(relation: Relation) -> str:
    """Return the class of the claims of a relation."""
    return expand(relation.row.claim.name)


def relation_iri(relation: Relation) -> str:
    """Return the concept that stands for a relation."""
    return f"{REMIX.NS}{relation.value}"


def claim_source_iri(source: ClaimSource) -> str:
    """Return the concept that stands for the source of a claim."""
    return f"{REMIX.NS}{source.value}"


def gating_iri(gating: Gating) -> str:
    """Return the concept that stands for a kind of gating."""
    return f"{REMIX.NS}Gated{gating.value.capitalize()}"


def resolution_iri(resolution: Resolution) -> str:
    """Return the concept that stands for a resolution status."""
    return f"{REMIX.NS}{resolution.value}"


def aspect_iri(aspect: Aspect) -> str:
    """Return the concept that stands for an aspect in which repositories change."""
    return f"{REMIX.NS}{aspect.value}Aspect"


def issue_kind_iri(kind: IssueKind) -> str:
    """Return the concept that stands for a kind of issue."""
    return f"{REMIX.NS}issue-{kind.value}"


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
