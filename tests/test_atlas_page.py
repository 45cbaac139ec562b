"""The page Atlas as Streamlit runs it, without a browser: what is sent at which address."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from graph.view.atlas import Atlas, GroupBy, Window
from tests.builders import license_, model, models
from tests.graphs import build_graph
from tests.lineages import index_of
from tests.pages import open_page, texts
from ui.app.components.atlas import MOST_BYTES, Scene, payload

RECORDS = (
    model(
        "acme/base",
        downloads=900,
        created="2023-01-05T00:00:00Z",
        licenses=(license_("apache-2.0"),),
    ),
    model(
        "acme/chat -> acme/base: finetune",
        created="2023-03-01T00:00:00Z",
        licenses=(license_("llama3"),),
    ),
    model("acme/merge -> acme/chat: merge, gone/parent: merge"),
    model("acme/alone"),
)

Open = Callable[..., AppTest]


@pytest.fixture
def app(app_graph: Path) -> Open:
    """Return what opens the page over a small graph, at an address."""
    build_graph(app_graph, *RECORDS)

    def open_app(**parameters: str) -> AppTest:
        return open_page("atlas", **parameters)

    return open_app


def _unpacked(data: bytes) -> dict[str, Any]:
    """Return the head of what is sent to the picture."""
    content = zlib.decompress(data)
    length = int.from_bytes(content[:4], "little")
    return dict(json.loads(content[4 : 4 + length]))


def _picture(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    sent = [element.proto.bytes for element in page.get("bidi_component")]
    return _unpacked(sent[0])


def test_it_begins_with_everything(app: Open) -> None:
    """The whole atlas, all time, by licence."""
    sent = _picture(app())

    assert [0.0, 0.0, 1.0] == sent["window"][:3]
    assert (4, 4, 1) == (sent["seen"], sent["total"], sent["alone"])
    assert ("licence", None) == (sent["colour"], sent["until"])


def test_the_address_decides_what_is_shown(app: Open) -> None:
    """Place, zoom, colour and month."""
    sent = _picture(app(x="0.25", y="-0.5", z="4", colour="relation", until="2023-02"))

    assert [0.25, -0.5, 4.0] == sent["window"][:3]
    assert "relation" == sent["colour"]
    assert (1, 636 + 1) == (sum(entry[-1] for entry in sent["classes"]), sent["until"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"x": "nan", "y": "west", "z": "1e999"},
        {"z": "-1", "colour": "<b>", "until": "2023-13"},
        {"until": "999999999-01"},
        {"x": "inf"},
    ],
)
def test_nonsense_in_the_address_is_taken_for_what_is_usual(
    app: Open, parameters: dict[str, str]
) -> None:
    """The page is drawn all the same."""
    sent = _picture(app(**parameters))

    assert ("licence", None) == (sent["colour"], sent["until"])


def test_what_is_searched_is_marked_and_in_the_middle(app: Open) -> None:
    """An id alone brings it into view."""
    sent = _picture(app(id="acme/chat"))

    assert "acme/chat" == sent["mark"]["name"]
    assert [sent["mark"]["x"], sent["mark"]["y"]] == sent["window"][:2]


def test_a_place_in_the_address_counts_more_than_the_id(app: Open) -> None:
    """A permalink shows the same part again, with the mark where it is."""
    sent = _picture(app(id="acme/chat", x="0.5", y="0.5", z="2"))

    assert [0.5, 0.5, 2.0] == sent["window"][:3]
    assert "acme/chat" == sent["mark"]["name"]


def test_what_stands_alone_is_told_in_words(app: Open) -> None:
    """It has no place, and the picture no mark."""
    page = app(id="acme/alone")

    assert "It stands alone" in texts(page)
    assert None is _picture(page)["mark"]


@pytest.mark.parametrize("name", ["no/body", "<b>x</b>", "../.."])
def test_a_bad_id_is_answered_in_words(app: Open, name: str) -> None:
    """No traceback and no markup, and the picture beside it."""
    page = app(id=name)

    assert "This repository cannot be shown" in texts(page)
    assert "<b>x</b>" not in texts(page)
    assert None is _picture(page)["mark"]


def test_a_colour_is_written_into_the_address(app: Open) -> None:
    """The usual one is left out."""
    page = app()
    page.button_group(key="atlas-colour").set_value(GroupBy.TASK).run()
    assert {"colour": "task"} == dict(page.query_params)

    page.button_group(key="atlas-colour").set_value(GroupBy.LICENSE).run()
    assert {} == dict(page.query_params)


def test_the_table_has_the_families_in_view(app: Open) -> None:
    """Their roots as links, their sizes, and the shares of the licences."""
    table = app().dataframe[0].value

    assert ["/explore?id=acme/base", "/explore?id=gone/parent"] == table["Family of"].tolist()
    assert [3, 1] == table["Members"].tolist()
    assert [1 / 3, 0.0] == table["Permissive"].tolist()


def test_a_graph_without_lineage_says_so(app_graph: Path) -> None:
    """There is nothing to draw, and a remedy."""
    build_graph(app_graph, *models("one", "two"))

    assert "There is nothing to draw yet" in texts(open_page("atlas"))


def test_an_old_index_says_what_to_do(app: Open, app_graph: Path) -> None:
    """Instead of an atlas there is the command that makes one."""
    path = next((app_graph / "builds").glob("*/results/results.json"))
    path.write_text('{"format": 0}')

    assert "run `remixgraph index`" in texts(app())


def test_a_full_picture_is_a_small_message() -> None:
    """However many points there are, and whatever their names, less than 200 kB are sent."""
    base = "owner-of-some-length/a-model-name-of-the-usual-length-8b"
    atlas = Atlas(
        index_of(
            model(base),
            *(model(f"{base}-{n} -> {base}: finetune", downloads=n) for n in range(4_990)),
        )
    )
    whole = payload(atlas, Scene(Window(width=1400, height=900)))

    assert 4_991 == _unpacked(whole)["points"]
    assert len(whole) < MOST_BYTES


def test_many_points_are_sent_as_dots_and_more_as_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns behind the head are as long as it says."""
    atlas = Atlas(index_of(model("base"), *models(*(f"m{n} -> base: merge" for n in range(40)))))
    monkeypatch.setattr("ui.app.components.atlas.MOST_POINTS", 10)
    as_dots = _unpacked(payload(atlas, Scene(Window())))
    monkeypatch.setattr("ui.app.components.atlas.MOST_DOTS", 10)
    data = payload(atlas, Scene(Window()))
    as_cells = _unpacked(data)["raster"]
    count = as_cells["columns"] * as_cells["rows"]
    cells = np.frombuffer(zlib.decompress(data)[-count:], np.uint8)

    assert 41 == as_dots["dots"]
    assert (960, 640, 1.0) == (as_cells["columns"], as_cells["rows"], as_cells["size"])
    assert 41 >= np.count_nonzero(cells) > 20
