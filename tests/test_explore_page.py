"""The page Explore as Streamlit runs it, without a browser: what is drawn at which address."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.neighbourhood import neighbourhood
from graph.records import Kind, Model
from graph.store import Node
from tests.builders import dataset, issue, license_, model
from tests.graphs import build_graph, graph_in_memory
from tests.pages import components, open_page, texts
from ui.components.lineage import payload

RECORDS: tuple[Model, ...] = (
    model("acme/base", downloads=900, likes=3, licenses=(license_("apache-2.0"),)),
    model("acme/chat -> acme/base: finetune, acme/qa: trained_on", downloads=50, library="peft"),
    model("acme/merge -> acme/chat: merge, gone/parent: merge", downloads=7),
)

Open = Callable[..., AppTest]


@pytest.fixture
def app(app_graph: Path) -> Open:
    """Return what opens the page over a small graph, at an address."""
    build_graph(app_graph, *RECORDS, dataset("acme/qa"))

    def open_app(**parameters: str) -> AppTest:
        return open_page("explore", **parameters)

    return open_app


def _focus(page: AppTest) -> str:
    """Return the id in the focus of the picture."""
    return str(_picture(page)["nodes"][_picture(page)["focus"]]["id"])


def _picture(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    return components(page, "lineage")[0]


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
    text = texts(app(id="acme/chat"))

    assert "peft" in text
    assert "acme/qa" in text
    assert "none declared" in text


def test_a_parent_that_is_only_named_says_so(app: Open) -> None:
    """Nothing is made up about a repository that nobody has read."""
    assert "Only named by others" in texts(app(id="gone/parent"))


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
    """No traceback and no markup."""
    page = app(**parameters)

    assert "This repository cannot be shown" in texts(page)
    assert "<b>x</b>" not in texts(page)


def test_nonsense_in_the_address_is_taken_for_what_is_usual(app: Open) -> None:
    """Steps and relations that make no sense do not stop the page."""
    page = app(id="acme/base", up="-3", down="many", relations="rumour")

    assert "acme/base" == _focus(page)


def test_the_app_follows_a_new_build(app: Open, app_graph: Path) -> None:
    """What is published while the app runs is shown at the next click."""
    page = app(id="acme/base", down="1")
    before = {node["id"] for node in _picture(page)["nodes"]}
    build_graph(app_graph, model("acme/new -> acme/base: adapter"))
    page.run()

    assert {"acme/new"} == {node["id"] for node in _picture(page)["nodes"]} - before


def test_text_of_others_is_no_markdown(app_graph: Path) -> None:
    """Nothing from the Hub reaches an element that reads Markdown and would load its images."""
    beacon = "![x](https://beacon.example/b.png)"
    build_graph(
        app_graph,
        model(
            f"acme/{beacon} -> acme/base: finetune",
            title=beacon,
            library=beacon,
            tasks=(beacon,),
            licenses=(license_("mit", declared=beacon, name=beacon),),
            issues=(issue("invalid-id", "base_model", beacon),),  # type: ignore[arg-type]
        ),
    )
    page = open_page("explore", id=f"acme/{beacon}")

    assert beacon in texts(page)
    assert [] == [
        element.type
        for kind in ("markdown", "caption", "alert", "button", "metric", "selectbox", "expander")
        for element in page.get(kind)
        if "beacon" in str(element.proto)
    ]


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
