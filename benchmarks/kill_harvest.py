"""Kill a harvest of recorded pages over and over: is anything lost, or asked for too often?

    PYTHONPATH=. python benchmarks/kill_harvest.py PAGES [KILLS]

Compares the snapshot of the graph with that of a harvest that was left in peace.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from graph.snapshots import create
from graph.store.lineage_graph import LineageGraph
from tests.hub import StandIn
from tests.killing import fetches, harvest, harvest_under_fire


def main() -> None:
    """Harvest twice and print what came of it."""
    pages, *rest = sys.argv[1:]
    kills = int(rest[0]) if rest else 50
    with StandIn.from_pages(models=Path(pages)) as hub, tempfile.TemporaryDirectory() as folder:
        calm, killed = Path(folder, "calm"), Path(folder, "killed")
        began = time.perf_counter()
        harvest(calm, hub).wait()
        print(f"undisturbed: {time.perf_counter() - began:.1f} s")
        hub.requests.clear()
        began = time.perf_counter()
        done = harvest_under_fire(killed, hub, kills, seed=7)
        counts = fetches(hub)
        print(f"{done} kills: {time.perf_counter() - began:.1f} s")
        print(f"{len(counts)} pages, asked for {max(counts.values())} times at most")
        print("identical" if _snapshot(calm) == _snapshot(killed) else "DIFFERENT")


def _snapshot(graph: Path) -> str:
    with LineageGraph.open(graph) as opened:
        return create(opened, graph / "snapshot").sha256


if __name__ == "__main__":
    main()
