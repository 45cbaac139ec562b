"""Take the README's picture: the app in Chromium, on the demo snapshot.

Needs Chromium, as the browser tests do; ``make docs`` runs it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from graph.snapshots import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.app import serve, visit  # noqa: E402 - the tests' own way to run and watch the app

FOCUS = "Etherll/Herplete-LLM-Llama-3.1-8b-Ties"
TARGET = ROOT / "docs" / "explore.png"


def main() -> None:
    """Load the demo snapshot, open it at a merged model, and keep what is seen."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        load(ROOT / "snapshots" / "demo", Path(folder) / "graph")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        with serve(Path(folder) / "graph") as address, visit(browser, address) as seen:
            seen.page.set_viewport_size({"width": 1280, "height": 960})
            seen.go(f"/explore?id={FOCUS}&up=3&down=1")
            seen.drawing(FOCUS)
            seen.page.get_by_role("button", name="Fit all").click()
            seen.page.wait_for_timeout(1_000)
            seen.page.screenshot(path=TARGET)
        browser.close()
    print(f"written: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
