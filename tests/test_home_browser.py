"""Home and Pulse in a real Chromium: highlights, charts, hostile names, a strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import license_, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

HOSTILE = 'acme/"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a graph whose famous base has a hostile name, with two months of remixes."""
    hostile_license = license_("mit", declared='<script>alert("l")</script>')
    records = [
        model(HOSTILE, created="2024-01-01T00:00:00Z", licenses=(hostile_license,)),
        *(
            model(f"owner-{n}/x{month} -> {HOSTILE}: merge", created=f"2024-0{month}-02T00:00:00Z")
            for month in (2, 3)
            for n in range(60)
        ),
    ]
    graph = build_graph(tmp_path_factory.mktemp("home") / "graph", *records)
    with serve(graph) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def test_a_door_leads_into_explore_and_back(seen: Visit) -> None:
    """A hostile name on it is text, and its link leads to the repository of that name."""
    dialogs = note_dialogs(seen.page)
    seen.go("/")
    highlight = seen.page.locator(".rg-highlight").first
    highlight.wait_for(timeout=20_000)
    assert HOSTILE in (highlight.text_content() or "")
    assert 0 == highlight.locator("img").count()
    highlight.click()
    seen.page.locator(".lineage[data-drawn][data-focus*='onerror']").wait_for(state="attached")
    seen.page.go_back()

    seen.page.locator(".rg-highlight").first.wait_for(timeout=20_000)
    assert [] == dialogs
    assert [] == seen.errors
    assert [] == seen.outside


def test_what_is_said_first_stands_above_the_search(seen: Visit) -> None:
    """The style sheet moves it there; on other pages the search comes first."""
    seen.go("/")
    hero = seen.page.locator(".rg-hero")
    hero.wait_for(timeout=20_000)
    box = seen.page.get_by_role("combobox").first.bounding_box()
    said = hero.bounding_box()

    assert box is not None
    assert said is not None
    assert said["y"] < box["y"]


def test_an_old_address_leads_to_explore(seen: Visit) -> None:
    """What was at the root when there was one page is drawn, in the page that shows it now."""
    seen.go("/?id=owner-1/x2&up=1")
    seen.drawing("owner-1/x2")

    assert "/explore?" in seen.page.url
    assert "up=1" in seen.page.url


@pytest.mark.parametrize("path", ["/", "/pulse"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_window(seen: Visit, path: str, width: int) -> None:
    """On a telephone and on a desktop, nobody scrolls sideways."""
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.go(path)
    seen.page.locator(".rg-highlight, .rg-finding").first.wait_for(timeout=30_000)

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_are_drawn_under_a_strict_policy(
    browser: Browser, chromium_path: str, address: str
) -> None:
    """Vega needs no text to be run as code; a sentence describes each chart to those who listen."""

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        policy = "script-src 'self'; object-src 'none'; frame-src 'none'"
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    # A page that a test handed over counts as from elsewhere, and may not talk to this machine.
    flags = ["--headless", "--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
    strict = browser.browser_type.launch(executable_path=chromium_path, args=flags)
    with visit(strict, address) as opened:
        opened.page.route(re.compile(r"/pulse(\?.*)?$"), add_policy)
        opened.go("/pulse")
        charts = opened.page.locator("[role='graphics-document']")
        charts.nth(7).wait_for(state="attached", timeout=60_000)
        labels = [charts.nth(n).get_attribute("aria-label") or "" for n in range(8)]

        assert any("60 owners published derivatives in February 2024" in text for text in labels)
        assert 1 == len(opened.errors)
        assert "inline script violates the following Content Security Policy" in opened.errors[0]
    strict.close()


def test_back_undoes_what_a_control_chose(seen: Visit) -> None:
    """Relations are in the address, and come from it when the user goes back."""
    seen.go("/pulse")
    pill = seen.page.get_by_role("button", name=re.compile("Merge"))
    seen.page.get_by_text("Before you cite this").wait_for(timeout=30_000)
    pill.first.click()
    seen.page.get_by_text("No month to sum up").wait_for(timeout=30_000)
    assert "relations=finetune" in seen.page.url
    seen.page.go_back()

    seen.page.get_by_text("February 2024, with too few").wait_for(timeout=20_000)
    assert "relations" not in seen.page.url
