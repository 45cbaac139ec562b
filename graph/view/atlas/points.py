"""The points of a window one by one: as mere dots, or with names and lines where few are left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import mask
from graph.model.arrays import Array
from graph.model.relations import DERIVATIONS
from graph.view.atlas.grouping import Grouping
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window

__all__ = ["MOST_DOTS", "MOST_LINES", "MOST_POINTS", "Dots", "Points", "dots", "single"]

MOST_POINTS = 5_000
"""Up to so many points are handed out with all that is known of them."""

MOST_DOTS = 40_000
"""Up to so many points are handed out as dots; more are counted in cells."""

MOST_LINES = 3_000
"""With more lines than this, none is drawn."""

_ACROSS = 65_535  # places are 16 bits wide: finer than a pixel


class Dots(NamedTuple):
    """Points as places in 1/65,535 of the window, and their groups."""

    x: Array
    y: Array
    codes: Array


class Points(NamedTuple):
    """Points, the most downloaded first: dots with a size up to 255.

    ``lines`` are pairs of positions among them, child and parent; ``nodes`` numbers in the index.
    """

    nodes: Array
    x: Array
    y: Array
    codes: Array
    sizes: Array
    lines: Array


def dots(atlas: Atlas, window: Window, grouping: Grouping, *, points: Array) -> Dots:
    """Return those points, which are all in the window, as dots."""
    across, down = window.right - window.left, window.bottom - window.top
    x = (atlas.x[points] - window.left) / across * _ACROSS
    y = (atlas.y[points] - window.top) / down * _ACROSS
    return Dots(
        x.clip(0, _ACROSS).astype(np.uint16),
        y.clip(0, _ACROSS).astype(np.uint16),
        grouping.codes[points],
    )


def single(atlas: Atlas, window: Window, grouping: Grouping, *, points: Array) -> Points:
    """Return those points, which are all in the window, one by one."""
    downloads = atlas.index.downloads[atlas.nodes[points]]
    order = np.lexsort((points, -downloads))
    points, downloads = points[order], downloads[order]
    sizes = np.log10(np.maximum(downloads, 0) + 1) / 9 * 255
    return Points(
        atlas.nodes[points],
        *dots(atlas, window, grouping, points=points),
        sizes.clip(0, 255).astype(np.uint8),
        _lines(atlas, points),
    )


def _lines(atlas: Atlas, points: Array) -> Array:
    """Return the pairs of positions of which one was made from the other."""
    nodes = atlas.nodes[points]
    ordered = np.argsort(nodes)
    found = nodes[ordered]
    children, parents, _ = atlas.index.up.steps(found, mask(DERIVATIONS))
    places = np.searchsorted(found, parents).clip(max=max(len(found) - 1, 0))
    inside = found[places] == parents if len(found) else np.zeros(0, np.bool_)
    inside &= children != parents
    if inside.sum() > MOST_LINES:
        return np.empty((0, 2), np.uint16)
    child = ordered[np.searchsorted(found, children[inside])]
    return np.column_stack([child, ordered[places[inside]]]).astype(np.uint16)
