"""The app in a real Chromium: what is clicked and shown, and what is asked of the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlparse

import pytest
from playwright.sync_api import Browser, Route

from graph.records import IssueKind
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
    seen.page.wait_for_timeout(500)

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
    seen.go("/explore?id=acme/base&up=0&down=1")
    before = seen.cards("acme/base")
    pills = "picture => picture.lineage.cards().filter(card => card.more)"
    pill = seen.drawing("acme/base").evaluate(pills)[0]
    box = seen.drawing("acme/base").locator(".canvas").bounding_box()

    assert "+ 10 more" == pill["name"]
    assert box is not None
    seen.page.get_by_role("button", name="Fit all").click()
    pill = seen.drawing("acme/base").evaluate(pills)[0]
    seen.page.mouse.click(box["x"] + pill["at"]["x"], box["y"] + pill["at"]["y"])
    seen.page.get_by_text("Show fewer again").wait_for(timeout=20_000)
    after = seen.cards("acme/base")
    assert before.keys() < after.keys()
    assert 23 == len(after)


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
    seen.page.wait_for_timeout(400)

    assert "acme/merge" == _focus_in_address(seen)


def test_two_windows_keep_their_own_focus(browser: Browser, address: str) -> None:
    """What one person clicks moves nobody else's picture."""
    with visit(browser, address) as one, visit(browser, address) as other:
        one.go("/explore?id=acme/merge")
        other.go("/explore?id=acme/merge")
        other.drawing("acme/merge")
        one.click("acme/merge", "acme/chat")
        one.drawing("acme/chat")
        other.page.wait_for_timeout(300)

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


def test_a_click_sends_little_and_leaves_nothing_behind(seen: Visit) -> None:
    """Twenty clicks: each message is small, one canvas is left, and the heap does not grow."""
    received: list[int] = []
    seen.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: received.append(len(data))),
    )
    seen.go("/explore?id=acme/merge")
    seen.drawing("acme/merge")
    heap = "performance.memory.usedJSHeapSize"
    sizes = []
    for _ in range(10):
        seen.click("acme/merge", "acme/chat")
        seen.click("acme/chat", "acme/merge")
        seen.drawing("acme/merge")
        sizes.append(seen.page.evaluate(heap))

    assert 1 == seen.page.locator(".lineage canvas").count()
    assert max(received) < 200_000
    assert min(sizes[5:]) < min(sizes[:5]) * 1.5


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
