"""How problems are printed: for people, for GitHub, as SARIF and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.linting import RULES, Problem
from ingest.linting.problems import problem
from ui.cli.lint_formats import FORMATS, Linted

Capture = pytest.CaptureFixture[str]

HOSTILE = "x\n::error::y\x1b[2J%0A,:\u202e[a](http://b){0}"


def printed(capsys: Capture, form: str, *problems: Problem, path: Path | None) -> str:
    """Print problems in a format; return what was printed."""
    FORMATS[form]([Linted("tiny", path, problems)])
    return capsys.readouterr().out


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text(capsys: Capture) -> None:
    """One line says where, how bad, what and which rule; the next what to do."""
    one = problem("bare-id", "base_model", "base", 3)

    assert (
        "tiny:3: warning: base_model: base has no owner [bare-id]\n"
        "    Name the repository with its owner: owner/name.\n"
    ) == printed(capsys, "text", one, path=Path("README.md"))


def test_github(here: Path, capsys: Capture) -> None:
    """Each problem is a workflow command with the file, its line and the rule."""
    one = problem("bare-id", "base_model", "base", 3)
    out = printed(capsys, "github", one, path=here / "a,b:c%" / "README.md")

    assert (
        "::warning file=a%2Cb%3Ac%25/README.md,line=3,title=bare-id::"
        "base_model: base has no owner. Name the repository with its owner: owner/name.\n"
    ) == out


@pytest.mark.parametrize(
    ("name", "level"),
    [("invalid-card", "error"), ("bare-id", "warning"), ("missing-relation", "notice")],
)
def test_levels_of_github(capsys: Capture, name: str, level: str) -> None:
    """GitHub calls a note a notice."""
    out = printed(capsys, "github", problem(name, "x", line=1), path=Path("README.md"))

    assert out.startswith(f"::{level} file=README.md,line=1,title={name}::")


def test_github_about_the_graph(capsys: Capture) -> None:
    """A repository in the graph has no file: its id is in the message."""
    out = printed(capsys, "github", problem("license-family", "license"), path=None)

    assert out.startswith("::notice title=license-family::tiny: license names a family")


@pytest.mark.parametrize("form", ["text", "github"])
def test_hostile_text_stays_on_its_line(capsys: Capture, form: str) -> None:
    """Nothing in a card begins a line, moves the cursor or turns the direction of writing."""
    out = printed(capsys, form, problem("bare-id", HOSTILE, HOSTILE, 1), path=Path("README.md"))

    assert (2 if form == "text" else 1) == out.count("\n")
    assert not {"\x1b", "\u202e", "\r"} & set(out)
    if form == "github":
        assert "%250A" in out


def sarif(capsys: Capture, *problems: Problem, path: Path | None) -> dict[str, Any]:
    """Return the one run of a log, once its form is checked as the schema wants it."""
    log = json.loads(printed(capsys, "sarif", *problems, path=path))
    assert {"$schema", "version", "runs"} == set(log)
    assert ("2.1.0", 1) == (log["version"], len(log["runs"]))
    run: dict[str, Any] = log["runs"][0]
    assert {"tool", "results", "columnKind"} == set(run)
    for index, rule in enumerate(run["tool"]["driver"]["rules"]):
        assert {"id", "shortDescription", "help", "defaultConfiguration"} == set(rule)
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        named = [one for one in run["results"] if one["ruleIndex"] == index]
        assert {rule["id"]} == {one["ruleId"] for one in named}
    for result in run["results"]:
        assert {"ruleId", "ruleIndex", "level", "message", "locations"} == set(result)
        assert result["level"] in {"error", "warning", "note"}
        assert isinstance(result["message"]["text"], str)
    return run


def test_sarif(here: Path, capsys: Capture) -> None:
    """A result has its rule, its level and a place whose address is relative and encoded."""
    problems = [problem(name, "license", line=2) for name in ("old-field", "missing-license")]
    run = sarif(capsys, *problems, path=here / "my model" / "README.md")

    assert "remixgraph" == run["tool"]["driver"]["name"]
    assert ["missing-license", "old-field"] == [r["id"] for r in run["tool"]["driver"]["rules"]]
    assert {
        "physicalLocation": {
            "artifactLocation": {"uri": "my%20model/README.md"},
            "region": {"startLine": 2},
        }
    } == run["results"][0]["locations"][0]


def test_sarif_of_every_rule(capsys: Capture) -> None:
    """Whatever the rule, the log keeps to its form; so does one without any problem."""
    run = sarif(capsys, *(problem(name, "x") for name in RULES), path=None)

    assert len(RULES) == len(run["results"])
    assert {"logicalLocations": [{"fullyQualifiedName": "tiny"}]} == run["results"][0]["locations"][
        0
    ]
    assert [] == sarif(capsys, path=None)["results"]


def test_sarif_makes_no_link_of_a_card(capsys: Capture) -> None:
    """Brackets would be a link, and braces a placeholder."""
    run = sarif(capsys, problem("bare-id", "base_model", HOSTILE, 1), path=Path("/x/README.md"))
    message = run["results"][0]["message"]["text"]

    assert r"\[a\](http://b){{0}}" in message
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "file:///x/README.md" == place["uri"]


def test_json(capsys: Capture) -> None:
    """A document has everything, and says what a patch mends."""
    one = problem("legacy-id", "base_model", "gpt2", 3)
    FORMATS["json"]([Linted("README.md", Path("README.md"), [one], [("legacy-id", "base_model")])])
    (document,) = json.loads(capsys.readouterr().out)

    assert ("README.md", None) == (document["card"], document["id"])
    assert {
        "rule": "legacy-id",
        "level": "warning",
        "line": 3,
        "field": "base_model",
        "value": "gpt2",
        "message": "base_model: gpt2 is a name of before the Hub's renaming",
        "remedy": RULES["legacy-id"].remedy,
        "mendable": True,
    } == document["problems"][0]
