"""The pages as Streamlit runs them, without a browser: what is drawn, asked and answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pyvis
import streamlit as st
from streamlit.testing.v1 import AppTest

from graph.neighbourhood import neighbourhood
from graph.records import Kind, Model
from graph.store import Node
from tests.builders import dataset, issue, license_, model
from tests.graphs import build_graph, graph_in_memory
from ui.components.lineage import payload
from ui.views import sparql

SCRIPT = str(files("ui").joinpath("app.py"))
RECORDS: tuple[Model, ...] = (
    model("acme/base", downloads=900, likes=3, licenses=(license_("apache-2.0"),)),
    model("acme/chat -> acme/base: finetune, acme/qa: trained_on", downloads=50, library="peft"),
    model("acme/merge -> acme/chat: merge, gone/parent: merge", downloads=7),
)

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _main_stays() -> Iterator[None]:
    """Put ``__main__`` back: AppTest takes its place, and worker processes would start from it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Name the folder of the graph to the app; it holds none yet."""
    monkeypatch.setenv("REMIXGRAPH_GRAPH", str(tmp_path / "graph"))
    yield tmp_path / "graph"
    st.cache_resource.clear()


@pytest.fixture
def app(directory: Path) -> Open:
    """Return what opens the app over a small graph, at an address."""
    build_graph(directory, *RECORDS, dataset("acme/qa"))

    def open_app(**parameters: str) -> AppTest:
        page = AppTest.from_file(SCRIPT, default_timeout=30)
        page.query_params.update(parameters)
        return page.run()

    return open_app


def _texts(page: AppTest) -> str:
    """Return all markup of our own on a page."""
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def _focus(page: AppTest) -> str:
    """Return the id in the focus of the picture."""
    return str(_picture(page)["nodes"][_picture(page)["focus"]]["id"])


def _picture(page: AppTest) -> dict[str, Any]:
    pictures = [
        element.proto
        for element in page.get("bidi_component")
        if element.proto.component_name == "ui.components.lineage"
    ]
    return dict(json.loads(pictures[0].json or pictures[0].mixed.json))


def test_it_begins_at_what_most_was_made_from(app: Open) -> None:
    """Without an id in the address there is a picture all the same."""
    assert _focus(app()) in {"acme/base", "acme/chat"}


def test_the_address_decides_what_is_shown(app: Open) -> None:
    """The id is the focus, the steps are how far one sees."""
    page = app(id="acme/merge", up="1", down="0")

    assert "acme/merge" == _focus(page)
    assert {"acme/merge", "acme/chat", "gone/parent"} == {
        node["id"] for node in _picture(page)["nodes"]
    }


def test_the_facts_are_those_of_the_focus(app: Open) -> None:
    """Numbers, licence, library and training data are beside the picture."""
    text = _texts(app(id="acme/chat"))

    assert "peft" in text
    assert "acme/qa" in text
    assert "none declared" in text


def test_a_parent_that_is_only_named_says_so(app: Open) -> None:
    """Nothing is made up about a repository that nobody has read."""
    assert "Only named by others" in _texts(app(id="gone/parent"))


def test_controls_write_the_address(app: Open) -> None:
    """Steps and relations chosen are part of the permalink."""
    page = app(id="acme/merge")
    page.button_group(key="up").set_value(1).run()

    assert {"id": "acme/merge", "up": "1"} == dict(page.query_params)


@pytest.mark.parametrize(
    "parameters",
    [{"id": "no/body"}, {"id": "acme/base", "kind": "space"}, {"id": "<b>x</b>"}, {"id": "../.."}],
)
def test_a_bad_address_is_answered_in_words(app: Open, parameters: dict[str, str]) -> None:
    """No traceback, no markup, and the search is still there."""
    page = app(**parameters)

    assert "This repository cannot be shown" in _texts(page)
    assert "<b>x</b>" not in _texts(page)
    assert 1 == len(page.get("bidi_component"))


def test_nonsense_in_the_address_is_taken_for_what_is_usual(app: Open) -> None:
    """Steps and relations that make no sense do not stop the page."""
    page = app(id="acme/base", up="-3", down="many", relations="rumour")

    assert "acme/base" == _focus(page)


def test_no_graph_names_the_command(directory: Path) -> None:
    """An empty folder gives a page that tells what to do."""
    page = AppTest.from_file(SCRIPT, default_timeout=30).run()

    assert "There is no graph yet" in _texts(page)
    assert "remixgraph ingest" in _texts(page)
    assert str(directory) in _texts(page)


def test_a_damaged_graph_is_answered_in_words(directory: Path) -> None:
    """What is wrong and what to do, in one line."""
    directory.mkdir()
    (directory / "graph.json").write_text("{", encoding="utf-8")
    page = AppTest.from_file(SCRIPT, default_timeout=30).run()

    assert "The graph cannot be opened" in _texts(page)
    assert "build the graph again" in _texts(page)


def test_the_app_follows_a_new_build(app: Open, directory: Path) -> None:
    """What is published while the app runs is shown at the next click."""
    page = app(id="acme/base", down="1")
    before = {node["id"] for node in _picture(page)["nodes"]}
    build_graph(directory, model("acme/new -> acme/base: adapter"))
    page.run()

    assert {"acme/new"} == {node["id"] for node in _picture(page)["nodes"]} - before


def test_text_of_others_is_no_markdown(directory: Path) -> None:
    """Nothing from the Hub reaches an element that reads Markdown and would load its images."""
    beacon = "![x](https://beacon.example/b.png)"
    build_graph(
        directory,
        model(
            f"acme/{beacon} -> acme/base: finetune",
            title=beacon,
            library=beacon,
            tasks=(beacon,),
            licenses=(license_("mit", declared=beacon, name=beacon),),
            issues=(issue("invalid-id", "base_model", beacon),),  # type: ignore[arg-type]
        ),
    )
    page = AppTest.from_file(SCRIPT, default_timeout=30)
    page.query_params["id"] = f"acme/{beacon}"
    page.run()

    assert beacon in _texts(page)
    assert [] == [
        element.type
        for kind in ("markdown", "caption", "alert", "button", "metric", "selectbox", "expander")
        for element in page.get(kind)
        if "beacon" in str(element.proto)
    ]


# --- SPARQL ---------------------------------------------------------------------------------------


@pytest.fixture
def asking(app: Open) -> AppTest:
    """Open the page SPARQL."""
    app()
    return AppTest.from_function(_sparql_page, default_timeout=60).run()


def _sparql_page() -> None:
    from ui.views import sparql  # noqa: F811, PLC0415, RUF100 - this function is run on its own

    sparql.page()


def _ask(page: AppTest, query: str) -> AppTest:
    page.text_area(key="sparql-text").set_value(query)
    return page.button[0].click().run()


def test_the_example_is_answered(asking: AppTest) -> None:
    """The query that is offered works, and repositories in it lead to their picture."""
    page = asking.button[0].click().run()
    table = page.dataframe[0].value

    assert not page.exception
    assert ["model", "children"] == list(table.columns)
    assert {"/?id=acme/base", "/?id=acme/chat"} == set(table["model"])


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { ?x a fair4ml:MLModel }", "Yes"),
        ("ASK { ?x a remix:Space }", "No"),
        ("SELECT ?x WHERE { ?x a remix:Space }", "Nothing found"),
        ("SELECT ?x WHERE {", "The query cannot be used"),
        ("SELECT * WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }", "cannot be used"),
        ("DROP ALL", "cannot be used"),
        ("", "cannot be used"),
    ],
)
def test_each_kind_of_answer_is_shown(asking: AppTest, query: str, answer: str) -> None:
    """Truth, emptiness and mistakes are told in words."""
    assert answer in _texts(_ask(asking, query))


def test_triples_are_a_table(asking: AppTest) -> None:
    """CONSTRUCT gives three columns."""
    page = _ask(asking, "CONSTRUCT { ?x rdfs:label 'x' } WHERE { ?x a fair4ml:MLModel }")

    assert 3 == len(page.dataframe[0].value.columns)
    assert 3 == len(page.dataframe[0].value)


def test_a_long_query_is_stopped(asking: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is kept, and said."""
    monkeypatch.setattr(sparql, "_SECONDS", 0.3)
    cross = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8))

    assert "stopped" in _texts(_ask(asking, f"SELECT (COUNT(*) AS ?n) WHERE {{ {cross} }}"))


