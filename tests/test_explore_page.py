"""The page Explore as Streamlit runs it, without a browser: what is drawn at which address."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.model.records import Kind, Model
from graph.store.lineage_graph import Node
from graph.view.expansion import Reach, short_name
from graph.view.neighbourhood import neighbourhood
from tests.builders import dataset, issue, license_, model
from tests.graphs import build_graph, graph_in_memory
from tests.pages import components, open_page, texts
from ui.app.components.lineage.payload import payload
from ui.app.views import explore

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


def _ids(page: AppTest) -> set[str]:
    """Return the ids of the repositories that are drawn."""
    return {node["id"] for node in _picture(page)["nodes"] if "id" in node}


def _picture(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    return components(page, "lineage")[0]


def test_it_begins_at_what_most_was_made_from(app: Open) -> None:
    """Without an id in the address there is a picture all the same."""
    assert _focus(app()) in {"acme/base", "acme/chat"}


def test_the_address_decides_what_is_shown(app: Open) -> None:
    """The id is the focus, the steps are how far one sees."""
    page = app(id="acme/merge", down="0")

    assert "acme/merge" == _focus(page)
    assert {"acme/merge", "acme/chat", "gone/parent"} == _ids(page)


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
    page.button_group(key="up").set_value(2).run()
    page.button_group(key="colour").set_value("owner").run()
    page.toggle(key="rolled").set_value(False).run()

    assert {
        "id": "acme/merge",
        "up": "2",
        "colour": "owner",
        "rollup": "off",
    } == dict(page.query_params)


def test_relations_are_counted_and_chosen(app: Open) -> None:
    """Each says how often it touches the focus; those that are not chosen are not drawn."""
    page = app(id="acme/chat")
    pills = page.button_group(key="relations")
    pills.set_value(["merge"]).run()

    assert {"Fine-tuned 1", "Merge 1", "Trained on 1"} <= set(pills.options)
    assert {"acme/chat", "acme/merge"} == _ids(page)
    assert "merge" == page.query_params["relations"]


def test_the_address_opens_what_it_names(app: Open) -> None:
    """A node that was opened is open in the permalink."""
    name = short_name(Node(Kind.MODEL, "acme/chat").iri)

    assert {"acme/base", "acme/chat"} == _ids(app(id="acme/base"))
    assert {"acme/base", "acme/chat", "acme/merge", "acme/qa"} == _ids(
        app(id="acme/base", open=f"c{name}.p{name}")
    )


def test_colours_follow_the_address(app: Open) -> None:
    """The legend is that of what was chosen, with counts."""
    look = _picture(app(id="acme/base", colour="owner"))["look"]

    assert "Owner" == look["by"]
    assert [("acme", 2)] == [(title, count) for title, *_, count in look["shades"]]


def test_copies_are_one_card(app_graph: Path) -> None:
    """Adapters are counted together, with their downloads, unless the address says otherwise."""
    copies = (model(f"acme/a{n} -> acme/base: adapter", downloads=100) for n in range(14))
    build_graph(app_graph, model("acme/base"), *copies)
    rolled, flat = (
        _picture(open_page("explore", id="acme/base", **more)) for more in ({}, {"rollup": "off"})
    )

    assert [("14 adapters", "1.4k")] == [
        (node["name"], node["downloads"]) for node in rolled["nodes"] if "group" in node
    ]
    assert 12 == len(flat["nodes"]) - 2
    assert "+ 2 more" == flat["nodes"][-1]["name"]


def test_a_path_is_shown_with_what_it_lacks(app: Open) -> None:
    """What the panel points at is added to the picture and marked, until the focus changes."""
    page = app(id="acme/base", down="0")
    path = [Node(Kind.MODEL, f"acme/{name}") for name in ("merge", "chat", "base")]
    page.session_state["path in the view"] = explore._Path(path[-1], tuple(path))
    page.run()
    picture = _picture(page)
    page.query_params["id"] = "acme/merge"
    page.run()

    assert [node.id for node in path] == [
        picture["nodes"][number]["id"] for number in picture["path"]
    ]
    assert [] == _picture(page)["path"]


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
    page = app(id="acme/base", up="-3", down="many", relations="rumour", colour="x", open="zzz.q")

    assert "acme/base" == _focus(page)


def test_the_app_follows_a_new_build(app: Open, app_graph: Path) -> None:
    """What is published while the app runs is shown at the next click."""
    page = app(id="acme/base", down="1")
    before = _ids(page)
    build_graph(app_graph, model("acme/new -> acme/base: adapter"))
    page.run()

    assert {"acme/new"} == _ids(page) - before


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
    shown = neighbourhood(graph, Node(Kind.MODEL, f"{name}-root"), Reach(down=4))

    assert 240 == len(shown.view)
    assert len(json.dumps(payload(shown))) < 200_000


SCRIPTS = sorted(
    path.name
    for path in files("ui.app.components.lineage").iterdir()
    if path.name.endswith(".js") and not path.name.endswith(".min.js")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_write_text_only(name: str) -> None:
    """No script of the picture turns text into markup or code, and none grows beyond a page."""
    source = files("ui.app.components.lineage").joinpath(name).read_text(encoding="utf-8")

    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in source
    assert source.startswith("//")
    assert len(source.splitlines()) <= 400
