"""The repositories that a card names, each with its place, and what they should be called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from graph.licenses.views import Artefact
from graph.model.records import Derivation, IssueKind, Kind
from ingest.derivations import TAG_PREFIXES
from ingest.linting.problems import Problem, problem
from ingest.linting.sheet import Sheet, scalars
from ingest.references import Target, resolve_dataset, resolve_model

__all__ = ["Reference", "check_references", "check_targets", "references"]

_RESOLVERS = {
    "base_model": resolve_model,
    "new_version": resolve_model,
    "datasets": resolve_dataset,
    "source_datasets": resolve_dataset,
}
_WORDS_OF_SCHEMA = ("extended", "original")


class Reference(NamedTuple):
    """A value that names a repository by another name than its id, and the rule that says so."""

    rule: str
    field: str
    node: yaml.ScalarNode
    target: str


def references(sheet: Sheet) -> Iterator[Reference]:
    """Yield the values of a card that should be written as another id."""
    for field, resolve in _RESOLVERS.items():
        entry = sheet.entry(field)
        for node in scalars(entry.value) if entry else ():
            if node.value.startswith(_WORDS_OF_SCHEMA) and field == "source_datasets":
                continue
            target = resolve(node.value, sheet.aliases)
            if target.id is not None and target.id != node.value and (rule := _rule(target, node)):
                yield Reference(rule, field, node, target.id)


def check_references(sheet: Sheet) -> Iterator[Problem]:
    """Find legacy ids, addresses in place of ids, and ids in white space."""
    for found in references(sheet):
        line = sheet.line(found.node.start_mark.index)
        remedy = f"Write {found.target}."
        yield problem(found.rule, found.field, found.node.value, line, remedy=remedy)


def check_targets(sheet: Sheet) -> Iterator[Problem]:
    """Find base models and datasets that a graph does not hold; only where there is a graph."""
    look_up = sheet.surroundings.look_up
    for one in sheet.record.derivations if look_up else ():
        if one.target is None or one.target == sheet.name or look_up is None:
            continue
        if look_up(Artefact(one.relation.target_kind, one.target)) is None:
            name, field = _unknown(one)
            line = sheet.line_of(field, _raw(one))
            yield problem(name, field, one.target, line)


def _rule(target: Target, node: yaml.ScalarNode) -> str | None:
    if target.issue is IssueKind.WHITESPACE:
        return IssueKind.WHITESPACE.value
    if target.issue is not None:
        return None
    return "legacy-id" if target.aliased and "://" not in node.value else "hub-address"


def _unknown(derivation: Derivation) -> tuple[str, str]:
    if derivation.relation.target_kind is Kind.MODEL:
        return "unknown-base-model", "base_model"
    return "unknown-dataset", "source_datasets" if derivation.relation.is_derivation else "datasets"


def _raw(derivation: Derivation) -> str | None:
    plain = [raw for raw in derivation.raw if not raw.startswith(TAG_PREFIXES)]
    return plain[0] if plain else None
