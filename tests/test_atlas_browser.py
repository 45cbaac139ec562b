"""The atlas in a real Chromium: what is seen, clicked, searched and played."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Locator

from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import license_, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

HOSTILE = "acme/<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve two families: one of thirty over three months, one with a hostile name."""
    apache = (license_("apache-2.0"),)
    records = [
        model("acme/base", downloads=900, created="2024-01-01T00:00:00Z", licenses=apache),
        *(
            model(
                f"acme/child-{n:02} -> acme/base: finetune",
                downloads=n,
                created=f"2024-{1 + n % 3:02}-02T00:00:00Z",
                licenses=apache if n % 2 else (license_("llama3"),),
            )
            for n in range(29)
        ),
        model("acme/other", created="2024-03-01T00:00:00Z"),
        model(f"{HOSTILE} -> acme/other: adapter", created="2024-03-02T00:00:00Z"),
        model("acme/alone"),
    ]
    with serve(build_graph(tmp_path_factory.mktemp("app") / "graph", *records)) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def _open(seen: Visit, path: str = "/atlas") -> Locator:
    """Open the page and wait until the picture is at rest."""
    seen.go(path)
    return _settled(seen)


def _settled(seen: Visit) -> Locator:
    """Return the picture once it glides no more, and has the answer to what it asked last."""
    picture = seen.page.locator(".atlas[data-drawn]")
    picture.wait_for(state="attached", timeout=20_000)
    quiet = 0
    for _ in range(100):
        quiet = 0 if picture.evaluate("root => root.atlas.busy()") else quiet + 1
        if quiet == 4:
            return picture
        seen.page.wait_for_timeout(50)
    message = "the picture does not come to rest"
    raise AssertionError(message)


def _scene(picture: Locator) -> dict[str, Any]:
    return dict(
        picture.evaluate(
            """root => {
              const { seen, until, mark, classes, names, numbers } = root.atlas.scene();
              return { seen, until, mark: mark && mark.name,
                at: mark && root.atlas.place(mark.x, mark.y), view: root.atlas.view(),
                counts: classes.map((each) => each[4]), names };
            }"""
        )
    )


def _place(picture: Locator, name: str) -> tuple[float, float]:
    """Return where the dot of this name is in the window of the browser."""
    at = picture.evaluate(
        """(root, name) => {
          const scene = root.atlas.scene(), n = scene.names.indexOf(name);
          const box = root.querySelector("canvas").getBoundingClientRect();
          const { x, y } = root.atlas.place(scene.xs[n], scene.ys[n]);
          return [x + box.left, y + box.top];
        }""",
        name,
    )
    return float(at[0]), float(at[1])


def _parameters(seen: Visit) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlparse(seen.page.url).query).items()}


def test_the_picture_is_not_empty(seen: Visit) -> None:
    """There is ink in the colours of the licences; nothing is asked of the network."""
    picture = _open(seen)
    colours = picture.evaluate(
        """root => {
          const canvas = root.querySelector("canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let n = 0; n < data.length; n += 4) {
            if (data[n + 1] > data[n] + 60 && data[n + 3] > 200) found += 1;
          }
          return found;
        }"""
    )

    assert colours > 100  # green: permissive
    assert 32 == _scene(picture)["seen"]
    assert [] == seen.outside
    assert [] == seen.errors


def test_the_legend_says_how_many_stand_alone(seen: Visit) -> None:
    """Its counts and theirs are the whole graph."""
    picture = _open(seen)
    text = picture.locator(".legend").inner_text()

    assert 32 == sum(_scene(picture)["counts"])
    assert "1 stand alone" in text
    assert "33 in the graph" in text


def test_zooming_changes_the_address_and_the_way_back_undoes_it(seen: Visit) -> None:
    """A button, a key and the wheel come nearer; back is where one was."""
    picture = _open(seen)
    seen.page.get_by_role("button", name="Zoom in").click()
    _settled(seen)
    assert "2" == _parameters(seen)["z"]

    seen.page.locator(".stage").press("+")
    _settled(seen)
    assert "4" == _parameters(seen)["z"]

    seen.page.go_back()
    _settled(seen)
    assert "2" == _parameters(seen)["z"]
    assert 2 == pytest.approx(_scene(picture)["view"]["zoom"], rel=0.01)
    seen.page.locator(".stage").press("0")
    _settled(seen)
    assert {} == _parameters(seen)


