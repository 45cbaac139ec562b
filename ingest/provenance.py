"""The Data Provenance Initiative's summaries: hand-checked records of datasets.

A summary tells the licences of a dataset, the datasets it was made from and the models that
generated it. Both are named in prose ("SNLI", "OpenAI GPT-4") as often as by an address, so a
name becomes a link only where a table knows which repository it means; else it stays a claim
with the name as its raw value. See https://github.com/Data-Provenance-Initiative.

Several entries may describe parts of one repository; the repository gets the claims of all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Issue,
    IssueKind,
    LicenseDeclaration,
    Relation,
    Repository,
)
from ingest.aliases import Aliases
from ingest.parsed import Parsed
from ingest.references import Target, resolve_dataset
from ingest.values import Notes, Row, mapping, shorten, text, text_list

__all__ = ["merge_summary", "parse_summaries", "unite_summaries"]

_SOURCE = ClaimSource.DATASET_RECORD
_ADDRESS = re.compile(r"(https?://)?(www\.)?(huggingface\.co|hf\.co)/datasets/\S+", re.IGNORECASE)
_ARXIV = re.compile(
    r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/+(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?!\d)",
    re.IGNORECASE,
)
"""An address of a paper; its id, of the form of today or of before 2007, is without a version."""


def parse_summaries(rows: Iterable[object], aliases: Aliases, where: str) -> Parsed:
    """Read summaries; those of datasets that are not on the Hub become issues."""
    found: list[Dataset] = []
    issues: list[Issue] = []
    for number, row in enumerate(rows):
        place = f"{where}[{number}]"
        summary = mapping(row)
        if summary is None:
            issues.append(_issue(IssueKind.NOT_AN_OBJECT, "", row, place))
        elif record := _read_summary(summary, aliases):
            found.append(record)
        else:
            value = summary.get("Hugging Face URL") or summary.get("Dataset URL")
            issues.append(_issue(IssueKind.NOT_A_REPOSITORY, "Hugging Face URL", value, place))
    return Parsed(tuple(unite_summaries(found)), tuple(issues))


def unite_summaries(records: Iterable[Repository]) -> list[Repository]:
    """Return one record for each dataset, with the claims of all that describe a part of it."""
    found: dict[str, Repository] = {}
    for record in records:
        earlier = found.get(record.id)
        found[record.id] = _unite(earlier, record) if earlier else record
    return list(found.values())


def merge_summary(old: Repository | None, summary: Repository) -> Repository:
    """Return a repository with what a summary says of it, in place of what one said before.

    Merging twice changes nothing; claims of other sources stay as they are.
    """
    if old is None:
        return summary
    return msgspec.structs.replace(
        old,
        papers=old.papers + summary.papers,
        derivations=(*_without(old.derivations), *summary.derivations),
        licenses=(
            *(claim for claim in old.licenses if claim.source is not _SOURCE),
            *summary.licenses,
        ),
        issues=old.issues + summary.issues,
    )


def _read_summary(row: Row, aliases: Aliases) -> Dataset | None:
    notes = Notes()
    repository_id = _repository_id(row, aliases, notes)
    if repository_id is None:
        return None
    return Dataset(
        id=repository_id,
        papers=tuple(_papers(row, notes)),
        derivations=(*_sources(row, aliases, notes), *_generators(row, notes)),
        licenses=tuple(_licenses(row, notes)),
        issues=tuple(notes.issues),
    )


def _repository_id(row: Row, aliases: Aliases, notes: Notes) -> str | None:
    for field in ("Hugging Face URL", "Dataset URL"):
        address = text(row, field, notes)
        if address and _ADDRESS.fullmatch(address):
            return _resolve_address(address, aliases).id
    return None


def _resolve_address(address: str, aliases: Aliases) -> Target:
    """Resolve an address on the Hub; one of a legacy name has a single segment."""
    target = resolve_dataset(address, aliases)
    if target.id is None:
        name = re.split(r"[?#]", address)[0].rstrip("/").rpartition("/datasets/")[2]
        target = resolve_dataset(name, aliases)
    return target


def _sources(row: Row, aliases: Aliases, notes: Notes) -> Iterator[Derivation]:
    names = text_list(row, "Derived from Datasets", notes)
    for position, name in enumerate(names):
        target = _named_dataset(name, aliases)
        yield _derivation(Relation.SOURCE, target, name, position)


def _named_dataset(name: str, aliases: Aliases) -> Target:
    if _ADDRESS.fullmatch(name):
        return _resolve_address(name, aliases)
    known = _by_folded_name(aliases).get(name.casefold())
    return Target(known, aliased=known is not None)


def _by_folded_name(aliases: Aliases) -> Mapping[str, str]:
    return {name.casefold(): target for name, target in aliases.datasets.items()}


def _generators(row: Row, notes: Notes) -> Iterator[Derivation]:
    for position, name in enumerate(text_list(row, "Model Generated", notes)):
        known = _table("generators.csv").get(name.casefold())
        target = Target(known, aliased=known is not None)
        yield _derivation(Relation.GENERATED, target, name, position)


def _derivation(relation: Relation, target: Target, raw: str, position: int) -> Derivation:
    return Derivation(
        relation=relation,
        target=target.id,
        raw=(shorten(raw),),
        sources=(_SOURCE,),
        position=position,
        aliased=target.aliased,
    )


def _licenses(row: Row, notes: Notes) -> Iterator[LicenseDeclaration]:
    entries = row.get("Licenses") or ()
    for entry in entries if isinstance(entries, list | tuple) else [entries]:
        license_ = mapping(entry)
        declared = text(license_, "License", notes) if license_ is not None else None
        if license_ is None or declared is None:
            notes.add(IssueKind.WRONG_TYPE, "Licenses", entry)
            continue
        link = text(license_, "License URL", notes)
        yield LicenseDeclaration(
            declared=shorten(declared),
            source=_SOURCE,
            field="Licenses",
            link=shorten(link, 2000) if link else None,
            license=_table("provenance_licenses.csv").get(declared.casefold()),
        )


def _papers(row: Row, notes: Notes) -> Iterator[str]:
    address = text(row, "ArXiv URL", notes)
    match = _ARXIV.match(address) if address else None
    if match:
        yield match[1]


@cache
def _table(name: str) -> Mapping[str, str]:
    """Return what a table says a name means, by the name without case."""
    content = files("ingest").joinpath(name).read_text(encoding="utf-8")
    rows = csv.reader(line for line in content.splitlines() if not line.startswith("#"))
    next(rows)
    return {name.casefold(): meaning for name, meaning, *_ in rows}


def _unite(first: Repository, second: Repository) -> Repository:
    return msgspec.structs.replace(
        first,
        papers=first.papers + second.papers,
        derivations=first.derivations + second.derivations,
        licenses=first.licenses + second.licenses,
        issues=first.issues + second.issues,
    )


def _without(derivations: tuple[Derivation, ...]) -> Iterator[Derivation]:
    """Yield derivations without what a summary claimed; a claim of others too stays theirs."""
    for derivation in derivations:
        others = tuple(source for source in derivation.sources if source is not _SOURCE)
        if others:
            yield msgspec.structs.replace(derivation, sources=others)


def _issue(kind: IssueKind, field: str, value: object, where: str) -> Issue:
    return Issue(kind=kind, field=field, value=shorten(value), where=where)
