"""The SPARQL page in a real Chromium: what is wrong is said, what takes long is stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.app import Visit, serve, visit
from tests.builders import model
from tests.graphs import build_graph
from tests.processes import ENDLESS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a graph of two models."""
    graph = tmp_path_factory.mktemp("app") / "graph"
    with serve(build_graph(graph, model("acme/chat -> acme/base: finetune"))) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, address) as opened:
        yield opened


def test_a_broken_query_is_answered_in_words(seen: Visit) -> None:
    """The SPARQL page shows what is wrong with a query and where, as text."""
    seen.go("/sparql")
    area = seen.page.get_by_label("SPARQL", exact=True)
    area.fill("SELECT ?x WHERE { ?x a ")
    area.press("Control+Enter")
    seen.page.get_by_role("button", name="Run").click()

    seen.page.get_by_text("cannot be").first.wait_for(timeout=20_000)
    assert 0 == seen.page.get_by_text("Traceback").count()


def test_a_query_can_be_stopped(seen: Visit) -> None:
    """A query that takes long gets a button; pressed, it frees the worker for the next query."""
    seen.go("/sparql")
    area = seen.page.get_by_label("SPARQL", exact=True)
    for query in (ENDLESS, ENDLESS, ENDLESS):  # more than there are workers
        area.fill(query)
        area.press("Control+Enter")
        seen.page.get_by_role("button", name="Run").click()
        seen.page.get_by_text("seconds at most").wait_for(timeout=10_000)
        seen.page.get_by_role("button", name="Stop the query").click()
        seen.page.get_by_text("The query was stopped").wait_for(timeout=10_000)
    area.fill("ASK {}")
    area.press("Control+Enter")
    seen.page.get_by_role("button", name="Run").click()

    seen.page.get_by_text("Yes", exact=True).wait_for(timeout=10_000)
    assert 0 == seen.page.get_by_role("button", name="Stop the query").count()
