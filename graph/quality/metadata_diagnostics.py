"""What is wrong with what is declared: parents by an old name, and data that is none."""

from __future__ import annotations

import numpy as np

from graph.model.records import IssueKind
from graph.quality.diagnostics import Diagnostics, Instance
from graph.quality.examined import Examined
from graph.tables.schema import ISSUE_KINDS, numbers_of

__all__ = ["declared_as", "declares", "junk_datasets", "renamed_parents"]


def renamed_parents(graph: Examined) -> Diagnostics:
    """Find parents that are named as they were called before."""
    child, parent = (numbers_of(graph.renamed, name) for name in ("child", "parent"))
    return Diagnostics.of_words(graph.index, child, parent, graph.renamed_words)


def junk_datasets(graph: Examined) -> Diagnostics:
    """Find training data that is the word for a loader or a default."""
    issues = graph.issues
    is_junk = issues.kinds == ISSUE_KINDS.index(IssueKind.JUNK_DATASET)
    nobody = np.full(np.count_nonzero(is_junk), -1)
    return Diagnostics.of_words(graph.index, issues.nodes[is_junk], nobody, issues.values[is_junk])


def declared_as(one: Instance) -> str:
    """Tell what the parent is called in the card."""
    return f"declared as {one.word}"


def declares(one: Instance) -> str:
    """Tell what was declared."""
    return f"declares {one.word}"
