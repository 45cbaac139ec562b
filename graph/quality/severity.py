"""How bad something is that is wrong: with a lineage, its metadata, or a card."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Severity"]


class Severity(StrEnum):
    """How bad a diagnostic is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """The place in the order, the worst first."""
        return list(Severity).index(self)
