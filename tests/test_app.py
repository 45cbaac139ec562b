"""The app as Streamlit runs it, without a browser: what all pages share, and what is served."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
import pyvis
from streamlit.testing.v1 import AppTest

from tests.builders import model
from tests.graphs import build_graph
from tests.pages import texts

SCRIPT = str(files("ui.app").joinpath("main.py"))


def test_no_graph_names_the_command(app_graph: Path) -> None:
    """An empty folder gives a page that tells what to do."""
    page = AppTest.from_file(SCRIPT, default_timeout=30).run()

    assert "There is no graph yet" in texts(page)
    assert "remixgraph ingest" in texts(page)
    assert str(app_graph) in texts(page)


def test_a_damaged_graph_is_answered_in_words(app_graph: Path) -> None:
    """What is wrong and what to do, in one line."""
    app_graph.mkdir()
    (app_graph / "graph.json").write_text("{", encoding="utf-8")
    page = AppTest.from_file(SCRIPT, default_timeout=30).run()

    assert "The graph cannot be opened" in texts(page)
    assert "build the graph again" in texts(page)


def test_results_of_another_version_are_answered_in_words(app_graph: Path) -> None:
    """A graph that an older program built has other results: no page fails at them."""
    build_graph(app_graph, model("acme/base"))
    (manifest,) = app_graph.glob("builds/*/results/results.json")
    manifest.write_text('{"format": 0}', encoding="utf-8")
    page = AppTest.from_file(SCRIPT, default_timeout=30).run()

    assert "The graph cannot be opened" in texts(page)
    assert "has results of version 0" in texts(page)


def test_vis_network_is_the_one_that_pyvis_brings() -> None:
    """The script that draws is pyvis's copy, to the byte, and its licence lies beside it."""
    ours = files("ui.app.components.lineage")
    theirs = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"

    assert sha256(theirs.read_bytes()).digest() == (
        sha256(ours.joinpath("vis-network.min.js").read_bytes()).digest()
    )
    assert "MIT License" in ours.joinpath("LICENSE-vis-network.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["editor/editor.js", "lineage/lineage.js", "search/search.js", "triples/triples.js"]
)
def test_scripts_write_text_only(name: str) -> None:
    """No script of ours turns text into markup or code."""
    source = files("ui.app.components").joinpath(name).read_text(encoding="utf-8")

    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in source
