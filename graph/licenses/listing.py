"""The rules as a table to read, from their own docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from graph.licenses.rules import RULES

__all__ = ["rule_table"]


def rule_table() -> str:
    """Return a table in Markdown: each rule, what it is about, and on which clause it rests."""
    return "\n".join(
        ["| Rule | What it finds, and on which clause it rests |", "|---|---|", *_rows()]
    )


def _rows() -> Iterator[str]:
    for rule, function in RULES.items():
        says = " ".join(inspect.getdoc(function).split())  # type: ignore[union-attr] # each has one
        yield f"| {rule} | {_sentence(says.removeprefix(f'{rule}: ').removeprefix('REL: '))} |"


def _sentence(text: str) -> str:
    return (text[0].upper() + text[1:]).replace("|", "\\|")
