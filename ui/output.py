"""What the command line prints: one JSON document, or tables for people.

Rule: data goes to standard output, everything else to standard error. Text from the Hub is
hostile: control characters, terminal escapes and bidirectional overrides are shown, not obeyed.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

import click
import msgspec

__all__ = ["note", "print_json", "print_rows", "print_table", "printable"]

_HIDDEN = frozenset(["Cc", "Cf", "Cs", "Co", "Zl", "Zp"])


def print_json(document: object) -> None:
    """Print one JSON document."""
    encoded = msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2)
    click.echo(encoded.decode())


def print_rows(rows: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair a line; values that are empty are left out."""
    shown = [(name, value) for name, value in rows if value not in (None, "", (), [], {})]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(f"{name:<{width}}  {printable(value)}")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as wide as its content, with numbers to the right."""
    table = list(rows)
    cells = [[printable(value) for value in row] for row in table]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    click.echo("  ".join(name.ljust(width) for name, width in zip(columns, widths, strict=True)))
    for row, shown in zip(table, cells, strict=True):
        aligned = [
            text.rjust(width) if isinstance(value, int | float) else text.ljust(width)
            for value, text, width in zip(row, shown, widths, strict=True)
        ]
        click.echo("  ".join(aligned).rstrip())


def printable(value: object) -> str:
    r"""Return a value as text that a terminal shows and does not obey.

    >>> print(printable("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(printable(item) for item in value)
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def note(message: str) -> None:
    """Tell something on standard error."""
    click.echo(printable(message), file=sys.stderr)


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    return char.encode("unicode_escape", "surrogatepass").decode()
