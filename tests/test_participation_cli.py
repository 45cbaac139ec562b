"""``remixgraph pulse`` and what ``stats`` says to people, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import license_, model
from tests.graphs import build_graph
from ui.cli.main import run


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph with a step in January, and one without a month."""
    return build_graph(
        tmp_path_factory.mktemp("pulse") / "graph",
        model("acme/base", created="2023-12-05T00:00:00Z", licenses=(license_("mit"),)),
        model("ann/chat -> acme/base: finetune", created="2024-01-01T00:00:00Z"),
        model("old/chat -> acme/base: finetune", created="2022-03-02T23:29:04Z"),
    )


def test_pulse_is_one_json_document(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a row for each month, one for all of them, and what has no month."""
    assert 0 == run(["pulse", "--json", "--graph", str(graph)])
    document = json.loads(capsys.readouterr().out)

    assert ["2023-12", "2024-01"] == [row["month"] for row in document["months"]]
    assert 1.0 == document["months"][1]["bases"]["herfindahl"]
    assert document["months"][1]["permissive"] is None
    assert {"month": None, "models": 2, "derivatives": 1}.items() <= document["total"].items()
    assert (1, 1, 0, 0) == tuple(
        document[name] for name in ("floor", "floor_steps", "undated", "undated_steps")
    )


def test_pulse_is_a_table(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Months, percentages, and on standard error what is in no row."""
    assert 0 == run(["pulse", "--from", "2024-01", "--graph", str(graph)])
    shown = capsys.readouterr()

    assert ["month", "2024-01", "all"] == [line.split()[0] for line in shown.out.splitlines()]
    assert "100.0%" in shown.out
    assert "no month: 1 models of the Hub's first date and 0 without a date" in shown.err


def test_pulse_follows_the_relations_asked_for(
    graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no merge here, so nothing is shared out."""
    assert 0 == run(["pulse", "--relation", "merge", "--json", "--graph", str(graph)])
    document = json.loads(capsys.readouterr().out)

    assert ["merge"] == document["relations"]
    assert 0 == document["total"]["bases"]["total"]


@pytest.mark.parametrize("month", ["2024-7", "2024-13", "July", "2024-07-01", ""])
def test_what_is_no_month_is_refused(
    graph: Path, capsys: pytest.CaptureFixture[str], month: str
) -> None:
    """With the form that a month has."""
    assert 2 == run(["pulse", "--to", month, "--graph", str(graph)])
    assert "give it as YYYY-MM" in capsys.readouterr().err


def test_stats_says_in_words_what_fits_on_a_line(
    graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Histograms and months are in the JSON document only."""
    assert 0 == run(["stats", "--graph", str(graph)])
    shown = capsys.readouterr().out

    assert "fan out                 count 1, mean 2, median 2, max 2\n" in shown
    assert "license drift           edges 2, declared 0, changed 0, narrowed 0, widened 0" in shown
    assert "histogram" not in shown
    assert "unknown ends" not in shown
