"""How the app looks: the page's colours, sizes and spacing, and names for the kinds.

*Type* has seven sizes, each a variable of ``theme.css``: small .75rem (labels in capitals), note
.8125 (captions, badges), text .875 (facts and tables), lead 1 (running text, section heads), title
1.25 (the head of a page), figure 1.5 (a number that stands alone), hero 2 (Home alone).

*Space* comes in steps of .25rem: ``--rg-1`` to ``--rg-8``, four of them a rem.

*Colour* has one meaning in each place. Nodes: the class of the licence; lines: the relation; both
from ``ui.palette``, since drawings take them along when they leave the app, chosen against
the two backgrounds here. Answers and levels: ``--rg-good``, ``--rg-warn``, ``--rg-bad``,
``--rg-unknown``, ``--rg-info``, which read as text (4.5:1) in both modes and always stand beside
the word that they colour.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.model.records import Kind

__all__ = ["KIND_NAMES", "PAGE", "THEME_OPTIONS", "Page", "style"]


class Page(NamedTuple):
    """The page's own colours: behind, text, and the accent that marks the focus."""

    background: str
    surface: str
    text: str
    accent: str


PAGE = {
    "light": Page("#ffffff", "#f5f7f9", "#1a2430", "#1463b5"),
    "dark": Page("#0f151c", "#18212b", "#e6ebf0", "#7cb8ff"),
}
"""The two modes; the app follows the system's."""

THEME_OPTIONS = {
    f"theme.{mode}.{option}": colour
    for mode, page in PAGE.items()
    for option, colour in (
        ("primaryColor", page.accent),
        ("backgroundColor", page.background),
        ("secondaryBackgroundColor", page.surface),
        ("textColor", page.text),
        ("linkColor", page.accent),
    )
}
"""The same colours as options of Streamlit."""


KIND_NAMES = {Kind.MODEL: "Model", Kind.DATASET: "Dataset", Kind.SPACE: "Space"}


@cache
def style() -> str:
    """Return the one style sheet of what the pages write themselves; components bring their own."""
    sheet = files(__package__).joinpath("theme.css").read_text(encoding="utf-8")
    return f"<style>{sheet}</style>"
