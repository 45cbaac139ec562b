"""The README keeps its word: its example prints what it shows, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from graph.sparql.questions import listing, questions
from ui.cli.main import run

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```console\n\$ \.venv/bin/remixgraph (?P<command>.+)\n(?P<output>[^`]+)```")


@pytest.mark.parametrize(
    "example", list(EXAMPLE.finditer(README)), ids=lambda found: found["command"].split(" --")[0]
)
def test_the_examples_print_what_they_show(
    example: re.Match[str], demo_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands in the README give the lines below them."""
    assert 0 == run(["--graph", str(demo_graph), *shlex.split(example["command"])])
    shown = [line.rstrip() for line in example["output"].splitlines()]
    assert shown == [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_the_python_example_prints_what_it_shows(
    demo_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So does the script that uses remixgraph as a library."""
    found = re.search(r"```python\n(.+?)```\n\n```text\n(.+?)```", README, re.DOTALL)
    assert found is not None
    exec(found[1].replace("my-graph", str(demo_graph)), {})  # noqa: S102 - it is our own README

    assert found[2] == capsys.readouterr().out


def test_the_query_answers_on_the_demo_graph(
    demo_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The SPARQL in the README finds the same four ancestors."""
    query = re.search(r"```sparql\n(.+?)```", README, re.DOTALL)
    assert query is not None
    file = tmp_path / "query.rq"
    file.write_text(query[1], encoding="utf-8")

    assert 0 == run(["--graph", str(demo_graph), "query", str(file), "--format", "csv"])
    assert 5 == len(capsys.readouterr().out.splitlines())


def test_every_local_link_leads_somewhere() -> None:
    """What the README links to inside the project exists."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert "docs/pages/explore.png" in links
    assert [] == [link for link in links if not (ROOT / link).exists()]


def test_the_list_of_questions_is_up_to_date() -> None:
    """docs/questions.md says what the heads of the questions say (``make docs`` writes it)."""
    written = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")

    assert listing(questions()) == written
