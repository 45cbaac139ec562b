"""Text for the screen: what comes from the Hub is made harmless here, once.

Rule: no text from the Hub reaches ``st.markdown``, a label or an alert, all of which read it as
Markdown and would fetch its images. It goes through ``escaped`` into HTML of our own, or as it
is into a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Literal, TypeAlias
from unicodedata import category

__all__ = [
    "Html",
    "Tone",
    "amount",
    "badge",
    "date",
    "definitions",
    "escaped",
    "inside",
    "intro",
    "items",
    "link",
    "note",
    "section",
    "tiles",
    "visible",
]

_ODD = re.compile(r"[^\x20-\x7e]")
_HIDDEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
_COLOURS = {"info": "#1463b5", "warning": "#b87800", "error": "#c03d0a"}


Tone: TypeAlias = Literal["good", "warn", "bad", "unknown", "info"]
"""What a colour says of an answer or a level; ``ui/theme.css`` has the colours."""


class Html(str):
    """Markup of our own, in which everything foreign is already escaped."""

    __slots__ = ()


def visible(text: str, *, limit: int = 300) -> str:
    """Return text in which nothing is hidden: no control signs, no change of direction.

    >>> visible("a" + chr(0x202E) + "gpj.exe")
    'a�gpj.exe'
    """
    shown = _ODD.sub(lambda match: "�" if category(match[0]) in _HIDDEN else match[0], text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def escaped(text: str, *, limit: int = 300) -> Html:
    """Return text as HTML that shows it, whatever it is."""
    return text if isinstance(text, Html) else Html(escape(visible(text, limit=limit)))


def link(address: str, text: str) -> Html:
    """Return a link to a page on the web, opened apart; any scheme but https stays text."""
    if not address.startswith("https://"):
        return escaped(text)
    target = escape(address, quote=True)
    return Html(f'<a href="{target}" target="_blank" rel="noopener noreferrer">{escaped(text)}</a>')


def inside(address: str, text: str) -> Html:
    """Return a link to another page of the app."""
    return Html(f'<a href="{escape(address, quote=True)}" target="_self">{escaped(text)}</a>')


def items(texts: Iterable[str], *, limit: int = 8) -> Html:
    """Return a short list, with a count of what was cut off."""
    everything = [escaped(text) for text in texts]
    shown = everything[:limit]
    if len(everything) > limit:
        shown.append(Html(f'<span class="rg-quiet">and {len(everything) - limit} more</span>'))
    return Html("<ul>" + "".join(f"<li>{item}</li>" for item in shown) + "</ul>")


def definitions(pairs: Iterable[tuple[str, str]]) -> Html:
    """Return terms and what they are."""
    rows = "".join(f"<dt>{escaped(term)}</dt><dd>{escaped(text)}</dd>" for term, text in pairs)
    return Html(f"<dl>{rows}</dl>")


def note(
    level: Literal["info", "warning", "error"], title: str, text: str = "", *, code: str = ""
) -> Html:
    """Return a message in a box: what happened, and what to do, perhaps a command to run."""
    role = "status" if level == "info" else "alert"
    command = f"<code>{escaped(code)}</code>" if code else ""
    return Html(
        f'<div class="rg-note" role="{role}" style="--rg-note: {_COLOURS[level]}">'
        f"<b>{escaped(title)}</b>{escaped(text, limit=1500)}{command}</div>"
    )


def badge(text: str, tone: Tone = "info") -> Html:
    """Return a word on a tinted ground: an answer, a level, a state."""
    colour = f"--rg-badge: var(--rg-{tone})"
    return Html(f'<span class="rg-badge" style="{colour}">{escaped(text)}</span>')


def tiles(figures: Iterable[tuple[str, str]]) -> Html:
    """Return numbers that stand alone, each over its name: ``("4,167", "models")``."""
    each = (
        f'<div class="rg-tile"><b>{escaped(figure)}</b><span>{escaped(name)}</span></div>'
        for figure, name in figures
    )
    return Html(f'<div class="rg-tiles">{"".join(each)}</div>')


def section(title: str) -> Html:
    """Return the head of a part of a page."""
    return Html(f'<h2 class="rg-section">{escaped(title)}</h2>')


def intro(title: str, text: str) -> Html:
    """Return the head of a page."""
    return Html(f'<div class="rg-intro"><h1>{escaped(title)}</h1><p>{escaped(text)}</p></div>')


def amount(number: int | None) -> str:
    """Return a number in few signs.

    >>> [amount(n) for n in (None, 7, 12_345, 999_999, 7_241_732_096)]
    ['–', '7', '12.3k', '1M', '7.24B']
    """
    if number is None:
        return "–"
    for size, sign in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= size * 0.9995:
            return f"{float(f'{number / size:.3g}'):g}{sign}"
    return str(number)


def date(instant: str | None) -> str:
    """Return the day of an ``xsd:dateTime``.

    >>> date("2024-07-01T12:00:00Z")
    '1 July 2024'
    """
    if instant is None:
        return "–"
    try:
        day = datetime.fromisoformat(instant)
    except ValueError:
        return visible(instant)
    return f"{day.day} {day:%B %Y}"
