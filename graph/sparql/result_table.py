"""Rows as a table of plain text, for a terminal.

Rule: text from the Hub is hostile. Control characters, terminal escapes and overrides of the
direction of writing are shown as escapes, never sent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["table", "visible"]

_HIDDEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
_WIDE = frozenset(["W", "F"])
_WITHOUT_WIDTH = frozenset(["Mn", "Me"])


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return columns as wide as their content, with numbers to the right.

    >>> print(table(["name", "edges"], [("finetune", 12), ("merge", 7)]), end="")
    name      edges
    finetune     12
    merge         7
    """
    shown = [[_text(value) for value in row] for row in rows]
    heads = [visible(name) for name in columns]
    widths = [max(map(_width, cells)) for cells in zip(heads, *shown, strict=True)]
    numeric = [
        any(_is_number(value) for value in values)
        and all(value is None or _is_number(value) for value in values)
        for values in (zip(*rows, strict=True) if rows else [()] * len(columns))
    ]
    lines = ["  ".join(map(_padded, cells, widths, numeric)).rstrip() for cells in [heads, *shown]]
    return "".join(f"{line}\n" for line in lines)


def visible(text: str) -> str:
    r"""Return text that a terminal shows and does not obey.

    >>> print(visible("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else visible(str(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _visible_character(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    return char.encode("unicode_escape", "surrogatepass").decode()


def _width(text: str) -> int:
    """Count the columns that text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in _WITHOUT_WIDTH
        else 1 + (unicodedata.east_asian_width(char) in _WIDE)
        for char in text
    )


def _padded(text: str, width: int, to_the_right: bool) -> str:  # noqa: FBT001 - data of map()
    space = " " * (width - _width(text))
    return space + text if to_the_right else text + space
