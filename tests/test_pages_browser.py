"""Every page on the demo snapshot, as people meet it: wide and narrow, light and dark.

The pictures are kept in ``build/screenshots``, to be looked at.
"""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.app import visit
from tests.processes import ROOT

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "explore": "/explore?id=Etherll/Herplete-LLM-Llama-3.1-8b-Ties",
    "atlas": "/atlas",
    "licences": "/licences?id=Etherll/Herplete-LLM-Llama-3.1-8b-Ties",
    "sparql": "/sparql",
    "snapshots": "/snapshots",
    "pulse": "/pulse",
    "quality": "/quality",
}
PICTURES = ROOT / "build" / "screenshots"
GRAVE = frozenset(["serious", "critical"])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_suits_every_screen(
    browser: Browser, demo_address: str, name: str, width: int, mode: Literal["light", "dark"]
) -> None:
    """Nothing is cut off, nothing keeps anybody out, nothing fails, nothing asks elsewhere."""
    with visit(browser, demo_address, width=width, mode=mode) as seen:
        seen.go(PAGES[name])
        seen.settle()
        seen.page.screenshot(path=PICTURES / f"{name}-{width}-{mode}.png", full_page=True)

        assert [] == seen.errors
        assert [] == seen.outside
        assert 0 == seen.page.get_by_text("Traceback").count()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert [] == _barriers(seen.page)


def _barriers(page: Page) -> list[str]:
    """Return what axe finds grave, each with the first element concerned."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]
