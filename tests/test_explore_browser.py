"""Explore in a real Chromium: what is clicked and shown, and what is asked of the network."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlparse
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Route

from graph.model.records import IssueKind
from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import dataset, issue, license_, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

HOSTILE = "acme/<img src=x onerror=alert(1)>"
BEACON = "![x](https://beacon.example/b.png)"
SCRIPT = '"><script>document.title="owned"</script>'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small graph: a chain with a merge, a cycle, a missing parent, and hostile texts."""
    records = [
        model("acme/base", downloads=900, licenses=(license_("apache-2.0"),)),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on", downloads=50),
        model("acme/merge -> acme/chat: merge, gone/parent: merge", downloads=7),
        model("acme/tiny -> acme/merge: quantized"),
        model("acme/egg -> acme/hen: finetune"),
        model("acme/hen -> acme/egg: finetune, acme/hen: merge"),
        model(
            f"{HOSTILE} -> acme/base: finetune",
            title=SCRIPT,
            library=BEACON,
            tasks=(SCRIPT, "javascript:alert(1)"),
            licenses=(license_("mit", declared=BEACON, name=SCRIPT, link="javascript:alert(1)"),),
            issues=(issue(IssueKind.LOCAL_PATH, "base_model", SCRIPT),),
        ),
        dataset("acme/qa"),
        *(model(f"acme/child-{n:02} -> acme/base: adapter", downloads=n) for n in range(20)),
    ]
    graph = build_graph(tmp_path_factory.mktemp("app") / "graph", *records)
    with serve(graph) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def _focus_in_address(seen: Visit) -> str:
    return parse_qs(urlparse(seen.page.url).query)["id"][0]


def test_no_page_asks_the_network_or_complains(seen: Visit) -> None:
    """Both pages load from this machine only, without an error on the page or in the console."""
    seen.go("/explore?id=acme/merge&up=4")
    seen.drawing("acme/merge")
    seen.go("/sparql")
    seen.page.get_by_role("button", name="Run").click()
    seen.page.get_by_text("rows").first.wait_for(timeout=20_000)

    assert [] == seen.outside
    assert [] == seen.errors


def test_a_click_makes_the_focus_and_the_address(seen: Visit) -> None:
    """The clicked id is the new focus, and the address says so."""
    seen.go("/explore?id=acme/merge")

    seen.click("acme/merge", "acme/chat")

    seen.drawing("acme/chat")
    assert "acme/chat" == _focus_in_address(seen)


def test_a_permalink_opens_the_same_view(seen: Visit) -> None:
    """An address opened in a new window shows the same repositories as where it was copied."""
    seen.go("/explore?id=acme/merge&up=1&down=0")
    first = set(seen.cards("acme/merge"))
    seen.page.reload()

    assert {"acme/merge", "acme/chat", "gone/parent"} == first
    assert first == set(seen.cards("acme/merge"))


@pytest.mark.parametrize("name", ["../../etc/passwd", SCRIPT, "nobody/nothing", "a b", "%00"])
def test_an_unknown_id_gets_a_text(seen: Visit, name: str) -> None:
    """A bad address is answered in words, and neither by a traceback nor by markup."""
    seen.go(f"/explore?id={quote(name, safe='')}")

    seen.page.get_by_text("This repository cannot be shown").wait_for(timeout=20_000)
    assert "remixgraph" == seen.page.title()
    assert 0 == seen.page.get_by_text("Traceback").count()


def test_hostile_text_does_nothing(seen: Visit) -> None:
    """Markup in names, cards and issues is shown as it is: it runs nothing and loads nothing."""
    dialogs = note_dialogs(seen.page)
    seen.go(f"/explore?id={quote(HOSTILE, safe='')}")
    seen.page.locator(".lineage[data-drawn]").wait_for(state="attached", timeout=20_000)
    seen.page.get_by_text("The same as a table").click()
    seen.page.get_by_text(SCRIPT).first.wait_for(timeout=20_000)
    seen.settle()

    assert [] == dialogs
    assert "remixgraph" == seen.page.title()
    assert [] == seen.outside
    assert 0 == seen.page.locator("a[href^='javascript:']").count()


def test_every_parent_is_left_of_its_child(seen: Visit) -> None:
    """The picture reads from left to right, but for the lines that close a cycle."""
    seen.go("/explore?id=acme/merge&up=4&down=4")
    picture = seen.drawing("acme/merge")
    cards = picture.evaluate("picture => picture.lineage.cards().map(card => card.x)")
    edges = picture.evaluate("picture => picture.lineage.edges()")

    assert len(edges) >= 3
    assert all(cards[edge["parent"]] < cards[edge["child"]] for edge in edges if not edge["turned"])
    assert not any(edge["turned"] for edge in edges)


