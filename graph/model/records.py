"""What the graph keeps, as frozen records: repositories and the claims made about them.

Rule: a record holds what was *declared*, normalised but never judged. Collections without an
order of their own are sorted and free of duplicates, so that two records are equal exactly when
the graph cannot tell them apart.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec.structs import force_setattr

from graph.model.relations import Kind, Relation

__all__ = [
    "HUB_FLOOR",
    "Aspect",
    "ClaimSource",
    "Dataset",
    "Derivation",
    "Evaluation",
    "Gating",
    "Issue",
    "IssueKind",
    "Kind",
    "LicenseDeclaration",
    "Model",
    "Record",
    "Relation",
    "Repository",
    "Resolution",
    "Space",
]

HUB_FLOOR = "2022-03-02T23:29:05Z"
"""The last date of creation that the Hub gives to what is older than its record of dates: nearly
all has this second or the one before it. Only later dates tell which of two is older."""


class ClaimSource(StrEnum):
    """Who says so: the author's card, the Hub's computation, a dataset record, or this project."""

    CARD = "DeclaredInCard"
    HUB = "ComputedByHub"
    DATASET_RECORD = "DeclaredInDatasetRecord"
    INFERRED = "InferredHere"


class Gating(StrEnum):
    """How access to a repository is granted."""

    AUTO = "auto"
    MANUAL = "manual"
    NONE = "none"


class Resolution(StrEnum):
    """What is known of the existence of a repository; the values are the vocabulary's words.

    The Hub answers the same for a repository that is missing and for one that is private.
    """

    RESOLVED = "Resolved"
    RENAMED = "Renamed"
    GATED = "Gated"
    DISABLED = "Disabled"
    MISSING = "NotFoundOrNoAccess"
    UNCHECKED = "NeverChecked"


class Aspect(StrEnum):
    """The aspects of a repository whose changes are kept as history."""

    EXISTENCE = "Existence"
    PARENTS = "Parents"
    RELATION = "Relation"
    LICENSE = "License"
    GATING = "Gating"
    NEW_VERSION = "NewVersion"


class IssueKind(StrEnum):
    """What can be wrong with declared metadata; the value is the issue's stable name."""

    NOT_AN_OBJECT = "not-an-object"
    INVALID_ID = "invalid-id"
    WRONG_TYPE = "wrong-type"
    INVALID_CARD = "invalid-card"
    INVALID_DATE = "invalid-date"
    WHITESPACE = "whitespace"
    BARE_ID = "bare-id"
    LOCAL_PATH = "local-path"
    FOREIGN_URL = "foreign-url"
    NOT_A_REPOSITORY = "not-a-repository"
    JUNK_DATASET = "junk-dataset"
    SELF_LOOP = "self-loop"
    UNKNOWN_RELATION = "unknown-relation"
    SEVERAL_RELATIONS = "several-relations"
    MISSPELT_LICENSE = "misspelt-license"
    SEVERAL_LICENSES = "several-licenses"
    UNKNOWN_LICENSE = "unknown-license"
    DUPLICATE = "duplicate"

    @property
    def remedy(self) -> str:
        """What the author of the metadata can do about it."""
        return _REMEDIES[self]


