"""The page Quality in a real Chromium: filters, the address, and text of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from graph.model.records import IssueKind
from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import issue, model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

HOSTILE = "acme/<img src=x onerror=alert(1)>"
SCRIPT = '"><script>document.title="owned"</script>'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a graph with a self-loop, missing parents, and hostile texts."""
    graph = build_graph(
        tmp_path_factory.mktemp("quality") / "graph",
        model("acme/loop -> acme/loop: merge", downloads=7),
        model("acme/lost -> gone/parent: merge"),
        model("other/lost -> gone/parent: finetune"),
        model(
            f"{HOSTILE} -> gone/parent: merge",
            issues=(issue(IssueKind.LOCAL_PATH, SCRIPT, SCRIPT),),
        ),
    )
    with serve(graph) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def test_a_filter_is_in_the_address_and_back_undoes_it(seen: Visit) -> None:
    """Each choice is a step that the browser's back button takes back."""
    seen.go("/quality")
    table = seen.page.get_by_role("table", name="Findings", exact=True)
    expect(table.get_by_role("row")).to_have_count(5, timeout=30_000)
    seen.page.get_by_text("Dangling parent 3").click()
    expect(table.get_by_role("row")).to_have_count(4)
    seen.page.get_by_label("Owner").fill("other")
    seen.page.get_by_label("Owner").press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)

    assert seen.page.url.endswith("/quality?owner=other&check=dangling-parent")

    seen.page.go_back()
    expect(table.get_by_role("row")).to_have_count(4)
    seen.page.reload()
    expect(table.get_by_role("row")).to_have_count(4, timeout=30_000)

    assert [] == seen.errors
    assert [] == seen.outside


def test_a_finding_leads_to_explore(seen: Visit) -> None:
    """The repository at fault is one click away."""
    seen.go("/quality?check=self-loop")
    seen.page.get_by_role("link", name="acme/loop").click(timeout=30_000)
    seen.page.wait_for_url("**/explore?id=acme/loop")


@pytest.mark.parametrize("view", ["findings", "parents", "metadata"])
def test_hostile_text_does_nothing(seen: Visit, view: str) -> None:
    """Names and values of others are shown as they are."""
    dialogs = note_dialogs(seen.page)
    seen.go(f"/quality?view={view}&owner=acme" if view == "findings" else f"/quality?view={view}")
    shown = {"findings": HOSTILE, "parents": "gone/parent", "metadata": SCRIPT}[view]
    seen.page.get_by_text(shown).first.wait_for(timeout=30_000)
    seen.settle()

    assert [] == dialogs
    assert "remixgraph" == seen.page.title()
    assert [] == seen.outside
    assert 0 == seen.page.locator("img[src=x]").count()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_cut_off(seen: Visit, width: int) -> None:
    """On a narrow screen rows become cards: the page is no wider than the window."""
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.go("/quality")
    seen.page.get_by_text("What it means").first.wait_for(state="attached", timeout=30_000)

    assert width == seen.page.evaluate("document.documentElement.scrollWidth")
