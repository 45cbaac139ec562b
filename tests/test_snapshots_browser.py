"""The page Snapshots in a real Chromium: keeping a graph, checking it, and bringing it back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.snapshots import Manifest, verify
from tests.app import Visit, serve, visit
from tests.builders import model
from tests.graphs import build_graph
from tests.snapshots import build_demo

pytestmark = pytest.mark.browser

_LONG = 90_000  # ms: a process starts, on a machine that others use, too


class Served(NamedTuple):
    """An app over a graph: where it is, and where its folder is."""

    address: str
    graph: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small graph of all kinds of repository."""
    graph = build_demo(tmp_path_factory.mktemp("kept") / "graph")
    with serve(graph) as address:
        yield Served(address, graph)


@pytest.fixture
def seen(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open a window for one test."""
    with visit(browser, served.address) as opened:
        yield opened


def test_a_graph_is_kept_checked_and_brought_back(
    browser: Browser, seen: Visit, served: Served
) -> None:
    """From creating to loading, by clicks alone; other windows see what is done."""
    page = seen.page
    seen.go("/snapshots")
    page.get_by_label("Name of the new snapshot").fill("kept", timeout=30_000)
    page.get_by_role("button", name="Create a snapshot").click()
    with visit(browser, served.address) as other:
        other.go("/snapshots")
        expect(other.page.get_by_text("Creating kept")).to_be_visible(timeout=_LONG)
    expect(page.get_by_text("triples are in it")).to_be_visible(timeout=_LONG)
    manifest = verify(served.graph.parent / "snapshots" / "kept")

    page.get_by_role("button", name="Verify").first.click()
    expect(page.get_by_text("every byte is as it was written")).to_be_visible(timeout=_LONG)

    assert manifest == _downloaded(page, served.graph.parent / "unpacked")

    build_graph(served.graph, model("acme/later"))
    page.reload()
    expect(page.get_by_text("ingested here")).to_be_visible(timeout=_LONG)
    page.get_by_role("button", name="Load …").first.click()
    page.get_by_role("button", name="Replace the graph").click()
    expect(page.get_by_text("the app now shows it")).to_be_visible(timeout=_LONG)
    expect(page.get_by_text("shown now", exact=True).first).to_be_visible(timeout=_LONG)

    assert [] == seen.errors
    assert [] == seen.outside


def _downloaded(page: Page, folder: Path) -> Manifest:
    """Download the first snapshot, and return its manifest once it is unpacked and verified."""
    with page.expect_download(timeout=_LONG) as download:
        page.get_by_role("button", name="Download").first.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    return verify(folder / "kept")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_cut_off(seen: Visit, width: int) -> None:
    """Digests and paths break; the page is no wider than the window."""
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.go("/snapshots")
    seen.page.get_by_text("Compare two").wait_for(timeout=30_000)

    assert width == seen.page.evaluate("document.documentElement.scrollWidth")
