"""Graphs that many tests read: each is built once in a run, by the worker that needs it first."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import portalocker
import pytest

from graph.snapshots import load
from tests.depth import sampled
from tests.processes import ROOT

__all__ = [
    "DEMO",
    "EXPORT",
    "FEW",
    "MANY",
    "PAGES",
    "Shelf",
    "ingest_as_written",
    "ingest_pages",
    "load_demo",
    "shelf_of",
]

DEMO = ROOT / "snapshots" / "demo"
EXPORT = Path("hub-stats-2026-05", "hub_stats_frozen.parquet")
PAGES = Path("hub-2024-07", "models")
"""Where the hub-stats export and the pages of the Hub's list are, in the folder of real data."""

FEW = sampled(4, 8)
MANY = sampled(10, 190)
"""How many of the pages, of 1,000 models each, are in the two graphs of them."""


class Shelf:
    """A folder that all workers of a run share; what is on it is only read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return what has this name, made now if nobody has made it yet: others wait for it."""
        place = self.folder / name
        with (self.folder / f"{name}.lock").open("w") as lock:
            portalocker.lock(lock, portalocker.LOCK_EX)
            if not place.exists():
                begun = self.folder / f"{name}.begun"
                shutil.rmtree(begun, ignore_errors=True)
                make(begun)
                begun.rename(place)
        return place


def shelf_of(factory: pytest.TempPathFactory) -> Shelf:
    """Return the shelf of this run: beside the folders of the workers, where there are some."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shelf"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)


def load_demo(graph: Path) -> None:
    """Load the demo snapshot, as the first ``make app`` does."""
    load(DEMO, graph)


def ingest_pages(graph: Path, realdata: Path, most: int) -> None:
    """Build the graph of the first recorded pages, with every id as it is written."""
    ingest_as_written(graph, *sorted((realdata / PAGES).glob("page-*.json.gz"))[:most])


def ingest_as_written(graph: Path, *sources: Path) -> None:
    """Build the graph of recorded rows: no alias is resolved."""
    from ui.cli.main import run

    paths = map(str, sources)
    assert 0 == run(["--graph", str(graph), "ingest", "dump", *paths, "--no-aliases"])