def test_dragging_moves_the_picture(seen: Visit) -> None:
    """What is dragged stays under the pointer, and the address follows."""
    picture = _open(seen, "/atlas?x=0&y=0&z=3")
    box = picture.locator("canvas").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    seen.page.mouse.move(*middle)
    seen.page.mouse.down()
    seen.page.mouse.move(middle[0] - 90, middle[1], steps=4)
    seen.page.mouse.up()
    _settled(seen)

    assert float(_parameters(seen)["x"]) > 0.05
    assert "3" == _parameters(seen)["z"]


def test_pointing_tells_the_name_and_a_click_leads_to_explore(seen: Visit) -> None:
    """The dot under the pointer is named, and opened."""
    picture = _open(seen)
    seen.page.mouse.move(*_place(picture, "acme/child-28"))
    tip = picture.locator(".tip")
    tip.wait_for()

    assert "acme/child-28" == tip.locator("b").inner_text()
    assert "28 downloads" in tip.inner_text()
    seen.page.mouse.click(*_place(picture, "acme/child-28"))
    seen.drawing("acme/child-28")
    assert "/explore" == urlparse(seen.page.url).path


def test_search_flies_to_what_is_picked(seen: Visit) -> None:
    """The picture glides there and marks it; the address says so."""
    picture = _open(seen)
    box = seen.page.get_by_role("combobox").first
    box.click()
    box.type("child-07", delay=20)
    seen.page.get_by_role("option").filter(has_text="child-07").first.wait_for(timeout=20_000)
    box.press("Enter")
    seen.page.wait_for_url("**id=acme*child-07*", timeout=20_000)
    _settled(seen)
    scene = _scene(picture)

    assert "acme/child-07" == scene["mark"]
    canvas = picture.locator("canvas").bounding_box()
    assert canvas is not None
    middle = [canvas["width"] / 2, canvas["height"] / 2]
    assert middle == pytest.approx([scene["at"]["x"], scene["at"]["y"]], abs=1)
    assert "acme/child-07" == _parameters(seen)["id"]


def test_the_months_change_the_counts(seen: Visit) -> None:
    """The slider lights what was created by then, and the address has the month."""
    picture = _open(seen)
    slider = seen.page.get_by_role("slider", name="Show what was created up to a month")
    slider.focus()
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    _settled(seen)
    scene = _scene(picture)

    assert "2024-02" == _parameters(seen)["until"]
    assert 21 == scene["seen"] == sum(scene["counts"])
    assert "Until Feb 2024" in picture.locator(".when").inner_text()


def test_playing_ends_with_all_time(seen: Visit) -> None:
    """From the first month on; on the way the address stays as it is."""
    picture = _open(seen)
    seen.page.get_by_role("button", name="Play the months").click()
    picture.get_by_text("Until Jan 2024").first.wait_for()
    seen.page.get_by_text("All time").first.wait_for(timeout=20_000)
    _settled(seen)

    assert {} == _parameters(seen)
    assert 32 == _scene(picture)["seen"]


def test_hostile_names_are_text(seen: Visit) -> None:
    """In the tip, on the canvas and in the table."""
    dialogs = note_dialogs(seen.page)
    picture = _open(seen)
    seen.page.mouse.move(*_place(picture, HOSTILE))
    tip = picture.locator(".tip")
    tip.wait_for()

    assert HOSTILE == tip.locator("b").inner_text()
    assert 0 == tip.locator("img").count()
    assert [] == dialogs
    assert [] == seen.outside


def test_an_entry_of_the_legend_is_picked_out(seen: Visit) -> None:
    """It stays pressed until it is pressed again."""
    picture = _open(seen)
    entry = picture.get_by_role("button", name="Permissive")
    entry.click()
    assert "true" == entry.get_attribute("aria-pressed")

    entry.click()
    assert "false" == entry.get_attribute("aria-pressed")


def test_moving_about_sends_little(seen: Visit) -> None:
    """Ten moves: each message is small, and no canvas is left behind."""
    received: list[int] = []
    seen.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: received.append(len(data))),
    )
    picture = _open(seen)
    for key in ("+", "ArrowLeft", "ArrowUp", "-", "ArrowRight"):
        seen.page.locator(".stage").press(key)
        _settled(seen)

    assert 1 == picture.locator("canvas").count()
    assert max(received) < 200_000