def test_a_cycle_is_drawn_and_does_not_hang(seen: Visit) -> None:
    """Two models made from one another, one also from itself, are shown within seconds."""
    seen.go("/explore?id=acme/hen&up=4&down=4")

    assert {"acme/hen", "acme/egg"} == set(seen.cards("acme/hen"))
    edges = seen.drawing("acme/hen").evaluate("picture => picture.lineage.edges()")
    assert 1 == sum(edge["turned"] for edge in edges)


def test_many_children_are_counted_and_opened(seen: Visit) -> None:
    """Twelve children are shown and the rest counted; opening adds them and removes none."""
    seen.go("/explore?id=acme/base&up=0&rollup=off")
    before = seen.cards("acme/base")
    picture = seen.drawing("acme/base")
    seen.page.get_by_role("button", name="Fit all").click()
    pill = picture.evaluate("picture => picture.lineage.cards().filter(card => card.more)")[0]
    age = picture.get_attribute("data-settled")
    seen.press(picture, pill["at"])
    after = seen.changed("acme/base", age)
    seen.page.get_by_role("button", name="Close what was opened").click()
    seen.page.wait_for_url(lambda url: "open=" not in url)

    assert "+ 10 more" == pill["name"]
    assert before.keys() < after.keys()
    assert 23 == len(after)
    assert before.keys() == seen.cards("acme/base").keys()


