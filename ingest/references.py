"""What a declared value names: a repository on the Hub, or something else.

An id has one or two parts of letters, digits, ``-``, ``_`` and ``.``. That is wider than what the
Hub accepts for a new repository (``huggingface_hub.utils.validate_repo_id`` also forbids ``--``,
``..`` and an end in ``.`` or ``.git``), because the Hub made tags of values such as
``runwayml/stable-diffusion-v1-5.``, and an edge must not be lost for it.

Until 2024 well-known repositories had no owner (``gpt2``); the table of aliases knows their ids of
today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.model.records import IssueKind
from ingest.aliases import Aliases
from ingest.values import clean


class Target(NamedTuple):
    """The repository that a value names, if any, and what was wrong with the value."""

    id: str | None
    aliased: bool = False
    issue: IssueKind | None = None


def is_repository_id(value: str) -> bool:
    """Tell whether text can be the id of a repository, with or without an owner.

    >>> is_repository_id("google/gemma-7b"), is_repository_id("./gemma-7b")
    (True, False)
    """
    return _OWNED.fullmatch(value) is not None or _BARE.fullmatch(value) is not None


def resolve_model(value: str, aliases: Aliases) -> Target:
    """Return the model that a value names.

    >>> resolve_model("https://huggingface.co/google/gemma-7b/tree/main", Aliases.none()).id
    'google/gemma-7b'
    """
    if _OWNED.fullmatch(value):
        return _resolve_owned(value, aliases.models)
    return _resolve(value, "", aliases.models)


def resolve_dataset(value: str, aliases: Aliases) -> Target:
    """Return the dataset that a value names; training scripts write loaders there, too.

    >>> resolve_dataset("imagefolder", Aliases.none()).issue
    <IssueKind.JUNK_DATASET: 'junk-dataset'>
    """
    if _OWNED.fullmatch(value):
        return _resolve_owned(value, aliases.datasets)
    if value.strip().casefold() in _words("junk_datasets.txt"):
        return Target(None, issue=IssueKind.JUNK_DATASET)
    target = _resolve(value, "datasets", aliases.datasets)
    # Without an owner is how datasets were named for years, in cards that are still right.
    return target._replace(issue=None) if target.issue is IssueKind.BARE_ID else target


def source_targets(value: str, aliases: Aliases) -> tuple[Target, ...]:
    """Return the datasets that a value of ``source_datasets`` names.

    ``original`` and ``extended`` alone are words of the Hub's schema that name none, and no fault;
    ``extended|a|b`` names two; ``extended|other-...`` is free text about one without an id.

    >>> [target.id for target in source_targets("extended|quora|google", Aliases.none())]
    ['quora', 'google']
    """
    head, _, rest = value.partition("|")
    if head != "extended":
        return () if value.casefold() in _NO_SOURCE else (resolve_dataset(value, aliases),)
    if rest == "other" or rest.startswith("other-"):
        return (Target(None),)
    return tuple(resolve_dataset(part, aliases) for part in rest.split("|") if part)


# A part may not begin with a dot: "./x" is a path. A DOI and the address of a legacy name have the
# form of owner/name.
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}"
_OWNED = re.compile(rf"(?!10\.\d{{4,9}}/|huggingface\.co/|hf\.co/){_PART}/{_PART}")
_BARE = re.compile(rf"(?=.*[A-Za-z0-9]){_PART}")
_HUB_ADDRESS = re.compile(
    r"(?:hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/)([^?#]*).*", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?!file:)[a-z][a-z0-9+.-]*://.*|www\..*|git@.*|([\w-]+\.)+(ai|com|io|net|org)/.*",
    re.IGNORECASE | re.DOTALL,
)
_PATH = re.compile(r"(file:|~|\.{0,2}[/\\]|[A-Za-z]:[/\\]).*|\.{1,2}|\S*\\\S*|[^/\s]+/[^/\s]+/\S*")
_PAGES = frozenset(
    ["api", "blog", "collections", "datasets", "docs", "models", "papers", "posts", "spaces"]
)
"""First segments of addresses on the Hub that are no owner."""

_NO_MODEL = frozenset(
    ["lazymergekit", "merge", "mergekit", "n-a", "na", "nan", "none", "null", "unknown"]
)
"""Words found, or sure to be found, in place of a base model."""

_NO_SOURCE = frozenset(
    ["crowdsourced", "expert-generated", "found", "machine-generated", "original", "unknown"]
)
"""What ``source_datasets`` and its neighbours in the Hub's schema say where there is no source."""


def _resolve(value: str, folder: str, aliases: Mapping[str, str]) -> Target:
    stripped = clean(value)
    target = _resolve_stripped(stripped, folder, aliases)
    if stripped != value and target.id is not None and target.issue is None:
        return target._replace(issue=IssueKind.WHITESPACE)
    return target


def _resolve_stripped(value: str, folder: str, aliases: Mapping[str, str]) -> Target:
    if _OWNED.fullmatch(value):
        return _resolve_owned(value, aliases)
    if _BARE.fullmatch(value):
        return _resolve_bare(value, aliases)
    address = _HUB_ADDRESS.fullmatch(value)
    if address:
        return _resolve_address(address[1], folder, aliases)
    inside = _inside_folder(value, folder)
    return _resolve_owned(inside, aliases) if inside else Target(None, issue=_what_else(value))


def _resolve_owned(value: str, aliases: Mapping[str, str]) -> Target:
    """Return what a whole id names: itself, unless it is known to have been renamed."""
    known = aliases.get(value)
    return Target(value) if known is None else Target(known, aliased=True)


def _resolve_bare(value: str, aliases: Mapping[str, str]) -> Target:
    known = aliases.get(value)
    if known is not None:
        return Target(known, aliased=True)
    if value.casefold() in _NO_MODEL:
        return Target(None, issue=IssueKind.NOT_A_REPOSITORY)
    return Target(value, issue=IssueKind.BARE_ID)


def _resolve_address(path: str, folder: str, aliases: Mapping[str, str]) -> Target:
    """Resolve an address on the Hub: its first segments are the id, what follows is a page."""
    parts = path.strip("/").split("/")
    if folder and parts[0] == folder:
        del parts[0]
    elif folder or parts[0] in _PAGES:
        return Target(None, issue=IssueKind.NOT_A_REPOSITORY)
    candidate = "/".join(parts[:2])
    # An address of one segment is an owner's page, unless it is a legacy name that we know.
    found = aliases.get(candidate, candidate)
    if not _OWNED.fullmatch(found):
        return Target(None, issue=IssueKind.NOT_A_REPOSITORY)
    return Target(found, aliased=found != candidate)


def _inside_folder(value: str, folder: str) -> str | None:
    """Return the id in ``datasets/owner/name``, or before a slash at its end."""
    path = value.removesuffix("/")
    if folder:
        path = path.removeprefix(f"{folder}/")
    return path if path != value and _OWNED.fullmatch(path) else None


def _what_else(value: str) -> IssueKind:
    if _ADDRESS.fullmatch(value):
        return IssueKind.FOREIGN_URL
    return IssueKind.LOCAL_PATH if _PATH.fullmatch(value) else IssueKind.NOT_A_REPOSITORY


@cache
def _words(name: str) -> frozenset[str]:
    lines = files("ingest").joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
