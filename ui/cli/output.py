"""What the command line prints: one JSON document, or tables for people.

Rule: data goes to standard output, everything else to standard error. Text from the Hub is
hostile: control characters, terminal escapes and bidirectional overrides are shown, not obeyed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

import click

from graph.sparql.result_table import table, visible
from ui.json_text import escaped, json_text

__all__ = [
    "note",
    "print_answer",
    "print_json",
    "print_rows",
    "print_table",
    "printable",
]

_UNUSUAL_IN_ROWS = re.compile(r"(?!\r\n)[^\t\n -~]")  # of CSV and TSV


def print_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json_text(document))


def print_answer(text: str, form: str) -> None:
    """Print the answer to a query; what is no JSON a terminal gets with escapes shown, only."""
    if form == "json":
        text = escaped(text)
    elif sys.stdout.isatty():
        text = _UNUSUAL_IN_ROWS.sub(lambda found: visible(found[0]), text)
    click.echo(text, nl=False, color=True)  # a pipe, too, gets all of it


def print_rows(rows: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair a line; values that are empty are left out."""
    shown = [(name, value) for name, value in rows if value not in (None, "", (), [], {})]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(f"{name:<{width}}  {printable(value)}")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as wide as its content, with numbers to the right."""
    shown = [[_cell(value) for value in row] for row in rows]
    click.echo(table(columns, shown), nl=False)


def printable(value: object) -> str:
    """Return a value as text that a terminal shows and does not obey.

    >>> printable(("merge", 1234))
    'merge, 1,234'
    """
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(printable(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return visible(str(value))


def note(message: str) -> None:
    """Tell something on standard error."""
    click.echo(printable(message), file=sys.stderr)


def _cell(value: object) -> object:
    return printable(value) if isinstance(value, tuple | list) else value
