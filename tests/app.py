"""The app for tests: a server of its own over a graph of a test, and a page that watches itself."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Dialog, Locator, Page

from ui.app import launch

__all__ = ["Visit", "note_dialogs", "serve", "visit"]

_DRAWN = ".lineage[data-drawn]"
HEALTH = "/_stcore/health"

_QUIET = """() => new Promise((quiet) => {
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(quiet, 250); };
  const changes = { attributes: true, characterData: true, childList: true, subtree: true };
  new MutationObserver(wait).observe(document, changes);
  wait();
})"""
"""Wait until nothing in the document has changed for a quarter of a second."""


@contextmanager
def serve(graph: Path) -> Iterator[str]:
    """Serve the app as ``remixgraph app`` does; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"REMIXGRAPH_GRAPH": str(graph)}
    process = subprocess.Popen(
        launch.command(port=port), env=environment, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address + HEALTH)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@dataclass
class Visit:
    """A page of the app, with everything that it asked for and complained about."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page by its path and wait until Streamlit has drawn it."""
        self.page.goto(self.address + path)
        self.page.get_by_text("Explore", exact=True).first.wait_for(timeout=30_000)

    def settle(self) -> None:
        """Wait until nothing on the page is being worked out, and nothing moves any more."""
        self.page.locator("[data-testid='stSpinner']").first.wait_for(
            state="detached", timeout=60_000
        )
        self.page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(
            timeout=60_000
        )
        self.page.evaluate(_QUIET)

    def drawing(self, focus: str) -> Locator:
        """Return the picture once it shows this id in its focus."""
        picture = self.page.locator(f"{_DRAWN}[data-focus$='/{focus}']")
        picture.wait_for(state="attached", timeout=20_000)
        self._rest(picture)
        return picture

    def turn(self, focus: str, target: str, side: Literal["p", "c"]) -> dict[str, dict[str, Any]]:
        """Click the + or − of a card's parents or children; returns the cards after it."""
        picture = self.drawing(focus)
        before = picture.get_attribute("data-settled")
        self.press(picture, self.cards(focus)[target]["handles"][side]["at"])
        return self.changed(focus, before)

    def changed(self, focus: str, before: str | None) -> dict[str, dict[str, Any]]:
        """Wait until the picture is another than the one of this age; returns its cards."""
        picture = self.page.locator(f"{_DRAWN}:not([data-settled='{before}'])")
        picture.wait_for(state="attached", timeout=20_000)
        return self.cards(focus)

    def press(self, picture: Locator, place: dict[str, float], *, shift: bool = False) -> None:
        """Click a place of the picture, in its own pixels."""
        box = picture.locator(".canvas").bounding_box()
        assert box is not None
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
        if shift:
            self.page.keyboard.up("Shift")

    def _rest(self, picture: Locator) -> None:
        """Wait until the picture has glided to its place."""
        for _ in range(200):
            ages = [picture.get_attribute(f"data-{name}") for name in ("drawn", "settled")]
            if ages[0] == ages[1]:
                return
            self.page.wait_for_timeout(20)
        message = "the picture does not come to rest"
        raise AssertionError(message)

    def cards(self, focus: str) -> dict[str, dict[str, Any]]:
        """Return the cards of the picture by their full ids."""
        cards = self.drawing(focus).evaluate("picture => picture.lineage.cards()")
        return {card["id"]: card for card in cards if "id" in card}

    def click(self, focus: str, target: str) -> None:
        """Click the card of an id in the picture that has ``focus`` in its focus."""
        self.press(self.drawing(focus), self.cards(focus)[target]["at"])


@contextmanager
def visit(
    browser: Browser, address: str, *, width: int = 1280, mode: Literal["light", "dark"] = "light"
) -> Iterator[Visit]:
    """Open a window without a past that notes every request to elsewhere and every error."""
    page = _window(browser, address)
    page.set_viewport_size({"width": width, "height": 1200})
    page.emulate_media(color_scheme=mode)
    seen = Visit(page, address)
    page.on("request", lambda request: _note_request(seen, request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: _note_message(seen, message.type, message.text))
    yield seen
    page.close()


def _window(browser: Browser, address: str) -> Page:
    """Open an empty window in the process of the windows before it, without what they stored.

    One process for all of them has compiled Streamlit's scripts already: a context for each test
    takes twice the time.
    """
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    opener = context.pages[0] if context.pages else context.new_page()
    opener.goto(address + HEALTH)
    opener.evaluate("localStorage.clear()")
    context.clear_cookies()
    with context.expect_page() as opened:
        opener.evaluate("void window.open('about:blank')")
    return opened.value


def note_dialogs(page: Page) -> list[str]:
    """Return a list that gets the text of every dialog that a page opens from now on."""
    texts: list[str] = []

    def note(dialog: Dialog) -> None:
        texts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return texts


def _note_request(seen: Visit, url: str) -> None:
    if not url.startswith((seen.address, "data:", "blob:")):
        seen.outside.append(url)


def _note_message(seen: Visit, kind: str, text: str) -> None:
    # Opened at /sparql, Streamlit first looks for its server below that path, and is told 404.
    if kind == "error" and "404 (Not Found)" not in text:
        seen.errors.append(text)


def _wait_until_healthy(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.05)
    message = "the app did not start"
    raise AssertionError(message)
