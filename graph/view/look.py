"""What a drawing is given to look as it does: graph itself knows no colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["PLAIN", "Line", "Look"]


class Line(NamedTuple):
    """How a kind of link is named and drawn; ``dash`` are lengths of line and gap."""

    title: str
    colour: str
    dash: tuple[int, ...] = ()


class Look(NamedTuple):
    """The colours of a drawing, as CSS writes them.

    ``licenses`` has them by the key of a ``LicenseClass``, ``lines`` by the word of a relation;
    ``only_named`` is the colour of what nothing else is known of, and whatever has no colour of its
    own is drawn in ``ink`` on ``paper``; ``rule`` parts the page.
    """

    ink: str
    paper: str
    rule: str
    only_named: str
    licenses: Mapping[str, str]
    lines: Mapping[str, Line]

    def line(self, word: str) -> Line:
        """Return how the links of a relation are drawn."""
        return self.lines.get(word) or Line(word, self.ink)


PLAIN = Look("black", "white", "silver", "gray", {}, {})
"""For who gives no colours: everything in black on white, told apart by words."""
