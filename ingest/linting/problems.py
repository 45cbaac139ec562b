"""A problem of a card, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.records import Issue, IssueKind
from graph.quality.severity import Severity
from ingest.linting.rules import RULES, Rule, rule_of

__all__ = ["Problem", "issue_problem", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that the author of a card should look at.

    ``line`` is that of the field in the file, None where there is no file;
    ``severity`` is the rule's, or a lower one where the problem stands in the text of a card.
    """

    rule: Rule
    severity: Severity
    message: str
    field: str = ""
    value: str = ""
    line: int | None = None
    remedy: str

    @property
    def order(self) -> tuple[object, ...]:
        """What problems are sorted by: their place, then how bad they are."""
        return self.line or 0, self.severity.rank, self.rule.name, self.field, self.message

    def document(self) -> dict[str, object]:
        """Return the problem as ``--format json`` prints it."""
        return {
            "rule": self.rule.name,
            "level": self.severity.value,
            "line": self.line,
            "field": self.field,
            "value": self.value,
            "message": self.message,
            "remedy": self.remedy,
        }


def problem(
    name: str, field: str, value: str = "", line: int | None = None, **changes: str
) -> Problem:
    """Return a problem by the name of its rule; ``changes`` are its message and its remedy.

    >>> problem("bare-id", "base_model", "my-model", 3).message
    'base_model: my-model has no owner'
    """
    rule = RULES[name]
    said = f"{field}: {value} {rule.says}" if value else f"{field or 'the card'} {rule.says}"
    return Problem(
        rule=rule,
        severity=rule.severity,
        message=changes.get("message", said),
        field=field,
        value=value,
        line=line,
        remedy=changes.get("remedy", rule.remedy),
    )


def issue_problem(issue: Issue, line: int | None = None) -> Problem:
    """Return the problem that a parser noted."""
    rule = rule_of(issue.kind)
    if issue.kind is IssueKind.INVALID_CARD:
        message = f"the front matter cannot be read: {issue.value}"
        return problem(rule.name, issue.field, issue.value, line, message=message)
    return problem(rule.name, issue.field, issue.value, line)
