"""Renames that were learned after a record was read: its claims name the repository of today.

Rule: a record read with a table of aliases equals one that was read without it and retargeted. What
was declared stays as the raw value of the claim.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec.structs import replace

from graph.model.records import (
    Derivation,
    Evaluation,
    Issue,
    IssueKind,
    Kind,
    Model,
    Relation,
    Repository,
    Space,
)
from ingest.aliases import Aliases
from ingest.derivations import note_self_loop
from ingest.merging import reunite
from ingest.values import Notes

__all__ = ["retarget"]

_FIELDS = {Kind.MODEL: "base_model", Kind.DATASET: "source_datasets"}

Names = Mapping[str, str]


def retarget(record: Repository, aliases: Aliases) -> Repository:
    """Return a record whose claims follow the renames that a table knows."""
    notes = Notes()
    derivations = _derivations(record, aliases, notes)
    outdated = {IssueKind.SEVERAL_RELATIONS} if derivations != record.derivations else set()
    names = {Kind.MODEL: aliases.models, Kind.DATASET: aliases.datasets}.get(record.kind, {})
    changed = replace(
        record,
        derivations=derivations,
        new_version=_follow(record.new_version, names),
        issues=(*_still_true(record.issues, aliases, outdated), *notes.issues),
    )
    if isinstance(changed, Model):
        return replace(changed, evaluations=_evaluations(changed.evaluations, aliases.datasets))
    if isinstance(changed, Space):
        return replace(
            changed,
            models=_follow_all(changed.models, aliases.models),
            datasets=_follow_all(changed.datasets, aliases.datasets),
        )
    return changed


def _derivations(record: Repository, aliases: Aliases, notes: Notes) -> tuple[Derivation, ...]:
    moved = tuple(_moved(claim, aliases) for claim in record.derivations)
    if moved == record.derivations:
        return moved
    united = reunite(moved, notes)
    lineage = [claim for claim in united if claim.relation is not Relation.GENERATED]
    note_self_loop(record.id, lineage, _FIELDS.get(record.kind, ""), notes)
    return united


def _moved(claim: Derivation, aliases: Aliases) -> Derivation:
    of_data = claim.relation.target_kind is Kind.DATASET
    today = _follow(claim.target, aliases.datasets if of_data else aliases.models)
    return claim if today == claim.target else replace(claim, target=today, aliased=True)


def _still_true(
    issues: Iterable[Issue], aliases: Aliases, outdated: Collection[IssueKind]
) -> Iterator[Issue]:
    """Drop what uniting has noted anew, and complaints about bare names that are known by now."""
    for issue in issues:
        names = aliases.models if issue.field == "base_model" else aliases.datasets
        known = issue.kind is IssueKind.BARE_ID and issue.value in names
        if not known and issue.kind not in outdated:
            yield issue


def _evaluations(found: tuple[Evaluation, ...], datasets: Names) -> tuple[Evaluation, ...]:
    return tuple(replace(one, dataset=_follow(one.dataset, datasets)) for one in found)


def _follow(name: str | None, names: Names) -> str | None:
    return None if name is None else names.get(name, name)


def _follow_all(found: tuple[str, ...], names: Names) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in found)
