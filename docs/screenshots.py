"""Take the README's pictures: each page of the app in Chromium, on the demo snapshot.

Needs Chromium, as the browser tests do; ``make docs`` runs it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from graph.snapshots import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.app import serve, visit  # noqa: E402 - the tests' own way to run and watch the app

FOLDER = ROOT / "docs" / "pages"
WIDTH, HEIGHT = 1280, 900


class View(NamedTuple):
    """A page worth a picture: its address, and what to do there before it is taken."""

    address: str
    act: Callable[[Page], None] = lambda _: None


def _run(page: Page) -> None:
    page.get_by_role("button", name="Run").click()
    page.get_by_text("20 rows").wait_for()


def _scroll(page: Page) -> None:
    """Pass over where the graph lies on this machine."""
    page.set_viewport_size({"width": WIDTH, "height": 640})
    page.get_by_text("Compare two").scroll_into_view_if_needed()
    page.mouse.move(WIDTH / 2, 400)
    page.mouse.wheel(0, 2_000)


VIEWS = {
    "home": View("/"),
    "explore": View("/explore?id=Etherll/Herplete-LLM-Llama-3.1-8b-Ties&up=3"),
    "atlas": View("/atlas"),
    "licences": View("/licences?id=PJMixers-Archive/LLaMa-3-CursedStock-v2.0-8B"),
    "sparql": View("/sparql", _run),
    "snapshots": View("/snapshots", _scroll),
    "pulse": View("/pulse?first=2024-01&last=2025-03"),
    "quality": View("/quality"),
}


def main() -> None:
    """Load the demo snapshot, open every page, and keep what is seen."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        load(ROOT / "snapshots" / "demo", Path(folder) / "graph")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        with serve(Path(folder) / "graph") as address, visit(browser, address, width=WIDTH) as seen:
            for name, view in VIEWS.items():
                seen.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
                seen.go(view.address)
                seen.settle()
                view.act(seen.page)
                seen.settle()
                seen.page.screenshot(path=FOLDER / f"{name}.png")
                print(f"written: docs/pages/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
