"""What a run is to bring from the Hub."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from graph.model.records import Kind

__all__ = ["Plan"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which repositories a run asks for, and how thoroughly.

    ``author`` and ``limit`` narrow the lists; ``full`` walks them from end to end although only
    changes would be due, which is how vanished repositories are found; ``cards`` fetches the
    README of those whose list answer does not tell all; ``lookups`` bounds how many single
    repositories are asked for.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    author: str | None = None
    limit: int | None = None
    full: bool = False
    cards: bool = False
    lookups: int = 500

    @property
    def whole(self) -> bool:
        """Whether the lists are asked for whole, so that what is missing has vanished."""
        return self.author is None and self.limit is None

    def folder(self, endpoint: str) -> str:
        """Return the name of the folder for this endpoint and these lists: runs of it go on there.

        >>> Plan(author="google").folder("https://huggingface.co")
        'hub-...'
        """
        key = "\n".join([endpoint, self.author or "", str(self.limit or "")])
        return f"hub-{blake2b(key.encode(), digest_size=6).hexdigest()}"
