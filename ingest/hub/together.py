"""Many single requests, a few at a time: what one of them meets does not stop the others.

One that fails again and again is left out and counted. Only when several in a row fail is it the
Hub that stays away, and then the rest is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import chain
from typing import NamedTuple, TypeVar

from graph.model.errors import SourceUnavailable
from ingest.hub.client import Client
from ingest.hub.progress import Progress

__all__ = ["Outcome", "ask_together"]

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 4
"""Requests under way: polite, and enough that waiting for answers is not what takes the time."""

_IN_A_ROW = 5


class Outcome(NamedTuple):
    """How many requests gave nothing, and why the rest was not asked for, if so."""

    failed: int = 0
    failure: SourceUnavailable | None = None


def ask_together(
    client: Client,
    items: Sequence[T],
    ask: Callable[[T], R],
    keep: Callable[[T, R], object],
    progress: Progress,
) -> Outcome:
    """Ask for items in threads, and keep each answer, in this one, as it comes."""
    tally = _Tally()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked: dict[Future[R], T] = {pool.submit(ask, item): item for item in items}
        try:
            for future in chain(_completed(asked, tally), _left(pool, asked)):
                item = asked.pop(future)
                if tally.count(future):
                    keep(item, future.result())
                progress.advance(1)
        except BaseException:
            client.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Outcome(
        tally.failed, tally.failure if tally.in_a_row >= min(_IN_A_ROW, len(items)) else None
    )


class _Tally:
    """Counts what fails; ``failure`` is the last."""

    def __init__(self) -> None:
        self.failed = 0
        self.in_a_row = 0
        self.failure: SourceUnavailable | None = None

    def count(self, future: Future[R]) -> bool:
        """Count an outcome; tells whether it is an answer. Raises what is no refusal."""
        try:
            future.result()
        except SourceUnavailable as error:
            self.failed, self.in_a_row, self.failure = self.failed + 1, self.in_a_row + 1, error
            return False
        self.in_a_row = 0
        return True


def _completed(asked: dict[Future[R], T], tally: _Tally) -> Iterator[Future[R]]:
    """Yield requests as they end, until too many have failed in a row."""
    for future in as_completed(list(asked)):
        yield future
        if tally.in_a_row == _IN_A_ROW:
            return


def _left(pool: ThreadPoolExecutor, asked: dict[Future[R], T]) -> Iterator[Future[R]]:
    """Yield the requests that were under way when the rest was given up, once they have ended."""
    pool.shutdown(wait=True, cancel_futures=True)
    yield from [future for future in asked if not future.cancelled()]
