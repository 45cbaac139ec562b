"""How long to wait before asking again: what the Hub says, or else a little longer each time.

Pure but for the clock that dates are compared with: status and headers in, seconds out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from huggingface_hub.utils import parse_ratelimit_headers
from tenacity import RetryCallState, wait_random_exponential

__all__ = ["Passing", "Unusable", "asked_wait", "is_passing", "quota_wait", "wait_before"]

Wait = Callable[[RetryCallState], float]

LONGEST_WAIT = 60.0
"""Seconds between two attempts where the Hub does not say; it grows to this, with jitter."""

_TOO_MANY = 429
_PASSING = frozenset([408, 425, _TOO_MANY])  # and everything from 500 on


class Passing(Exception):
    """Indicates that a request did not succeed and may do so later.

    ``wait`` is how many seconds the Hub asks for, if it does.
    """

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Unusable(Passing):
    """Indicates an answer that came whole and is not what was asked for."""


def is_passing(status: int) -> bool:
    """Tell whether a status is worth another attempt."""
    return status in _PASSING or status >= 500  # noqa: PLR2004 - all errors of a server


def asked_wait(status: int, headers: Mapping[str, str]) -> float | None:
    """Return how many seconds the Hub asks to wait before the next attempt, or None.

    A second is added to the rate limit's own count, which is rounded down.
    """
    if status == _TOO_MANY and (wait := quota_wait(headers)) is not None:
        return wait
    return _retry_after(headers.get("retry-after", "").strip())


def quota_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until the Hub answers again when this answer used up the quota.

    ``RateLimit: "api";r=0;t=55`` says so
    (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
    """
    limit = parse_ratelimit_headers(headers)
    return limit.reset_in_seconds + 1.0 if limit and limit.remaining == 0 else None


def wait_before(first: float) -> Wait:
    """Return what tells tenacity how long to wait, beginning with about ``first`` seconds."""
    growing = wait_random_exponential(multiplier=first, max=LONGEST_WAIT)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Passing) else None
        return growing(state) if asked is None else asked

    return wait


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After``: seconds, or a date (RFC 9110, section 10.2.3)."""
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