def _places(cards: dict[str, dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {name: (card["x"], card["y"]) for name, card in cards.items()}


def test_opening_adds_and_closing_restores(seen: Visit) -> None:
    """A + adds exactly what it counts, around the card that stays where it is; − takes it back."""
    seen.go("/explore?id=acme/chat&up=0")
    before = seen.cards("acme/chat")
    opened = seen.turn("acme/chat", "acme/merge", "p")
    inside = seen.turn("acme/chat", "acme/merge", "c")
    closed = seen.turn("acme/chat", "acme/merge", "c")
    restored = seen.turn("acme/chat", "acme/merge", "p")

    assert {"acme/chat", "acme/merge"} == before.keys()
    assert "+1" == before["acme/merge"]["handles"]["p"]["text"]
    assert {"gone/parent"} == opened.keys() - before.keys()
    assert {"acme/tiny"} == inside.keys() - opened.keys()
    assert before.keys() < opened.keys() < inside.keys()
    assert before["acme/merge"]["at"] == pytest.approx(opened["acme/merge"]["at"], abs=1)
    assert _places(opened) == _places(closed)
    assert _places(before) == _places(restored)
    assert "open" not in parse_qs(urlparse(seen.page.url).query)


def test_the_demo_opens_and_closes_like_that(browser: Browser, demo_address: str) -> None:
    """On real data, too, a + adds as many as it says, keeps every other card, and − restores."""
    focus, child = "Qwen/Qwen2.5-7B-Instruct", "open-thoughts/OpenThinker-7B"
    with visit(browser, demo_address) as seen:
        seen.go(f"/explore?id={focus}")
        before = seen.cards(focus)
        opened = seen.turn(focus, child, "c")
        closed = seen.turn(focus, child, "c")

        assert [] == seen.outside + seen.errors
        assert int(before[child]["handles"]["c"]["text"]) == len(opened) - len(before)
        assert before.keys() < opened.keys()
        assert before[child]["at"] == pytest.approx(opened[child]["at"], abs=1)
        assert _places(before) == _places(closed)


def test_what_was_opened_is_in_the_address_and_on_the_way_back(seen: Visit) -> None:
    """A permalink opens the same; the browser's buttons undo and redo what was opened."""
    seen.go("/explore?id=acme/chat&up=0")
    before = seen.cards("acme/chat").keys()
    opened = seen.turn("acme/chat", "acme/merge", "p").keys()
    seen.page.reload()
    again = seen.cards("acme/chat").keys()
    seen.click("acme/chat", "acme/merge")
    elsewhere = seen.cards("acme/merge").keys()
    seen.page.go_back()
    back = seen.cards("acme/chat").keys()
    seen.page.go_back()
    seen.page.locator(".lineage").wait_for()
    age = seen.drawing("acme/chat").get_attribute("data-settled")
    first = seen.cards("acme/chat").keys()
    if first != before:
        first = seen.changed("acme/chat", age).keys()
    seen.page.go_forward()
    seen.page.go_forward()

    assert opened == again == back != before
    assert before == first
    assert elsewhere == seen.cards("acme/merge").keys()


def test_copies_open_and_close_in_place(seen: Visit) -> None:
    """Twenty adapters are one card; a click shows the first twelve, another gathers them again."""
    group = "picture => picture.lineage.cards().find(card => card.group)"
    seen.go("/explore?id=acme/base&up=0")
    before = seen.cards("acme/base")
    picture = seen.drawing("acme/base")
    heap = picture.evaluate(group)
    age = picture.get_attribute("data-settled")
    seen.press(picture, heap["at"])
    opened = seen.changed("acme/base", age)
    age = picture.get_attribute("data-settled")
    seen.press(picture, picture.evaluate(group)["at"])

    assert "20 adapters" == heap["name"]
    assert {f"acme/child-{n:02}" for n in range(8, 20)} == opened.keys() - before.keys()
    assert _places(before) == _places(seen.changed("acme/base", age))


def test_pointing_shows_the_line_of_descent(seen: Visit) -> None:
    """What a card comes from and what comes from it stands out; the rest is faded."""
    seen.go("/explore?id=acme/chat&up=1&down=2")
    card = seen.cards("acme/chat")["acme/tiny"]
    box = seen.drawing("acme/chat").locator(".canvas").bounding_box()
    assert box is not None
    seen.page.mouse.move(box["x"] + card["at"]["x"], box["y"] + card["at"]["y"])
    lit = {name for name, card in seen.cards("acme/chat").items() if card["lit"]}

    assert {"acme/base", "acme/qa", "acme/chat", "acme/merge", "acme/tiny"} == lit
    seen.page.mouse.move(box["x"] + 3, box["y"] + 3)
    assert all(card["lit"] for card in seen.cards("acme/chat").values())


def test_the_path_between_two_picks_is_told(seen: Visit) -> None:
    """Shift and click on two cards, or P at them: the way between stands out, and is in words."""
    seen.go("/explore?id=acme/chat&up=1&down=2")
    cards = seen.cards("acme/chat")
    picture = seen.drawing("acme/chat")
    for name in ("acme/base", "acme/tiny"):
        seen.press(picture, cards[name]["at"], shift=True)
    seen.page.mouse.move(0, 0)
    told = picture.locator(".told")
    lit = {name for name, card in seen.cards("acme/chat").items() if card["lit"]}

    assert "acme/chat" == _focus_in_address(seen)
    assert {"acme/base", "acme/chat", "acme/merge", "acme/tiny"} == lit
    assert (
        "chat was fine-tuned from base; merge merges chat; tiny is a quantization of merge"
    ) == told.inner_text()
    picture.locator(".stage").focus()
    seen.page.keyboard.press("Escape")
    assert not told.is_visible()


def test_the_search_inside_the_view(seen: Visit) -> None:
    """What matches is outlined and counted; Enter goes from one to the next."""
    seen.go("/explore?id=acme/base&up=0&down=2&rollup=off")
    seen.drawing("acme/base").locator(".stage").focus()
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("child 19")
    found = [name for name, card in seen.cards("acme/base").items() if card["found"]]
    seen.page.keyboard.press("Enter")

    assert ["acme/child-19"] == found
    assert "1 of 1" == seen.drawing("acme/base").locator(".hits").inner_text()
    assert seen.cards("acme/base")["acme/child-19"]["active"]


def test_the_small_map_moves_the_picture(seen: Visit) -> None:
    """It is there when not all is in sight, and leads to where one clicks on it."""
    seen.go("/explore?id=acme/base&up=0&down=2&rollup=off")
    picture = seen.drawing("acme/base")
    small = picture.locator(".minimap")
    seen.page.get_by_role("button", name="Fit all").click()
    for _ in range(4):
        seen.page.get_by_role("button", name="Zoom in").click()
    before = seen.cards("acme/base")["acme/base"]["at"]
    small.click(position={"x": 150, "y": 20})

    assert before != seen.cards("acme/base")["acme/base"]["at"]
    seen.page.set_viewport_size({"width": 390, "height": 900})
    small.wait_for(state="hidden")


def test_the_keyboard_alone_opens_and_closes(seen: Visit) -> None:
    """Plus opens the card that the keys are at, minus closes it, and a voice says where one is."""
    seen.go("/explore?id=acme/chat&up=0")
    picture = seen.drawing("acme/chat")
    picture.locator(".stage").focus()
    seen.page.keyboard.press("ArrowRight")
    spoken = picture.locator(".spoken").inner_text()
    age = picture.get_attribute("data-settled")
    seen.page.keyboard.press("+")
    opened = seen.changed("acme/chat", age)
    age = picture.get_attribute("data-settled")
    seen.page.keyboard.press("-")

    assert "acme/merge" in spoken
    assert "1 children can be opened" in spoken
    assert "acme/tiny" in opened
    assert "acme/tiny" not in seen.changed("acme/chat", age)


def test_the_picture_is_saved(seen: Visit) -> None:
    """As PNG with ink in it, and as SVG whose texts are text, whatever they look like."""
    seen.go("/explore?id=acme/base&up=0")
    seen.drawing("acme/base")
    files = {}
    for kind in ("PNG", "SVG"):
        with seen.page.expect_download() as saved:
            seen.page.get_by_role("button", name=f"Save the picture as {kind}").click()
        assert f"lineage-acme-base.{kind.lower()}" == saved.value.suggested_filename
        files[kind] = Path(saved.value.path()).read_bytes()
    svg = ET.fromstring(files["SVG"].decode())  # noqa: S314 - our own file
    texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    width, height = struct.unpack(">II", files["PNG"][16:24])

    assert width > 1000
    assert height > 500
    assert len(set(zlib.decompress(_pixels(files["PNG"])))) > 100
    assert {
        "{http://www.w3.org/2000/svg}svg",
        "{http://www.w3.org/2000/svg}path",
        "{http://www.w3.org/2000/svg}text",
    } == {part.tag for part in svg.iter()}
    assert {"acme/base", "chat", "+ 20 adapters"} <= set(texts)
    assert any(text and text.startswith("<img src=x") for text in texts)


def _pixels(png: bytes) -> bytes:
    """Return the compressed pixels of a PNG file: the data of its IDAT chunks."""
    place, found = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            found += png[place + 8 : place + 8 + length]
        place += length + 12
    return found


def test_files_of_the_view_are_offered(seen: Visit) -> None:
    """The table as CSV, and the graph of what is shown as GraphML."""
    seen.go("/explore?id=acme/merge")
    seen.drawing("acme/merge")
    files = {}
    for name in ("Table as CSV", "Graph as GraphML"):
        with seen.page.expect_download() as saved:
            seen.page.get_by_role("button", name=name).click()
        files[name] = Path(saved.value.path()).read_text(encoding="utf-8")

    assert 5 == len(files["Table as CSV"].splitlines())
    assert 4 == files["Graph as GraphML"].count("<node ")
    assert 3 == files["Graph as GraphML"].count("<edge ")


def test_the_keyboard_alone_moves_the_focus(seen: Visit) -> None:
    """Arrow keys go to a neighbour and Enter makes it the focus."""
    seen.go("/explore?id=acme/tiny")
    seen.drawing("acme/tiny").locator(".stage").focus()
    seen.page.keyboard.press("ArrowLeft")
    seen.page.keyboard.press("Enter")

    seen.drawing("acme/merge")
    assert "acme/merge" == _focus_in_address(seen)


def test_typing_suggests_and_enter_goes_there(seen: Visit) -> None:
    """Parts of a name in any order find it; the first suggestion is one key away."""
    seen.go("/explore?id=acme/base")
    box = seen.page.get_by_role("combobox").first
    box.click()
    box.type("chat acme", delay=20)
    seen.page.get_by_role("option").first.wait_for(timeout=20_000)
    box.press("ArrowDown")
    box.press("Enter")

    seen.drawing("acme/chat")
    assert "acme/chat" == _focus_in_address(seen)


def test_an_app_without_a_graph_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    """A folder without a graph gives a page that names the command which makes one."""
    with serve(tmp_path / "none") as found, visit(browser, found) as opened:
        opened.go("/")

        opened.page.get_by_text("There is no graph yet").wait_for(timeout=20_000)


def test_the_app_works_under_a_strict_policy(
    browser: Browser, chromium_path: str, address: str
) -> None:
    """Scripts from the app's own address are all that it needs: no text is run, no frame.

    Streamlit's page has one line of its own inline, which may be refused without harm.
    """

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        policy = "script-src 'self'; object-src 'none'; frame-src 'none'"
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    # A page that a test handed over counts as from elsewhere, and may not talk to this machine.
    flags = ["--headless", "--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
    strict = browser.browser_type.launch(executable_path=chromium_path, args=flags)
    with visit(strict, address) as opened:
        opened.page.route(re.compile(r"/explore(\?.*)?$"), add_policy)
        opened.go("/explore?id=acme/merge")
        opened.click("acme/merge", "acme/chat")
        opened.drawing("acme/chat")

        assert 1 == len(opened.errors)
        assert "inline script violates the following Content Security Policy" in opened.errors[0]
    strict.close()


def test_a_card_is_hit_after_fitting_all(seen: Visit) -> None:
    """However small the cards have become, the nearest one within reach is meant."""
    seen.go("/explore?id=acme/base&up=4&down=4")
    seen.drawing("acme/base")
    seen.page.get_by_role("button", name="Fit all").click()
    for _ in range(6):
        seen.page.get_by_role("button", name="Zoom out").click()
    card = seen.cards("acme/base")["acme/chat"]
    box = seen.drawing("acme/base").locator(".canvas").bounding_box()
    assert box is not None
    seen.page.mouse.click(box["x"] + card["at"]["x"] + 4, box["y"] + card["at"]["y"])

    seen.drawing("acme/chat")


def test_a_click_beside_everything_does_nothing(seen: Visit) -> None:
    """Empty canvas is no card, however near the nearest one is."""
    seen.go("/explore?id=acme/merge")
    box = seen.drawing("acme/merge").locator(".canvas").bounding_box()
    assert box is not None
    seen.page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
    seen.settle()

    assert "acme/merge" == _focus_in_address(seen)


def test_two_windows_keep_their_own_focus(browser: Browser, address: str) -> None:
    """What one person clicks moves nobody else's picture."""
    with visit(browser, address) as one, visit(browser, address) as other:
        one.go("/explore?id=acme/merge")
        other.go("/explore?id=acme/merge")
        other.drawing("acme/merge")
        one.click("acme/merge", "acme/chat")
        one.drawing("acme/chat")
        other.settle()

        assert "acme/merge" == _focus_in_address(other)
        assert "acme/tiny" in other.cards("acme/merge")


def test_the_way_back_leads_back(seen: Visit) -> None:
    """The browser's back button undoes a click."""
    seen.go("/explore?id=acme/merge")
    seen.click("acme/merge", "acme/chat")
    seen.drawing("acme/chat")
    seen.page.go_back()

    seen.drawing("acme/merge")
    assert "acme/merge" == _focus_in_address(seen)


def test_clicks_send_little_and_leave_nothing_behind(seen: Visit) -> None:
    """Fifty clicks: each message is small, one canvas is left, and the heap does not grow."""
    received: list[int] = []
    seen.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: received.append(len(data))),
    )
    seen.page.emulate_media(reduced_motion="reduce")
    seen.go("/explore?id=acme/merge")
    seen.drawing("acme/merge")
    heap = "performance.memory.usedJSHeapSize"
    sizes = []
    for _ in range(25):
        seen.click("acme/merge", "acme/chat")
        seen.click("acme/chat", "acme/merge")
        seen.drawing("acme/merge")
        sizes.append(seen.page.evaluate(heap))

    assert 1 == seen.page.locator(".lineage .canvas canvas").count()
    assert max(received) < 200_000
    assert min(sizes[15:]) < min(sizes[:10]) * 1.3


def test_hostile_suggestions_and_tooltips_are_text(seen: Visit) -> None:
    """A name full of markup is shown letter by letter wherever it appears."""
    dialogs = note_dialogs(seen.page)
    seen.go("/explore?id=acme/base&down=1")
    box = seen.page.get_by_role("combobox").first
    box.click()
    box.type("onerror", delay=20)
    option = seen.page.get_by_role("option").filter(has_text=HOSTILE)
    option.wait_for(timeout=20_000)
    assert 0 == option.locator("img").count()
    box.press("Enter")
    picture = seen.page.locator(".lineage[data-focus*='onerror']")
    picture.wait_for(state="attached", timeout=20_000)
    picture.locator(".stage").focus()
    seen.page.keyboard.press("Home")
    tip = picture.locator(".tip")
    tip.wait_for()

    assert HOSTILE == tip.locator("b").inner_text()
    assert 0 == tip.locator("img").count()
    assert [] == dialogs
    assert [] == seen.outside


def test_the_picture_is_not_empty(seen: Visit) -> None:
    """There is ink on the canvas: cards in the colours of their licences."""
    seen.go("/explore?id=acme/base")
    colours = seen.drawing("acme/base").evaluate(
        """picture => {
          const canvas = picture.querySelector("canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const seen = new Set();
          for (let n = 0; n < data.length; n += 4) {
            if (data[n + 3] === 255) seen.add(`${data[n]},${data[n + 1]},${data[n + 2]}`);
          }
          return [...seen];
        }"""
    )

    assert "0,135,108" in colours  # permissive
    assert len(colours) > 5
