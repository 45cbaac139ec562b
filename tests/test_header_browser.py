"""The app beside a sync: pages follow the graph that is published while they are open."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app import serve, visit
from tests.builders import model
from tests.graphs import build_graph

pytestmark = pytest.mark.browser

BASE = model("acme/base")
CHAT = model("acme/chat -> acme/base: finetune")
NEWER = model("acme/newer -> acme/base: finetune")


def test_an_open_page_follows_a_new_build(browser: Browser, tmp_path: Path) -> None:
    """What a sync publishes is drawn and can be searched within seconds, without a click."""
    graph = build_graph(tmp_path / "graph", BASE, CHAT)
    with serve(graph) as address, visit(browser, address) as seen:
        seen.go("/explore?id=acme/base")
        assert {"acme/base", "acme/chat"} == seen.cards("acme/base").keys()

        build_graph(graph, BASE, CHAT, NEWER)

        picture = seen.page.locator(".lineage")
        picture.evaluate(
            """picture => new Promise(done => setInterval(() => {
              if (picture.lineage.cards().some(card => card.id === "acme/newer")) done();
            }, 100))"""
        )
        box = seen.page.get_by_role("combobox").first
        box.click()
        box.press_sequentially("newer")
        expect(seen.page.get_by_role("option")).to_have_count(1)
        assert [] == seen.errors
