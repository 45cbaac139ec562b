"""How long a caller waits for a query: until a deadline, or until somebody says stop.

Rule: what ends a query acts on that query or not at all. A timer that fires late, when the worker
already has another query, does nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from graph.model.errors import QueryStopped

__all__ = ["Patience", "StopToken"]


class StopToken:
    """Stops a query from any thread: give it to ``run_query``, and press it when it is enough.

    It may be pressed before, during and after the query, and more than once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], None]] = []
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether it has been pressed."""
        return self._stopped

    def stop(self) -> None:
        """Stop the query; its caller gets QueryStopped."""
        with self._lock:
            self._stopped = True
            actions = tuple(self._actions)
        for action in actions:
            action()

    @contextmanager
    def calling(self, action: Callable[[], None]) -> Iterator[None]:
        """Call ``action`` when it is pressed within the block, or has been before."""
        with self._lock:
            self._actions.append(action)
            stopped = self._stopped
        try:
            if stopped:
                action()
            yield
        finally:
            with self._lock:
                self._actions.remove(action)


class Patience:
    """What one caller is ready to wait, from now on, for a worker and for its answer."""

    def __init__(self, seconds: float, stop: StopToken | None = None) -> None:
        self.stop = stop or StopToken()
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left, as a number that the system can wait for."""
        return min(max(self._end - time.monotonic(), 0), threading.TIMEOUT_MAX)

    @property
    def over(self) -> bool:
        """Whether time is up, or the caller has said stop."""
        return self.stop.stopped or self.left == 0

    def error(self, *, begun: bool = True) -> QueryStopped:
        """Return the error that says why the caller gets no answer."""
        if self.stop.stopped:
            return QueryStopped("the query was stopped before it had an answer")
        if not begun:
            return QueryStopped(
                f"the query was not begun within {self._seconds:g} s, as others are running:"
                " try again, or allow it more time"
            )
        return QueryStopped(
            f"the query was stopped after {self._seconds:g} s: narrow it down, or allow it more"
            " time"
        )

    @contextmanager
    def watch(self, action: Callable[[], None]) -> Iterator[None]:
        """Call ``action``, once, when this is over within the block, and never after it."""
        once = _Once(action)
        timer = threading.Timer(self.left, once.act)
        timer.daemon = True
        timer.start()
        try:
            with self.stop.calling(once.act):
                yield
        finally:
            timer.cancel()
            once.disarm()


class _Once:
    """An action that happens at most once, and not after it was disarmed."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._action: Callable[[], None] | None = action

    def act(self) -> None:
        with self._lock:
            action, self._action = self._action, None
            if action:
                action()

    def disarm(self) -> None:
        with self._lock:
            self._action = None
