"""What tests share: the recorded Hub pages, a real Chromium, and hypothesis's two profiles."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

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

# No deadline: how long an example takes says more about the machine than about the code.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "default")


def _find_chromium() -> str | None:
    """Return the first Chromium on the path, if there is one."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_report_header() -> list[str]:
    """Say once, at the head of a run, which tests can not run here and why."""
    lines = []
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
    """Skip the tests marked realdata where the recorded Hub pages are absent."""
    if REALDATA.is_dir():
        return
    skip = pytest.mark.skip(reason="the recorded Hub pages are absent")
    for item in items:
        if item.get_closest_marker("realdata"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Return the folder of recorded Hub pages; skip the test where there is none."""
    if not REALDATA.is_dir():
        pytest.skip("the recorded Hub pages are absent")
    return REALDATA


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
