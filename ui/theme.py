"""How the app looks: the page's colours, sizes and spacing, and names for the kinds.

The colours of licences and relations are in ``graph.palette``, since drawings take them along
when they leave the app; they are chosen against the two backgrounds here.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.records import Kind

__all__ = ["KIND_NAMES", "PAGE", "STYLE", "THEME_OPTIONS", "Page"]


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

STYLE = """
<style>
.block-container { padding: 4rem 2.25rem 3rem; max-width: 110rem; }
.rg-intro { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.rg-intro h1 { font-size: 1.25rem; line-height: 1.4; font-weight: 650; margin: 0; padding: 0; }
.rg-intro.rg-intro p { font-size: .9rem; opacity: .8; margin: 0; }
.rg-kind { font-size: .75rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase;
  opacity: .72; }
.rg-facts { font-size: .875rem; line-height: 1.45; }
.rg-facts h2 { font-size: 1.05rem; font-weight: 650; margin: 0 0 .125rem; padding: 0;
  overflow-wrap: anywhere; }
.rg-facts dl { display: grid; grid-template-columns: minmax(6.5rem, max-content) 1fr;
  gap: .3rem .75rem; margin: .75rem 0 0; }
.rg-facts dl, .rg-facts dt, .rg-facts dd { padding: 0; font-size: inherit; }
.rg-facts dl dt { margin: 0; opacity: .72; }
.rg-facts dl dd { margin: 0; overflow-wrap: anywhere; }
.rg-facts a { color: inherit; }
.rg-facts.rg-facts :is(a, li, p, ul) { font-size: inherit; margin: 0; }
.rg-facts.rg-facts > p { margin-top: .75rem; }
.st-key-sparql-text textarea { font-family: "Source Code Pro", monospace; font-size: .875rem; }
.rg-facts dd ul { margin: 0; padding: 0; list-style: none; }
.rg-facts .rg-quiet { opacity: .72; }
.rg-big { display: flex; gap: 1.5rem; margin-top: .75rem; }
.rg-big div { line-height: 1.2; }
.rg-big b { display: block; font-size: 1.25rem; font-weight: 650;
  font-variant-numeric: tabular-nums; }
.rg-big span { font-size: .8rem; opacity: .72; }
.rg-note { border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-left: .3rem solid var(--rg-note, #1463b5); border-radius: .5rem; padding: .8rem 1rem;
  font-size: .925rem; overflow-wrap: anywhere; }
.rg-note b { display: block; margin-bottom: .15rem; }
.rg-note code { display: block; width: fit-content; max-width: 100%; overflow-wrap: anywhere;
  margin-top: .4rem; padding: .3rem .55rem; border-radius: .35rem; font-size: .85rem;
  background: color-mix(in srgb, currentColor 8%, transparent); color: inherit; }
.rg-issue { border-left: .2rem solid #b87800; padding-left: .6rem; margin-top: .5rem; }
.rg-issue code { background: none; color: inherit; padding: 0; font-size: .8rem; }
@media (max-width: 640px) {
  .block-container { padding-left: 1rem; padding-right: 1rem; }
  .rg-facts dl { grid-template-columns: 6.5rem 1fr; }
}
</style>
"""
"""The one style sheet of what the pages write themselves; components bring their own."""
