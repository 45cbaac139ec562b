"""The codes of closed lists in columns: a code is a place in one of these tuples.

They stand apart from the schema, so that who reads an index need not load Arrow.
"""

from __future__ import annotations

from graph.model.records import ClaimSource, Gating, IssueKind, Kind, Relation, Resolution

__all__ = ["GATINGS", "ISSUE_KINDS", "KINDS", "RELATIONS", "SOURCES", "STATES", "UNKNOWN"]

KINDS = tuple(sorted(Kind))
RELATIONS = tuple(Relation)
SOURCES = tuple(ClaimSource)
GATINGS = tuple(Gating)
STATES = tuple(Resolution)
ISSUE_KINDS = tuple(IssueKind)

UNKNOWN = -1
"""Stands for null in arrays of codes and counts."""
