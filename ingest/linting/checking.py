"""Every rule over one card, or over one record of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from graph.licenses.engine import find
from graph.licenses.inheritance import inherit, lineage_of
from graph.licenses.views import Artefact, LicenseView
from graph.model.records import Kind, Relation, Repository
from graph.model.relations import MODEL_RELATIONS
from ingest.aliases import Aliases
from ingest.linting.fields import check_duplicates, check_issues, check_old_fields, check_recipe
from ingest.linting.licences import check_licenses, license_problems
from ingest.linting.parents import check_parents
from ingest.linting.problems import Problem, issue_problem, problem
from ingest.linting.references import check_references, check_targets
from ingest.linting.sheet import Sheet, Surroundings

__all__ = ["lint", "lint_record", "lint_sheet"]

_CHECKS: tuple[Callable[[Sheet], Iterator[Problem]], ...] = (
    check_issues,
    check_duplicates,
    check_old_fields,
    check_references,
    check_licenses,
    check_parents,
    check_recipe,
    check_targets,
)


def lint(
    card: str, surroundings: Surroundings | None = None, aliases: Aliases | None = None
) -> list[Problem]:
    r"""Return the problems of a card, in the order of its lines.

    >>> [found.message for found in lint("---\nlicense: mit\nbase_model: gpt2\n---\n")]
    ["base_model: gpt2 is a name of before the Hub's renaming"]
    """
    return lint_sheet(Sheet(card, surroundings or Surroundings(), aliases or Aliases.seed()))


def lint_sheet(sheet: Sheet) -> list[Problem]:
    """Return the problems of a card that was read."""
    return _sorted(found for check in _CHECKS for found in check(sheet))


def lint_record(
    record: Repository, look_up: Callable[[Artefact], LicenseView | None]
) -> list[Problem]:
    """Return the problems of a repository in a graph: those of a card, without lines."""
    artefact = Artefact(record.kind, record.id)
    found = [issue_problem(issue) for issue in record.issues]
    if record.kind is not Kind.SPACE:
        findings = find(inherit(lineage_of(artefact, look_up)), artefact)
        found += license_problems(findings, record)
    return _sorted([*found, *_untyped(record), *_unknown(record, look_up)])


def _untyped(record: Repository) -> Iterator[Problem]:
    parents = {one.target for one in record.derivations if one.relation in MODEL_RELATIONS}
    untyped = [one for one in record.derivations if one.relation is Relation.UNSPECIFIED]
    if untyped and len(parents) > 1:
        yield problem("missing-relation", "base_model")


def _unknown(
    record: Repository, look_up: Callable[[Artefact], LicenseView | None]
) -> Iterator[Problem]:
    for one in record.derivations:
        target = one.target and Artefact(one.relation.target_kind, one.target)
        if target and look_up(target) is None:
            is_model = target.kind is Kind.MODEL
            name = "unknown-base-model" if is_model else "unknown-dataset"
            yield problem(name, "base_model" if is_model else "datasets", target.id)


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda found: found.order)
