"""The ways from an artefact to what its findings come from, as a tree in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from graph.licenses.findings import Finding, Level
from ui.cli.output import printable

__all__ = ["draw"]

_STYLES = {Level.HIGH: "bold red", Level.MEDIUM: "yellow", Level.LOW: "cyan", Level.INFO: "dim"}
_WIDE = 200  # what is no terminal has no width of its own


def draw(findings: Iterable[Finding]) -> None:
    """Print findings at the ends of their ways; ways that begin alike share their beginning."""
    root: Tree | None = None
    branches: dict[tuple[object, ...], Tree] = {}
    for finding in findings:
        if root is None:
            root = Tree(_text(finding.path[0].id))
        branch, way = root, []
        for relation, artefact in zip(finding.relations, finding.path[1:], strict=True):
            way.append((relation, artefact))
            if (key := tuple(way)) not in branches:
                branches[key] = branch.add(_text(f"{relation}: {artefact.id}"))
            branch = branches[key]
        says = f"{finding.rule} {finding.level}: {finding.reason}"
        branch.add(_text(says, _STYLES[finding.level]))
    if root is not None:
        width = None if sys.stdout.isatty() else _WIDE
        Console(file=sys.stdout, width=width, emoji=False, highlight=False).print(root)


def _text(words: str, style: str = "") -> Text:
    """Return text that a terminal shows and does not obey, and that rich takes as it is."""
    return Text(printable(words), style)
