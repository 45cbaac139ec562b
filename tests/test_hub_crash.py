"""Killed at any moment, a harvest goes on: the graph in the end is that of one that was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.snapshots import create
from graph.store.lineage_graph import LineageGraph
from tests.hub import StandIn
from tests.hub.recorded import read_pages
from tests.killing import fetches, harvest, harvest_under_fire
from tests.live import row, standing


def snapshot(graph: Path) -> dict[str, bytes]:
    """Return every file of a snapshot of a graph."""
    with LineageGraph.open(graph) as opened:
        create(opened, graph / "snapshot")
    return {path.name: path.read_bytes() for path in (graph / "snapshot").iterdir()}


def compare(tmp_path: Path, hub: StandIn, kills: int) -> None:
    """Harvest twice, once under fire, and hold the two against one another."""
    assert harvest(tmp_path / "calm", hub).wait() == 0
    hub.requests.clear()
    done = harvest_under_fire(tmp_path / "killed", hub, kills, seed=7)

    assert kills == done, "it was through before it could be killed so often: give it more pages"
    assert max(fetches(hub).values()) <= 2
    assert snapshot(tmp_path / "calm") == snapshot(tmp_path / "killed")


def test_kills_of_made_models(tmp_path: Path) -> None:
    """Among made models, some of which name others that are looked up."""
    models = [row(f"a/{n}", f"base_model:{'a' if n % 3 else 'gone'}/{n // 2}") for n in range(600)]
    with standing(*models, page_size_limit=2) as hub:
        compare(tmp_path, hub, 8)


@pytest.mark.realdata
def test_kills_of_recorded_pages(tmp_path: Path, realdata: Path) -> None:
    """Five thousand models of the Hub, in five hundred pages; the benchmark takes all of them."""
    pages = sorted((realdata / "hub-2024-07" / "models").glob("page-*.json.gz"))[:5]
    with standing(*read_pages(pages), page_size_limit=10) as hub:
        compare(tmp_path, hub, 20)
