"""docs/licences.md keeps its word: rules, examples and findings are what the code gives today."""

from __future__ import annotations

import runpy
from pathlib import Path

from graph.licenses.rule_table import rule_table
from graph.licenses.rules import RULES

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = (DOCS / "licences.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date(demo_graph: Path) -> None:
    """``make docs`` writes the table of rules, three real examples and the gravest findings."""
    script = runpy.run_path(str(DOCS / "licences.py"))

    assert script["page"](demo_graph, PAGE) == PAGE
    assert 3 == PAGE.count("```console\n$ remixgraph license ")


def test_every_rule_has_its_row() -> None:
    """The rules tell what they are about in the sentences of their docstrings."""
    rows = rule_table().splitlines()[2:]

    assert list(RULES) == [row.split(" | ")[0].removeprefix("| ") for row in rows]
    assert "CC BY-NC 4.0 s.2(a)(1)" in rule_table()
