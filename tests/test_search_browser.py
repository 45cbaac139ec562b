"""The search box in a real Chromium: keys, suggestions, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.app import Visit, serve, visit
from tests.builders import dataset, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve three models in a line, one of them only named, and a dataset."""
    records = [
        model("acme/llama-base", downloads=12_345),
        model("acme/llama-chat -> acme/llama-base: finetune, gone/llama: merge", downloads=7),
        dataset("acme/llama-talks", downloads=900),
    ]
    graph = build_graph(tmp_path_factory.mktemp("search") / "graph", *records)
    with serve(graph) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test, at Home."""
    with visit(browser, address) as opened:
        opened.go("/")
        _box(opened).wait_for()
        yield opened


def _box(seen: Visit) -> Locator:
    return seen.page.get_by_role("combobox").first


def _options(seen: Visit) -> Locator:
    return seen.page.get_by_role("option")


def test_a_suggestion_says_what_it_is(seen: Visit) -> None:
    """Each row has the id, the kind, and the downloads where they are known."""
    _box(seen).click()
    _box(seen).press_sequentially("llama")

    expect(_options(seen)).to_have_text(
        [
            "gone/llamaonly namedmodel",
            "acme/llama-basemodel12.3k downloads",
            "acme/llama-talksdataset900 downloads",
            "acme/llama-chatmodel7 downloads",
        ]
    )


def test_a_slash_leads_to_the_box(seen: Visit) -> None:
    """The key moves the focus from anywhere, and is not typed."""
    seen.page.mouse.click(5, 600)
    seen.page.keyboard.press("/")

    expect(_box(seen)).to_be_focused()
    expect(_box(seen)).to_have_value("")


def test_a_slash_in_a_text_is_a_slash(seen: Visit) -> None:
    """Whoever types an id gets what was typed, here and in every other field."""
    _box(seen).click()
    _box(seen).press_sequentially("acme/llama-c")
    expect(_box(seen)).to_have_value("acme/llama-c")
    seen.go("/sparql")
    area = seen.page.get_by_role("textbox").first
    area.focus()
    seen.page.keyboard.press("/")

    expect(_box(seen)).not_to_be_focused()


def test_escape_closes_and_then_clears(seen: Visit) -> None:
    """The first press takes the suggestions away, the second the text."""
    _box(seen).click()
    _box(seen).press_sequentially("talks")
    expect(_options(seen)).to_have_count(1)
    _box(seen).press("Escape")
    expect(_options(seen)).to_have_count(0)
    expect(_box(seen)).to_have_value("talks")
    _box(seen).press("Escape")

    expect(_box(seen)).to_have_value("")


def test_a_screen_reader_is_told_what_is_open_and_chosen(seen: Visit) -> None:
    """The box says whether there are suggestions, and which of them the arrow keys are at."""
    expect(_box(seen)).to_have_attribute("aria-expanded", "false")
    _box(seen).click()
    _box(seen).press_sequentially("llama")
    expect(seen.page.get_by_text("4 suggestions")).to_be_attached()
    _box(seen).press("ArrowUp")

    expect(_box(seen)).to_have_attribute("aria-expanded", "true")
    chosen = _box(seen).get_attribute("aria-activedescendant")
    expect(seen.page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    expect(seen.page.locator(f"#{chosen}")).to_contain_text("acme/llama-chat")


def test_what_is_not_there_is_said(seen: Visit) -> None:
    """A text that nothing matches gets a sentence in place of suggestions."""
    _box(seen).click()
    _box(seen).press_sequentially("quokka")

    expect(seen.page.get_by_text("Nothing in this graph has all of these words")).to_be_visible()
    expect(_box(seen)).to_have_attribute("aria-expanded", "false")


def test_enter_does_not_outrun_the_answer(seen: Visit) -> None:
    """Enter right after the last key opens what that text finds, not what an earlier one found."""
    _box(seen).click()
    _box(seen).press_sequentially("llama")
    expect(_options(seen)).to_have_count(4)
    _box(seen).press_sequentially("-chat")
    _box(seen).press("Enter")

    seen.drawing("acme/llama-chat")


def test_fast_keys_ask_once_and_not_for_each(seen: Visit) -> None:
    """What is typed while an answer is awaited is asked for together, and the last text wins."""
    asked: list[int] = []
    seen.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda data: asked.append(len(data))),
    )
    seen.page.reload()
    _box(seen).wait_for()
    seen.settle()
    asked.clear()
    _box(seen).click()
    _box(seen).press_sequentially("acme/llama-talks", delay=0)

    expect(_options(seen)).to_have_count(1)
    assert len(asked) < len("acme/llama-talks") / 2


def test_nothing_below_jumps_when_the_box_comes(seen: Visit) -> None:
    """Its place is kept free while its script is on the way."""
    box = seen.page.locator(".search").bounding_box()
    place = seen.page.locator(".st-key-search")
    free = place.evaluate("place => getComputedStyle(place).minHeight")

    assert box is not None
    assert f"{box['height']:g}px" == free