def test_a_named_question_is_asked_with_its_parameter(asking: AppTest) -> None:
    """Pick a question, name a model, get rows; another question drops the answer."""
    asking.selectbox[0].select_index(1).run()
    asking.text_input[0].set_value("acme/merge")
    page = asking.button[0].click().run()

    assert not page.exception
    assert len(page.dataframe[0].value) >= 2
    assert not page.selectbox[0].select_index(2).run().dataframe


def test_a_missing_parameter_is_answered_in_words(asking: AppTest) -> None:
    """A question without its model is not run."""
    asking.selectbox[0].select_index(1).run()

    assert "cannot be used" in _texts(asking.button[0].click().run())


# --- what is sent and served ----------------------------------------------------------------------


def test_a_full_picture_is_a_small_message() -> None:
    """The largest view that is drawn stays below 200 kB a click."""
    name = "owner-of-some-length/a-model-name-of-the-usual-length-8b-instruct"
    graph = graph_in_memory(
        model(f"{name}-root", downloads=1),
        *(
            model(f"{name}-{n} -> {name}-{n // 12 or 'root'}: finetune", downloads=n)
            for n in range(1, 600)
        ),
    )
    shown = neighbourhood(graph, Node(Kind.MODEL, f"{name}-root"), down=4, limit=240)

    assert 240 == len(shown.view)
    assert len(json.dumps(payload(shown))) < 200_000


def test_vis_network_is_the_one_that_pyvis_brings() -> None:
    """The script that draws is pyvis's copy, to the byte, and its licence lies beside it."""
    ours = files("ui.components.lineage")
    theirs = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"

    assert sha256(theirs.read_bytes()).digest() == (
        sha256(ours.joinpath("vis-network.min.js").read_bytes()).digest()
    )
    assert "MIT License" in ours.joinpath("LICENSE-vis-network.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["lineage/lineage.js", "search/search.js"])
def test_scripts_write_text_only(name: str) -> None:
    """No script of ours turns text into markup or code."""
    source = files("ui.components").joinpath(name).read_text(encoding="utf-8")

    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in source
