"""Giving the same number to what is the same: rows of several columns, and lists of such rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from graph.model.arrays import Array

__all__ = ["Coded", "coded", "coded_lists"]

_GREATEST = 2**62


class Coded(NamedTuple):
    """A code for each row, and for each code the first row that has it."""

    codes: Array
    firsts: Array


def coded(*columns: Array) -> Coded:
    """Code the rows of columns of whole numbers from -1 on; equal rows have equal codes.

    >>> coded(np.array([5, 7, 5]), np.array([-1, 0, -1])).codes.tolist()
    [0, 1, 0]
    """
    keys = np.zeros(len(columns[0]), np.int64)
    size = 1
    for column in columns:
        width = (int(column.max()) if len(column) else 0) + 2
        if size * width > _GREATEST:
            keys, firsts = _code(keys)
            size = len(firsts)
        keys = keys * width + (column.astype(np.int64) + 1)
        size *= width
    return _code(keys)


def coded_lists(owners: Array, values: Array, count: int) -> tuple[Array, list[tuple[int, ...]]]:
    """Code the list that each of ``count`` owners has, given value by value in their order.

    Returns a code for each owner, and the lists by their codes; the first is the empty one.
    """
    counts = np.bincount(owners, minlength=count)
    starts = np.cumsum(counts) - counts
    lists: dict[tuple[int, ...], int] = {(): 0}
    codes = np.zeros(count, np.int64)
    single = np.flatnonzero(counts == 1)
    ones, firsts = _code(values[starts[single]].astype(np.int64))
    found = [(int(value),) for value in values[starts[single]][firsts]]
    codes[single] = np.array([lists.setdefault(one, len(lists)) for one in found], np.int64)[ones]
    for owner in np.flatnonzero(counts > 1).tolist():
        start = starts[owner]
        several = tuple(values[start : start + counts[owner]].tolist())
        codes[owner] = lists.setdefault(several, len(lists))
    return codes, list(lists)


def _code(keys: Array) -> Coded:
    codes = pa.array(keys).dictionary_encode().indices.to_numpy()
    firsts = np.empty(int(codes.max(initial=-1)) + 1, np.int64)
    firsts[codes[::-1]] = np.arange(len(codes))[::-1]
    return Coded(codes, firsts)
