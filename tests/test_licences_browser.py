"""Licences and the panel in a real Chromium: hostile texts, links, the back button, and widths."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlparse

import pytest
from playwright.sync_api import Browser

from graph.model.records import ClaimSource
from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import dataset, derivation, license_, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

HOSTILE = "acme/<img src=x onerror=alert(1)>"
BEACON = "![x](https://beacon.example/b.png)"
SCRIPT = '"><script>document.title="owned"</script>'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a merge that drags a licence along, and a lineage of hostile texts."""
    hostile = license_("other", license=None, declared="other", name=SCRIPT, link="javascript:1")
    records = [
        model("acme/base", downloads=900, licenses=(license_("cc-by-nc-4.0"),)),
        model("acme/tuned -> acme/base: finetune", licenses=(license_("mit"),)),
        model("acme/merged -> acme/tuned: merge, acme/qa: trained_on", licenses=(license_("mit"),)),
        model(HOSTILE, licenses=(hostile, license_("cc-by-nc-4.0", name=BEACON))),
        model(
            "acme/fed",
            commit=SCRIPT,
            licenses=(license_("mit"),),
            derivations=(
                derivation(f"{HOSTILE}: finetune", raw=(BEACON,)),
                derivation(SCRIPT, target=None, raw=(SCRIPT,), sources=(ClaimSource.HUB,)),
            ),
        ),
        dataset("acme/qa"),
    ]
    graph = build_graph(tmp_path_factory.mktemp("licences") / "graph", *records)
    with serve(graph) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def _wait(seen: Visit, text: str) -> None:
    seen.page.get_by_text(text).first.wait_for(timeout=30_000)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"/licences?id={quote(HOSTILE, safe='')}", "What the rules found"),
        ("/licences?id=acme/fed", "What the rules found"),
        ("/licences?tab=findings", "What the rules are"),
        ("/explore?id=acme/fed", "Made from 2"),
    ],
)
def test_hostile_names_and_licences_do_nothing(seen: Visit, path: str, text: str) -> None:
    """In story, chain, findings and panel they are text: nothing runs and nothing is loaded."""
    dialogs = note_dialogs(seen.page)
    seen.go(path)
    _wait(seen, text)
    for summary in seen.page.locator("details > summary:visible").all():
        summary.click()
    seen.settle()

    assert [] == dialogs
    assert "remixgraph" == seen.page.title()
    assert [] == seen.outside
    assert [] == seen.errors
    assert 0 == seen.page.locator("a[href^='javascript:'], img[src='x']").count()


def test_a_card_of_the_chain_leads_into_explore_and_back(seen: Visit) -> None:
    """A click on the cause looks at it; the back button returns to the story."""
    seen.go("/licences?id=acme/merged")
    _wait(seen, "The story")
    seen.page.locator(".rg-chain .rg-cause a").first.click()
    seen.page.wait_for_url("**/explore?id=acme/base*")
    seen.page.go_back()
    _wait(seen, "The story")

    assert ["acme/merged"] == parse_qs(urlparse(seen.page.url).query)["id"]


def test_back_returns_to_the_use_before(seen: Visit) -> None:
    """Every use has an address of its own."""
    seen.go("/licences?id=acme/merged")
    _wait(seen, "Model · Commercial use")
    seen.page.get_by_role("radio", name="Research").click()
    _wait(seen, "Model · Research")
    assert ["research"] == parse_qs(urlparse(seen.page.url).query)["use"]
    seen.page.go_back()

    _wait(seen, "Model · Commercial use")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/licences?id=acme/merged", "The story"),
        ("/licences?tab=drift", "What becomes of a licence"),
        ("/licences?tab=findings", "What the rules are"),
        ("/explore?id=acme/merged", "Elsewhere"),
    ],
)
def test_nothing_is_wider_than_the_window(seen: Visit, path: str, text: str, width: int) -> None:
    """On a phone and on a desk, nobody scrolls sideways."""
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.page.goto(seen.address + path)
    _wait(seen, text)

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
