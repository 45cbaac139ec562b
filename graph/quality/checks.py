"""What is looked for in a lineage: each check's severity, what it means, and what to do about it.

An *error* is what no true lineage can contain, a *warning* what is probably declared wrongly, a
*note* what is incomplete. Nothing here is a judgement of licences.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from graph.model.records import IssueKind

__all__ = ["Check", "Severity"]


class Severity(StrEnum):
    """How bad a diagnostic is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """The place in the order, the worst first."""
        return list(Severity).index(self)


class Check(StrEnum):
    """What is looked for, worst first; the value is the check's stable name."""

    SELF_LOOP = "self-loop"
    CYCLE = "cycle"
    TIME_PARADOX = "time-paradox"
    RECREATED_PARENT = "recreated-parent"
    SEVERAL_RELATIONS = "several-relations"
    BUILT_ON_COPY = "built-on-copy"
    UNTYPED_RELATION = "untyped-relation"
    DANGLING_PARENT = "dangling-parent"
    RENAMED_PARENT = "renamed-parent"
    JUNK_DATASET = "junk-dataset"

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return _ABOUT[self].severity

    @property
    def meaning(self) -> str:
        """What it says of a repository."""
        return _ABOUT[self].meaning

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _ABOUT[self].remedy


class _About(NamedTuple):
    severity: Severity
    meaning: str
    remedy: str


_ABOUT = {
    Check.SELF_LOOP: _About(
        Severity.ERROR,
        "It names itself as what it was made from.",
        "Name the repository that this one was made from, not itself.",
    ),
    Check.CYCLE: _About(
        Severity.ERROR,
        "Several repositories are made from one another.",
        "Find out which came first, and correct the others' base_model.",
    ),
    Check.TIME_PARADOX: _About(
        Severity.WARNING,
        "It was created before the parent that it names.",
        "Check whether this is the parent that was meant.",
    ),
    Check.RECREATED_PARENT: _About(
        Severity.WARNING,
        "It was last changed before its parent was created.",
        "Its name was registered again: find the original.",
    ),
    Check.SEVERAL_RELATIONS: _About(
        Severity.WARNING,
        "It is said to be made from one parent in two ways.",
        "Declare one relation for each base model.",
    ),
    Check.BUILT_ON_COPY: _About(
        Severity.WARNING,
        "It is said to be a copy or an adapter, yet others were tuned or merged from it.",
        "Check how this one was made: its relation may be wrong.",
    ),
    Check.UNTYPED_RELATION: _About(
        Severity.NOTE,
        "It names a parent, and not how it was made from it.",
        "Declare base_model_relation in the card.",
    ),
    Check.DANGLING_PARENT: _About(
        Severity.NOTE,
        "Its parent is not in this graph.",
        "Ingest the parent, or find out what it is called now.",
    ),
    Check.RENAMED_PARENT: _About(
        Severity.NOTE,
        "It names its parent as that was called before.",
        "Name the parent as it is called today.",
    ),
    Check.JUNK_DATASET: _About(
        Severity.NOTE,
        "What it names as training data is a loader or a default.",
        IssueKind.JUNK_DATASET.remedy,
    ),
}
