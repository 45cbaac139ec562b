"""The Hub's rate limit: so many requests in a fixed window, told in the headers of every answer."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from time import monotonic

__all__ = ["RateLimit", "Window", "rate_headers"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests are answered in how many seconds."""

    quota: int
    window_seconds: float = 300


class Window:
    """The window that is open now: counts requests, and starts anew when its time is over."""

    def __init__(self, limit: RateLimit, resource: str) -> None:
        self.limit = limit
        self._resource = resource
        self._lock = threading.Lock()
        self._start = monotonic()
        self._used = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Count one request; return whether it may be answered, and the headers that say so."""
        seconds = self.limit.window_seconds
        with self._lock:
            elapsed = monotonic() - self._start
            if elapsed >= seconds:
                self._start += elapsed - elapsed % seconds
                self._used = 0
            self._used += 1
            left = self.limit.quota - self._used
            reset = self._start + seconds - monotonic()
        return left >= 0, rate_headers(self.limit, self._resource, left=max(left, 0), reset=reset)


def rate_headers(limit: RateLimit, resource: str, *, left: int, reset: float) -> dict[str, str]:
    """Return the headers that say how many requests are left, and when the next window starts.

    >>> rate_headers(RateLimit(500), "api", left=3, reset=11.5)["RateLimit"]
    '"api";r=3;t=12'
    """
    return {
        "RateLimit": f'"{resource}";r={left};t={math.ceil(reset)}',
        "RateLimit-Policy": (
            f'"fixed window";"{resource}";q={limit.quota};w={math.ceil(limit.window_seconds)}'
        ),
    }
