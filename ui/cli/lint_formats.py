"""The problems of cards as text, as GitHub's annotations, as SARIF and as JSON.

Rule: everything in a card is hostile. What a terminal would obey is shown, what a runner of
workflows would obey is escaped, and no text of a card becomes a link.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import click

from graph.quality.severity import Severity
from graph.sparql.result_table import visible
from ingest.linting import RULES, Problem, Rule
from ui.cli.output import print_json

__all__ = ["FORMATS", "Linted", "relative"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


class Linted(NamedTuple):
    """A card or a repository, by the name that the user gave, with its problems.

    ``path`` is None for a repository in the graph; ``mendable`` are the rules and fields that a
    patch mends.
    """

    name: str
    path: Path | None
    problems: Sequence[Problem]
    mendable: Sequence[tuple[str, str]] = ()

    def document(self) -> dict[str, object]:
        """Return it as ``--format json`` prints it."""
        return {
            "card": self.name if self.path else None,
            "id": None if self.path else self.name,
            "problems": [
                one.document() | {"mendable": (one.rule.name, one.field) in self.mendable}
                for one in self.problems
            ],
        }


def print_text(results: Sequence[Linted]) -> None:
    """Print one line a problem, as compilers do, and its remedy below."""
    for result in results:
        for one in result.problems:
            place = result.name if one.line is None else f"{result.name}:{one.line}"
            line = f"{place}: {one.severity}: {one.message} [{one.rule.name}]"
            click.echo(f"{visible(line)}\n    {visible(one.remedy)}")


def print_github(results: Sequence[Linted]) -> None:
    """Print workflow commands, which GitHub shows beside the lines of a change."""
    for result in results:
        for one in result.problems:
            fields = {"file": relative(result.path) if result.path else "", "line": one.line or ""}
            fields["title"] = one.rule.name
            shown = ",".join(
                f"{name}={_property(str(value))}" for name, value in fields.items() if value
            )
            prefix = "" if result.path else f"{result.name}: "
            message = _data(f"{prefix}{one.message}. {one.remedy}")
            click.echo(f"::{_GITHUB[one.severity]} {shown}::{message}")


def print_sarif(results: Sequence[Linted]) -> None:
    """Print one log of SARIF 2.1.0."""
    rules = sorted({one.rule.name for result in results for one in result.problems})
    driver = {"name": "remixgraph", "rules": [_descriptor(RULES[name]) for name in rules]}
    found = [
        _result(result, one, rules.index(one.rule.name))
        for result in results
        for one in result.problems
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": found}
    print_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def print_documents(results: Sequence[Linted]) -> None:
    """Print one JSON document: a list of cards with their problems."""
    print_json([result.document() for result in results])


FORMATS: dict[str, Callable[[Sequence[Linted]], None]] = {
    "text": print_text,
    "github": print_github,
    "sarif": print_sarif,
    "json": print_documents,
}
"""How problems can be printed."""


def relative(path: Path) -> str:
    """Return a path as seen from here, in the form of addresses; a whole one if it is elsewhere."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - without following links
    here = Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def _data(text: str) -> str:
    """Escape the message of a workflow command."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a workflow command, which also ends at a colon or a comma."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _descriptor(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.name,
        "shortDescription": {"text": f"The value {rule.says}."},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(result: Linted, one: Problem, index: int) -> dict[str, object]:
    return {
        "ruleId": one.rule.name,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": _plain(f"{one.message}. {one.remedy}")},
        "locations": [_location(result, one)],
    }


def _location(result: Linted, one: Problem) -> dict[str, object]:
    if result.path is None:
        return {"logicalLocations": [{"fullyQualifiedName": visible(result.name)}]}
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(result.path)}}
    if one.line is not None:
        physical["region"] = {"startLine": one.line}
    return {"physicalLocation": physical}


def _uri(path: Path) -> str:
    shown = relative(path)
    if Path(shown).is_absolute():
        return Path(shown).as_uri()
    return quote(os.fsencode(shown), safe="/")


def _plain(text: str) -> str:
    r"""Escape what SARIF reads as a link or as a placeholder.

    >>> print(_plain("[x](http://evil) {0}"))
    \[x\](http://evil) {{0}}
    """
    for mark in "\\[]":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("{", "{{").replace("}", "}}")
