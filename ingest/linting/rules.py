"""What is looked for in a card: every rule with its stable name, its severity and its remedy.

A rule for what a parser notes bears the name of that issue, and its remedy. An *error* is what the
Hub does not read or what cannot be true, a *warning* what is probably wrong or missing, a *note*
what could be told better.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.records import IssueKind
from graph.quality.severity import Severity

__all__ = ["RULES", "Rule", "rule_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for; ``says`` is what is wrong with the value that follows it."""

    name: str
    severity: Severity
    says: str
    remedy: str


_ERRORS = frozenset(
    [
        IssueKind.INVALID_CARD,
        IssueKind.INVALID_ID,
        IssueKind.LOCAL_PATH,
        IssueKind.MISSPELT_LICENSE,
        IssueKind.NOT_A_REPOSITORY,
        IssueKind.NOT_AN_OBJECT,
        IssueKind.SELF_LOOP,
        IssueKind.UNKNOWN_LICENSE,
        IssueKind.UNKNOWN_RELATION,
        IssueKind.WRONG_TYPE,
    ]
)

_SAYS = {
    IssueKind.NOT_AN_OBJECT: "is no object",
    IssueKind.INVALID_ID: "is no repository id",
    IssueKind.WRONG_TYPE: "has the wrong type",
    IssueKind.INVALID_CARD: "cannot be read as fields",
    IssueKind.INVALID_DATE: "is no date",
    IssueKind.WHITESPACE: "has white space around it",
    IssueKind.BARE_ID: "has no owner",
    IssueKind.LOCAL_PATH: "is a path on a disk",
    IssueKind.FOREIGN_URL: "is an address outside the Hub",
    IssueKind.NOT_A_REPOSITORY: "names no repository",
    IssueKind.JUNK_DATASET: "is a loader or a default, and no dataset",
    IssueKind.SELF_LOOP: "is this repository itself",
    IssueKind.UNKNOWN_RELATION: "is no relation that the Hub knows",
    IssueKind.SEVERAL_RELATIONS: "has more than one relation",
    IssueKind.MISSPELT_LICENSE: "stands in a field that the Hub does not read",
    IssueKind.SEVERAL_LICENSES: "leaves open whether all apply or any",
    IssueKind.UNKNOWN_LICENSE: "is no licence on the Hub's list",
    IssueKind.DUPLICATE: "was read more than once",
}

_OWN = (
    Rule(
        "no-front-matter",
        Severity.WARNING,
        "has no front matter",
        "Begin the card with a line of ---, the fields in YAML, and another line of ---.",
    ),
    Rule(
        "duplicate-field",
        Severity.ERROR,
        "is there more than once",
        "Keep one of the two: the Hub refuses a card with a field given twice.",
    ),
    Rule(
        "duplicate-value",
        Severity.WARNING,
        "is listed more than once",
        "List each value once.",
    ),
    Rule(
        "old-field",
        Severity.WARNING,
        "is what this field was called before 2022",
        "Use the field's name of today: license, language.",
    ),
    Rule(
        "legacy-id",
        Severity.WARNING,
        "is a name of before the Hub's renaming",
        "Name the repository by its id of today.",
    ),
    Rule(
        "hub-address",
        Severity.WARNING,
        "is an address where an id is wanted",
        "Give the id alone, as owner/name: the Hub links only ids.",
    ),
    Rule(
        "missing-license",
        Severity.WARNING,
        "declares no licence that anyone knows",
        "Declare one of the Hub's list, or 'other' with license_name and license_link.",
    ),
    Rule(
        "unnamed-license",
        Severity.WARNING,
        "does not say which licence it is",
        "Give both license_name and license_link beside 'license: other'.",
    ),
    Rule(
        "contradictory-license",
        Severity.WARNING,
        "contradicts another field",
        "Make the fields agree; license_name and license_link belong to 'license: other'.",
    ),
    Rule(
        "license-family",
        Severity.NOTE,
        "names a family of licences, not a text",
        "Declare the version, such as gpl-3.0 or cc-by-4.0.",
    ),
    Rule(
        "name-prefix",
        Severity.WARNING,
        "does not begin as an inherited licence asks",
        "Rename the repository, or ask the licensor.",
    ),
    Rule(
        "missing-parent",
        Severity.WARNING,
        "is not named in base_model",
        "List it in base_model, so that it is credited and its licence is found.",
    ),
    Rule(
        "missing-relation",
        Severity.NOTE,
        "leaves the relation to the Hub's guess",
        "Declare base_model_relation: finetune, adapter, merge or quantized.",
    ),
    Rule(
        "contradictory-relation",
        Severity.WARNING,
        "contradicts the files beside the card",
        "Declare the relation that the files show, or remove those that do not belong there.",
    ),
    Rule(
        "unknown-base-model",
        Severity.NOTE,
        "is not in this graph",
        "Check its spelling (capitals count); it may be new, private or gone.",
    ),
    Rule(
        "unknown-dataset",
        Severity.NOTE,
        "is not in this graph",
        "Check its spelling (capitals count); it may be new, private or gone.",
    ),
)

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        *(
            Rule(
                kind.value,
                Severity.ERROR if kind in _ERRORS else Severity.WARNING,
                _SAYS[kind],
                kind.remedy,
            )
            for kind in IssueKind
        ),
        *_OWN,
    )
}
"""Every rule by its name."""


def rule_of(kind: IssueKind) -> Rule:
    """Return the rule for what a parser notes."""
    return RULES[kind.value]
