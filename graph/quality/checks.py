"""What is looked for in a lineage: one table, with what finds each and what to do about it.

Rule: a check is a row of ``Check``, worst first. An *error* is what no true lineage can contain, a
*warning* what is probably declared wrongly, a *note* what is incomplete. Nothing here is a
judgement of licences.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Self

from graph.model.records import IssueKind
from graph.quality import link_diagnostics as links
from graph.quality import metadata_diagnostics as metadata
from graph.quality.diagnostics import Detail, Diagnostics, relations
from graph.quality.examined import Examined
from graph.quality.severity import Severity

__all__ = ["Check"]


class Row(NamedTuple):
    """A check: how bad it is, what it says of a repository, what to do about it, what finds it.

    ``detail`` says why, of one diagnostic.
    """

    severity: Severity
    meaning: str
    remedy: str
    find: Callable[[Examined], Diagnostics]
    detail: Detail = relations


class Check(StrEnum):
    """What is looked for, worst first; the value is the check's stable name."""

    _value_: str
    row: Row

    def __new__(cls, name: str, *rows: Row) -> Self:
        """Make the name the value, and keep its one row; a look-up by the name names no row."""
        check = str.__new__(cls, name)
        check._value_ = name
        (check.row,) = rows
        return check

    SELF_LOOP = (
        "self-loop",
        Row(
            Severity.ERROR,
            "It names itself as what it was made from.",
            "Name the repository that this one was made from, not itself.",
            links.self_loops,
        ),
    )
    CYCLE = (
        "cycle",
        Row(
            Severity.ERROR,
            "Several repositories are made from one another.",
            "Find out which came first, and correct the others' base_model.",
            links.cycles,
            links.members,
        ),
    )
    TIME_PARADOX = (
        "time-paradox",
        Row(
            Severity.WARNING,
            "It was created before the parent that it names.",
            "Check whether this is the parent that was meant.",
            links.time_paradoxes,
            links.dates,
        ),
    )
    RECREATED_PARENT = (
        "recreated-parent",
        Row(
            Severity.WARNING,
            "It was last changed before its parent was created.",
            "Its name was registered again: find the original.",
            links.recreated_parents,
            links.dates,
        ),
    )
    SEVERAL_RELATIONS = (
        "several-relations",
        Row(
            Severity.WARNING,
            "It is said to be made from one parent in two ways.",
            "Declare one relation for each base model.",
            links.several_relations,
        ),
    )
    BUILT_ON_COPY = (
        "built-on-copy",
        Row(
            Severity.WARNING,
            "It is said to be a copy or an adapter, yet others were tuned or merged from it.",
            "Check how this one was made: its relation may be wrong.",
            links.built_on_copies,
            links.made_from_it,
        ),
    )
    UNTYPED_RELATION = (
        "untyped-relation",
        Row(
            Severity.NOTE,
            "It names a parent, and not how it was made from it.",
            "Declare base_model_relation in the card.",
            links.untyped_relations,
        ),
    )
    DANGLING_PARENT = (
        "dangling-parent",
        Row(
            Severity.NOTE,
            "Its parent is not in this graph.",
            "Ingest the parent, or find out what it is called now.",
            links.dangling_parents,
        ),
    )
    RENAMED_PARENT = (
        "renamed-parent",
        Row(
            Severity.NOTE,
            "It names its parent as that was called before.",
            "Name the parent as it is called today.",
            metadata.renamed_parents,
            metadata.declared_as,
        ),
    )
    JUNK_DATASET = (
        "junk-dataset",
        Row(
            Severity.NOTE,
            "What it names as training data is a loader or a default.",
            IssueKind.JUNK_DATASET.remedy,
            metadata.junk_datasets,
            metadata.declares,
        ),
    )

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.row.severity

    @property
    def meaning(self) -> str:
        """What it says of a repository."""
        return self.row.meaning

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return self.row.remedy