_REMEDIES = {
    IssueKind.NOT_AN_OBJECT: "Each row must be a JSON object; check how the file was made.",
    IssueKind.INVALID_ID: "Give the id as owner/name, in letters, digits, '-', '_' and '.'.",
    IssueKind.WRONG_TYPE: "Give the field the type that the Hub documents for it.",
    IssueKind.INVALID_CARD: "Make the front matter of the card valid YAML with named fields.",
    IssueKind.INVALID_DATE: "Give the date in the form of RFC 3339.",
    IssueKind.WHITESPACE: "Remove the white space around the value.",
    IssueKind.BARE_ID: "Name the repository with its owner: owner/name.",
    IssueKind.LOCAL_PATH: "Name the repository on the Hub instead of a path on a disk.",
    IssueKind.FOREIGN_URL: "Name the repository on the Hub instead of an address elsewhere.",
    IssueKind.NOT_A_REPOSITORY: "Name a repository as owner/name, or leave the field out.",
    IssueKind.JUNK_DATASET: "Name the dataset that was used; this word is a loader or a default.",
    IssueKind.SELF_LOOP: "Name the repository that this one was made from, not itself.",
    IssueKind.UNKNOWN_RELATION: "Use finetune, adapter, merge or quantized.",
    IssueKind.SEVERAL_RELATIONS: "Declare one relation for each base model.",
    IssueKind.MISSPELT_LICENSE: "Rename the field 'licence' to 'license': the Hub reads only that.",
    IssueKind.SEVERAL_LICENSES: "Declare one licence, or say in the card which applies to what.",
    IssueKind.UNKNOWN_LICENSE: "Use an identifier of the Hub's list, or 'other' with license_name.",
    IssueKind.DUPLICATE: "Nothing to do: the last row read for this repository was kept.",
}


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all records: immutable, compared by value."""


class Issue(Record, frozen=True, order=True):
    """Something wrong in declared metadata, kept beside what it concerns.

    ``value`` is the offending value, shortened; ``where`` a file and row when no repository is
    known to hang the issue on.
    """

    kind: IssueKind
    field: str
    value: str
    where: str = ""


class Derivation(Record, frozen=True):
    """The claim that a repository was made from, or with, another.

    ``target`` is a repository id of kind ``relation.target_kind``, or None where the declared
    value names no repository (a path, a product such as "OpenAI GPT-4"). ``raw`` are the values
    as declared, ``position`` the place of the first in its list, ``aliased`` tells that the
    target was found in the table of aliases.
    """

    relation: Relation
    target: str | None
    raw: tuple[str, ...]
    sources: tuple[ClaimSource, ...]
    position: int = 0
    aliased: bool = False

    def __post_init__(self) -> None:
        """Bring the unordered collections into their canonical order."""
        _canonicalise(self, "raw", "sources")


class LicenseDeclaration(Record, frozen=True):
    """A licence as declared; never the licence itself.

    ``declared`` is the value of ``field`` as written, ``name`` and ``link`` the Hub's
    ``license_name`` and ``license_link``, ``license`` the key of the licence it resolves to
    (the Hub's identifier), or None.
    """

    declared: str
    source: ClaimSource
    field: str = "license"
    name: str | None = None
    link: str | None = None
    license: str | None = None


class Evaluation(Record, frozen=True):
    """One score of a model: a metric of a ``model-index`` result.

    ``dataset_declared`` is the dataset's type as written, ``dataset`` the repository id it
    names, if any. ``value`` is None and ``value_text`` set where the score is no finite number.
    """

    task: str | None = None
    dataset: str | None = None
    dataset_declared: str | None = None
    dataset_name: str | None = None
    dataset_config: str | None = None
    dataset_split: str | None = None
    metric: str | None = None
    metric_name: str | None = None
    value: float | None = None
    value_text: str | None = None
    verified: bool | None = None
    source_url: str | None = None

    def __post_init__(self) -> None:
        """Bring the score into its one form."""
        _canonicalise_number(self, "value")


class Repository(Record, frozen=True):
    """What models, datasets and Spaces have in common.

    Dates are ``xsd:dateTime`` in UTC with whole seconds (``2024-07-01T12:00:00Z``). ``status`` is
    set for a tombstone: the repository was here, and a look-up found it gone or disabled.
    """

    id: str
    created: str | None = None
    modified: str | None = None
    downloads: int | None = None
    downloads_all_time: int | None = None
    likes: int | None = None
    gating: Gating | None = None
    disabled: bool | None = None
    commit: str | None = None
    title: str | None = None
    new_version: str | None = None
    status: Resolution | None = None
    tasks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    licenses: tuple[LicenseDeclaration, ...] = ()
    issues: tuple[Issue, ...] = ()

    def __post_init__(self) -> None:
        """Bring the unordered collections into their canonical order."""
        _canonicalise(self, "tasks", "languages", "papers")
        if len(self.derivations) > 1:
            force_setattr(self, "derivations", _unite(self.derivations))
        _canonicalise_claims(self, "derivations", "licenses", "issues")

    @property
    def kind(self) -> Kind:
        """The kind of this repository."""
        raise NotImplementedError


class Model(Repository, frozen=True):
    """A model repository.

    ``parameters`` counts weights, ``emissions`` is in grams of CO2 equivalent, ``spaces`` are
    the ids of Spaces that run the model.
    """

    library: str | None = None
    parameters: int | None = None
    emissions: float | None = None
    evaluations: tuple[Evaluation, ...] = ()
    spaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the unordered collections into their canonical order."""
        super().__post_init__()
        _canonicalise(self, "spaces")
        _canonicalise_number(self, "emissions")
        _canonicalise_claims(self, "evaluations")

    @property
    def kind(self) -> Kind:
        """Always a model."""
        return Kind.MODEL


class Dataset(Repository, frozen=True):
    """A dataset repository; ``sizes`` are the Hub's classes, such as ``10K<n<100K``."""

    sizes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the unordered collections into their canonical order."""
        super().__post_init__()
        _canonicalise(self, "sizes")

    @property
    def kind(self) -> Kind:
        """Always a dataset."""
        return Kind.DATASET


class Space(Repository, frozen=True):
    """A Space, with the ids of the models and datasets that it uses."""

    sdk: str | None = None
    models: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the unordered collections into their canonical order."""
        super().__post_init__()
        _canonicalise(self, "models", "datasets")

    @property
    def kind(self) -> Kind:
        """Always a Space."""
        return Kind.SPACE


def _canonicalise(record: Record, *names: str) -> None:
    for name in names:
        values = getattr(record, name)
        if len(values) > 1:
            force_setattr(record, name, tuple(sorted(set(values))))


def _canonicalise_number(record: Record, name: str) -> None:
    """Make a number a float, and a negative zero zero: they are equal, so the graph's must be."""
    value = getattr(record, name)
    if value is not None:
        force_setattr(record, name, float(value) + 0.0)


def _canonicalise_claims(record: Record, *names: str) -> None:
    for name in names:
        claims = getattr(record, name)
        if len(claims) > 1:
            distinct = sorted(set(claims), key=_claim_key)
            force_setattr(record, name, tuple(distinct))


def _unite(derivations: tuple[Derivation, ...]) -> tuple[Derivation, ...]:
    """Make one derivation of those that claim the same, keeping every source and raw value."""
    groups: dict[object, list[Derivation]] = {}
    for one in derivations:
        key = one.relation, one.raw if one.target is None else one.target
        groups.setdefault(key, []).append(one)
    return tuple(group[0] if len(group) == 1 else _join(group) for group in groups.values())


def _join(group: list[Derivation]) -> Derivation:
    return Derivation(
        relation=group[0].relation,
        target=group[0].target,
        raw=tuple(value for one in group for value in one.raw),
        sources=tuple(source for one in group for source in one.sources),
        position=min(one.position for one in group),
        aliased=any(one.aliased for one in group),
    )


def _claim_key(claim: Record) -> tuple[object, ...]:
    return tuple((value is not None, value) for value in msgspec.structs.astuple(claim))
