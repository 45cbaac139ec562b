"""The part of the plane that is looked at, and the sizes that follow from it."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

__all__ = ["LEAST_ZOOM", "MOST_ZOOM", "Window"]

LEAST_ZOOM, MOST_ZOOM = 0.5, 1e5
"""How far one can zoom out and in."""

LEAST_SIDE, MOST_SIDE = 200, 2600
"""The sizes in pixels that a picture may have."""

_WHOLE = 2.08
"""What the smaller side of a window shows of the plane at zoom 1: the atlas, and a rim."""


class Window(NamedTuple):
    """A rectangle of pixels on a screen, with a place of the plane in its middle.

    The atlas is a circle of radius 1 around 0, 0; at zoom 1 it just fits.

    >>> Window(zoom=2, width=400, height=200).scale * 1.04
    200.0
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    width: int = 960
    height: int = 640

    @classmethod
    def of(cls, x: float, y: float, zoom: float, size: tuple[int, int]) -> Window:
        """Return the nearest window that makes sense; raises ValueError for what is no number."""
        if not all(map(isfinite, (x, y, zoom))):
            raise ValueError("a window needs finite numbers")
        return cls(
            min(max(x, -1.0), 1.0),
            min(max(y, -1.0), 1.0),
            min(max(zoom, LEAST_ZOOM), MOST_ZOOM),
            *(min(max(side, LEAST_SIDE), MOST_SIDE) for side in size),
        )

    @property
    def scale(self) -> float:
        """How many pixels are as long as the radius of the atlas."""
        return self.zoom * min(self.width, self.height) / _WHOLE

    @property
    def left(self) -> float:
        """Where the window begins."""
        return self.x - self.width / self.scale / 2

    @property
    def top(self) -> float:
        """Where the window begins; downwards is more."""
        return self.y - self.height / self.scale / 2

    @property
    def right(self) -> float:
        """Where the window ends."""
        return self.x + self.width / self.scale / 2

    @property
    def bottom(self) -> float:
        """Where the window ends."""
        return self.y + self.height / self.scale / 2

    def spanning(self, radius: float) -> Window:
        """Return the same window so near that a circle around its middle fills half of it."""
        return self._replace(zoom=min(max(1.0, _WHOLE / (4 * radius)), MOST_ZOOM))
