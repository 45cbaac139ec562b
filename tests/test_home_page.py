"""The page Home as Streamlit runs it, without a browser: counts, highlights and where they lead."""

from __future__ import annotations

import re
from pathlib import Path

from graph.store.builds import build_directory
from graph.store.results import RESULTS
from tests.builders import dataset, license_, model
from tests.graphs import build_graph
from tests.pages import open_page, texts

HOSTILE = "acme/<img src=x onerror=alert(1)>"


def links(text: str) -> list[str]:
    """Return where the highlights on a page lead."""
    return re.findall(r'<a class="rg-highlight" href="([^"]*)"', text)


def test_it_tells_what_the_graph_holds(app_graph: Path) -> None:
    """Counts, when the newest is from, and the sources."""
    mit = (license_("mit"),)
    build_graph(
        app_graph,
        model("acme/base", licenses=mit, created="2024-05-01T00:00:00Z"),
        model("acme/chat -> acme/base: finetune", created="2024-06-02T00:00:00Z"),
        dataset("acme/qa"),
    )
    said = texts(open_page("home"))

    for figure in ("<b>2</b><span>models", "<b>1</b><span>datasets", "<b>0</b><span>Spaces"):
        assert figure in said
    assert "<b>1</b><span>steps" in said
    assert "<b>50%</b><span>of models under a licence" in said
    assert "created on 2 June 2024" in said
    assert "records of a test" in said
    assert "Most new steps: 1 in June 2024" in said


def test_doors_lead_to_the_right_pages(app_graph: Path) -> None:
    """A base and a dataset into Explore, a conflict into Licences; what is missing is left out."""
    build_graph(
        app_graph,
        model("acme/base", licenses=(license_("cc-by-nc-4.0"),)),
        model(
            "acme/chat -> acme/base: finetune, acme/qa: trained_on",
            licenses=(license_("mit"),),
            downloads=5,
        ),
        dataset("acme/qa", licenses=(license_("mit"),)),
    )
    expected = [
        "/explore?id=acme/base&amp;up=0&amp;down=2",
        "/licences?id=acme/chat",
        "/explore?id=acme/qa&amp;kind=dataset&amp;up=0&amp;down=2",
    ]

    assert expected == links(texts(open_page("home")))


def test_a_graph_without_steps_has_no_highlights(app_graph: Path) -> None:
    """It still says what it holds."""
    build_graph(app_graph, model("acme/base"))
    said = texts(open_page("home"))

    assert [] == links(said)
    assert "Ways in" not in said


def test_hostile_names_are_text(app_graph: Path) -> None:
    """Whatever an id is made of, it neither ends the link nor begins an element."""
    build_graph(app_graph, model(HOSTILE), model(f"acme/chat -> {HOSTILE}: finetune"))
    said = texts(open_page("home"))

    assert "<img" not in said
    assert "acme/<wbr>&lt;img src=x onerror=alert(1)&gt;" in said


def test_a_build_without_its_counts_is_told_with_the_remedy(app_graph: Path) -> None:
    """As one of another version: rather than counting for minutes, or a traceback."""
    build_graph(app_graph, model("acme/base"))
    (build_directory(app_graph, "000001") / RESULTS / "overview.json").unlink()

    assert "run `remixgraph index`" in texts(open_page("home"))
