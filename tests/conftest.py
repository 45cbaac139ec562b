"""What tests share: recorded Hub pages, the graphs of real data, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, sync_playwright

from graph.store.lineage_graph import LineageGraph
from tests.app import serve
from tests.depth import DEEP, IN_CI
from tests.shared import (
    EXPORT,
    FEW,
    MANY,
    Shelf,
    ingest_as_written,
    ingest_pages,
    load_demo,
    shelf_of,
)

ROOT = Path(__file__).resolve().parent.parent

REALDATA = Path(os.environ.get("REMIXGRAPH_REALDATA") or ROOT.parent / "shared" / "data")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _find_chromium() -> str | None:
    """Return the first Chromium on the path, if there is one."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_configure() -> None:
    """Let Ctrl-C end what tests start, as it does for a user.

    A shell that starts a run in the background lets it ignore interrupts, and every process that a
    test starts would inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> list[str]:
    """Say once, at the head of a run, how deep it goes, what can not run here, and why."""
    lines = [f"depth: {'everything' if DEEP else 'a sample; make test-deep runs everything'}"]
    if not REALDATA.is_dir():
        lines.append(
            "realdata: the recorded Hub pages are absent, their tests are skipped "
            "(name their folder in REMIXGRAPH_REALDATA)"
        )
    if _find_chromium() is None:
        outcome = "fail, for this is CI" if IN_CI else "are skipped"
        lines.append(f"browser: no {', '.join(CHROMIUM_NAMES)} on the path, its tests {outcome}")
    return lines


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what can not run here, and what is only for a deep run."""
    absent = pytest.mark.skip(reason="the recorded Hub pages are absent")
    deep = pytest.mark.skip(reason="takes long: make test-deep runs it")
    for item in items:
        if item.get_closest_marker("realdata") and not REALDATA.is_dir():
            item.add_marker(absent)
        elif item.get_closest_marker("deep") and not DEEP:
            item.add_marker(deep)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Return the folder of recorded Hub pages; skip the test where there is none."""
    if not REALDATA.is_dir():
        pytest.skip("the recorded Hub pages are absent")
    return REALDATA


# --- graphs of real data, built once for all workers and only read --------------------------------


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Return where the graphs are that all workers share."""
    return shelf_of(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_graph(shelf: Shelf) -> Path:
    """Return the folder of the graph of the demo snapshot."""
    return shelf.get("demo", load_demo)


@pytest.fixture(scope="session")
def demo(demo_graph: Path) -> Iterator[LineageGraph]:
    """Yield the graph of the demo snapshot."""
    with LineageGraph.open(demo_graph) as graph:
        yield graph


@pytest.fixture(scope="session")
def export_graph(shelf: Shelf, realdata: Path) -> Path:
    """Return the folder of the graph of the recorded export, with every id as it is written."""
    return shelf.get("export", lambda graph: ingest_as_written(graph, realdata / EXPORT))


@pytest.fixture(scope="session")
def few_pages(shelf: Shelf, realdata: Path) -> Iterator[LineageGraph]:
    """Yield the graph of the first recorded models, with every id as it is written."""
    folder = shelf.get("few", lambda graph: ingest_pages(graph, realdata, FEW))
    with LineageGraph.open(folder) as graph:
        yield graph


@pytest.fixture(scope="session")
def pages_graph(shelf: Shelf, realdata: Path) -> Path:
    """Return the folder of the graph of many recorded models, or all of them in a deep run."""
    return shelf.get("pages", lambda graph: ingest_pages(graph, realdata, MANY))


# --- a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of a Chromium; without one skip the test, or fail it in CI."""
    found = _find_chromium()
    if found is not None:
        return found
    if IN_CI:
        pytest.fail("no Chromium on the path: install Debian's chromium package")
    pytest.skip("no Chromium on the path")


# One browser a module, not one for the whole run: while it is open, playwright's event loop counts
# as running in this thread, and asyncio.run would fail in every later test.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Yield the installed Chromium, without a window; nothing is downloaded."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=list(CHROMIUM_FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo_address(demo_graph: Path) -> Iterator[str]:
    """Serve the app on the demo snapshot; yields its address."""
    with serve(demo_graph) as address:
        yield address


# --- the app without a browser --------------------------------------------------------------------


@pytest.fixture
def app_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Name the folder of the graph to the app; it holds none yet.

    AppTest takes the place of ``__main__``, from which worker processes would start: it is put
    back.
    """
    main = sys.modules["__main__"]
    monkeypatch.setenv("REMIXGRAPH_GRAPH", str(tmp_path / "graph"))
    yield tmp_path / "graph"
    sys.modules["__main__"] = main
    st.cache_resource.clear()
