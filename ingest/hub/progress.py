"""What an ingestion from the Hub tells whoever watches it."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Watches a run that may take hours; called from one thread."""

    def begin(self, stage: str, done: int, total: int | None) -> None:
        """Begin a stage, in which so much is done already, of so much as far as is known."""
        ...

    def advance(self, count: int, issues: int = 0) -> None:
        """Count what was done in the stage; ``issues`` were found so far in the whole run."""
        ...

    def wait(self, seconds: float, reason: str) -> None:
        """Tell that nothing happens for a while, and why."""
        ...

    def note(self, text: str) -> None:
        """Tell something worth knowing."""
        ...


class Silent:
    """Watches and says nothing."""

    def begin(self, stage: str, done: int, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int, issues: int = 0) -> None:
        """Say nothing."""

    def wait(self, seconds: float, reason: str) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""
