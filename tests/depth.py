"""How deep a run of the tests goes: a sample in ``make test``, everything in ``make test-deep``.

Rule: a sample is part of the whole and the same in every run, so what it finds can be found again.
"""

from __future__ import annotations

import os
from typing import TypeVar

from hypothesis import settings

__all__ = ["DEEP", "IN_CI", "dear", "sampled"]

T = TypeVar("T")

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
DEEP = os.environ.get("REMIXGRAPH_TESTS") == "deep"

_EXAMPLES = 200 if DEEP else 25
_DEAR = 100 if DEEP else 10


def sampled(few: T, everything: T) -> T:
    """Return how much a test takes: few of something, or all in a deep run."""
    return everything if DEEP else few


# No deadline: how long an example takes says more about the machine than about the code.
_profile = settings(deadline=None, max_examples=_EXAMPLES)
settings.register_profile("here", _profile)
settings.register_profile("ci", _profile, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "here")

dear = settings(max_examples=_DEAR)
"""For a law whose every example builds a graph."""
