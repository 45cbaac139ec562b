"""The rules as a table to read, from their own docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache

from graph.licenses.rules import RULES, Rule

__all__ = ["rule_table", "rule_texts"]


def rule_table() -> str:
    """Return a table in Markdown: each rule, what it is about, and on which clause it rests."""
    return "\n".join(
        ["| Rule | What it finds, and on which clause it rests |", "|---|---|", *_rows()]
    )


@cache
def rule_texts() -> dict[str, str]:
    """Return what each rule is about, and on which clause it rests, in a sentence or two."""
    return {rule: _sentence(rule, function) for rule, function in RULES.items()}


def _rows() -> Iterator[str]:
    for rule, text in rule_texts().items():
        cell = text.replace("|", "\\|")
        yield f"| {rule} | {cell} |"


def _sentence(rule: str, function: Rule) -> str:
    says = " ".join(inspect.getdoc(function).split())  # type: ignore[union-attr] # each has one
    text = says.removeprefix(f"{rule}: ")
    return text[0].upper() + text[1:]
