"""What a run on the live Hub did, in numbers that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from graph.model.records import Aspect, Issue, Resolution
from ingest.report import Report

__all__ = ["HubReport"]


@dataclass
class HubReport:
    """A report of what came, what of it changed the graph, and what the Hub said by name.

    ``unchanged`` rows say what the graph has already; ``private`` ones were seen with the token of
    their owner, and not kept; ``gone`` repositories became tombstones; single requests that
    ``failed`` are made again by the next run, as are those still ``waiting``. A run that is not
    ``complete`` has a ``reason``, and goes on with the next.
    """

    ingestion: Report = field(default_factory=Report)
    pages: int = 0
    requests: int = 0
    rows: int = 0
    private: int = 0
    unchanged: int = 0
    gone: int = 0
    cards: int = 0
    waiting: int = 0
    failed: int = 0
    lookups: Counter[Resolution] = field(default_factory=Counter)
    changes: Counter[Aspect] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    complete: bool = True
    reason: str = ""

    def document(self) -> dict[str, object]:
        """Return the report as plain values, for ``--json``."""
        return self.ingestion.document() | {
            "complete": self.complete,
            "reason": self.reason,
            "requests": self.requests,
            "pages": self.pages,
            "rows": self.rows,
            "private": self.private,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "cards": self.cards,
            "lookups": {status.value: self.lookups[status] for status in sorted(self.lookups)},
            "not_looked_up": self.waiting,
            "failed_requests": self.failed,
            "changes": {aspect.value: self.changes[aspect] for aspect in sorted(self.changes)},
        }
