"""Many single requests, a few at a time: what one of them meets does not stop the others.

One that fails again and again is left out and counted. Only when several in a row fail is it the
Hub that stays away, and then the rest is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from typing import NamedTuple, TypeVar

from graph.errors import SourceUnavailable
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
    failed = in_a_row = 0
    failure = None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked: dict[Future[R], T] = {pool.submit(ask, item): item for item in items}
        try:
            for future in as_completed(asked):
                try:
                    keep(asked[future], future.result())
                    in_a_row = 0
                except SourceUnavailable as error:
                    failed, in_a_row, failure = failed + 1, in_a_row + 1, error
                except CancelledError:  # not asked for, because of a failure before
                    continue
                progress.advance(1)
                if in_a_row == _IN_A_ROW:
                    pool.shutdown(wait=False, cancel_futures=True)
        except BaseException:
            client.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    stays_away = in_a_row >= min(_IN_A_ROW, len(items))
    return Outcome(failed, failure if stays_away else None)
