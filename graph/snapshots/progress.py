"""What making, checking and loading a snapshot tell whoever waits.

Either hook may raise to stop the work: what was there before stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

__all__ = ["Advance", "Progress", "counted", "silent", "unmoved"]

Progress: TypeAlias = Callable[[str], object]
"""Told what comes next, in a few words."""

Advance: TypeAlias = Callable[[int, int], object]
"""Told how much of it is done, and of how much, where that can be known."""


def silent(_: str) -> None:
    """Tell nobody what comes next."""


def unmoved(_: int, __: int) -> None:
    """Tell nobody how much is done."""


def counted(blocks: Iterator[bytes], advance: Advance, *, total: int) -> Iterator[bytes]:
    """Yield blocks of text, and tell of how many bytes there are so far."""
    done = 0
    for block in blocks:
        yield block
        done += len(block)
        advance(done, total)
