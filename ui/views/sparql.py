"""The page SPARQL."""

from __future__ import annotations


def page() -> None:
    """Draw the page."""
