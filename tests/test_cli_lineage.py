"""The commands that ask how repositories are related, and the one that checks the lineage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import model, space
from tests.graphs import build_graph
from ui.cli.main import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small graph: two chats of a base, a merge of both, a Space, and a self-loop."""
    return build_graph(
        tmp_path_factory.mktemp("lineage") / "graph",
        model("acme/base"),
        model("acme/one -> acme/base: finetune", downloads=7),
        model("acme/two -> acme/base: finetune"),
        model("acme/one-gguf -> acme/one: quantized"),
        model("acme/mix -> acme/one: merge, acme/two: merge", downloads=9),
        model("other/loop -> other/loop: finetune"),
        space("acme/demo", uses=("acme/mix",)),
    )


@pytest.fixture
def ask(graph: Path, capsys: Capture) -> Callable[..., Any]:
    """Return a function that runs a command, and returns its exit code and what it prints."""

    def ask(*arguments: str) -> tuple[int, Any]:
        code = run([*arguments, "--graph", str(graph)])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in arguments else out

    return ask


Ask = Callable[..., tuple[int, Any]]


@pytest.mark.parametrize("ends", [("acme/mix", "acme/base"), ("acme/base", "acme/mix")])
def test_path_goes_either_way(ask: Ask, ends: tuple[str, str]) -> None:
    """From the descendant up, whichever was named first."""
    expected = [
        {"child": "acme/mix", "relation": ["merge"], "parent": "acme/one"},
        {"child": "acme/one", "relation": ["finetune"], "parent": "acme/base"},
    ]
    assert (0, expected) == ask("path", *ends, "--json")
    assert "acme/one" in ask("path", *ends)[1]


def test_no_path_is_an_answer(ask: Ask) -> None:
    """It exits with status 1, and prints an empty list; a repository is no way from itself."""
    assert (1, []) == ask("path", "acme/one", "acme/two", "--json")
    assert (0, []) == ask("path", "acme/one", "acme/one", "--json")


def test_common(ask: Ask) -> None:
    """The nearest common ancestor, or 1."""
    expected = [{"id": "acme/base", "kind": "model", "first_depth": 1, "second_depth": 1}]

    assert (0, expected) == ask("common", "acme/one", "acme/two", "--json")
    assert (1, []) == ask("common", "acme/one", "other/loop", "--json")


def test_roots(ask: Ask) -> None:
    """What it all began with."""
    assert (0, [{"id": "acme/base", "kind": "model", "known": True}]) == ask(
        "roots", "acme/mix", "--json"
    )


def test_siblings(ask: Ask) -> None:
    """Made from the same parent in the same way."""
    expected = [
        {
            "id": "acme/one",
            "kind": "model",
            "relation": "finetune",
            "parent": "acme/base",
            "downloads": 7,
        }
    ]
    assert (0, expected) == ask("siblings", "acme/two", "--json")


def test_impact(ask: Ask) -> None:
    """Counts of all, and the most downloaded; what the limit cuts off is counted."""
    code, document = ask("impact", "acme/base", "--json", "--limit", "2")

    assert (0, 5, 4, 1) == (code, document["total"], document["models"], document["spaces"])
    assert ["acme/mix", "acme/one"] == [row["id"] for row in document["affected"]]
    assert "acme/mix" in ask("impact", "acme/base", "--limit", "2")[1]


def test_family(ask: Ask) -> None:
    """Everything connected, with and without merges."""
    code, document = ask("family", "acme/one", "--json")
    _, apart = ask("family", "acme/mix", "--no-merges", "--json")

    assert (0, 5, 1, 3) == (code, *(document[name] for name in ("total", "roots", "generations")))
    assert ["acme/mix"] == [row["id"] for row in apart["members"]]
    assert "generations" in ask("family", "acme/one")[1]


def test_check(ask: Ask) -> None:
    """An error exits with status 1, what is in order with 0."""
    code, document = ask("check", "--json")

    assert (1, ["self-loop"]) == (code, [row["check"] for row in document])
    assert ["other/loop"] == [row["id"] for row in document[0]["findings"]]
    assert (1, True) == (ask("check")[0], "Name the repository" in ask("check")[1])
    assert "self-loop" in ask("check", "--worst", "0")[1]
    assert "other/loop" in ask("check", "other/loop")[1]
    assert (0, "nothing found\n") == ask("check", "acme/mix")


def test_descendants_may_be_rolled_up(ask: Ask) -> None:
    """Copies are counted beside what they copy; the choice of relations is then no choice."""
    code, rows = ask("descendants", "acme/base", "--roll-up", "--json")

    assert 0 == code
    assert [("acme/base", 0), ("acme/one", 1), ("acme/two", 0), ("acme/mix", 0)] == [
        (row["id"], row["quantized"]) for row in rows
    ]
    assert "adapters" in ask("descendants", "acme/base", "--roll-up")[1]
    assert 2 == ask("descendants", "acme/base", "--roll-up", "--relation", "merge")[0]
