"""The points of a window as cells: for each the group that most of its points have, and how many.

A cell is one byte: 0 where nothing is, else 1 + group * LEVELS + level, where the level says how
densely the cell is filled. Who draws it gives each group a colour, and each level an opacity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array
from graph.view.atlas.grouping import Grouping
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window

__all__ = ["LEVELS", "SIZES", "Raster", "count_cells", "rasterise"]

LEVELS = 12
"""How many steps of density are told apart; 20 groups times 12 fit into a byte."""

SIZES = (1.0, 1.25, 1.5, 2.0, 3.0)
"""The sizes of cells in pixels, from the finest on."""


class Raster(NamedTuple):
    """Cells in rows from the top, each ``size`` pixels wide, and the number of points in them."""

    columns: int
    rows: int
    size: float
    cells: Array
    points: int


def rasterise(
    atlas: Atlas, window: Window, grouping: Grouping, *, points: Array, size: float = 1.0
) -> Raster:
    """Return the raster of those points, which are all in the window."""
    columns, rows = int(np.ceil(window.width / size)), int(np.ceil(window.height / size))
    per_cell = window.scale / size
    right = ((atlas.x[points] - np.float32(window.left)) * np.float32(per_cell)).astype(np.int32)
    down = ((atlas.y[points] - np.float32(window.top)) * np.float32(per_cell)).astype(np.int32)
    places = np.minimum(down, rows - 1) * columns + np.minimum(right, columns - 1)
    counts = count_cells(places, grouping.codes[points], columns * rows, len(grouping.groups))
    return Raster(columns, rows, size, _cells(counts), len(points))


def count_cells(places: Array, codes: Array, cells: int, groups: int) -> Array:
    """Return how many points of each group every cell has."""
    keys = places * groups + codes
    return np.bincount(keys, minlength=cells * groups).reshape(cells, groups)


def _cells(counts: Array) -> Array:
    """Return each cell as a byte; full is what a cell holds where the picture is dense."""
    filled = np.flatnonzero(counts.any(axis=1))
    cells = np.zeros(len(counts), np.uint8)
    if not len(filled):
        return cells
    held = counts[filled]
    sums = held.sum(axis=1)
    full = max(1.0, float(np.quantile(sums, 0.98)))
    levels = np.clip(np.log1p(sums) / np.log1p(full) * (LEVELS - 1), 0, LEVELS - 1)
    cells[filled] = 1 + held.argmax(axis=1) * LEVELS + levels.astype(np.int64)
    return cells
