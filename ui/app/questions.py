"""Where a page's figures can be asked for anew: the named questions, on the page SPARQL."""

from __future__ import annotations

from urllib.parse import urlencode

from ui.app.markup import Html, escaped, inside

__all__ = ["behind"]


def behind(question: str, *, says: str = "", **parameters: str) -> Html:
    """Return a line that leads to a named question, its parameters filled in.

    >>> behind("roots", model="acme/tiny").count("/sparql?question=roots&amp;p.model=acme/tiny")
    1
    """
    named = {"question": question} | {f"p.{name}": value for name, value in parameters.items()}
    asked = inside(f"/sparql?{urlencode(named, safe='/')}", "Ask it in SPARQL")
    more = escaped(f", {says}" if says else "")
    return Html(f'<p class="rg-behind">{asked}{more}.</p>')
