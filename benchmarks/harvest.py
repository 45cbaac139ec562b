"""Harvest recorded pages from a stand-in for the Hub: how fast, in how much memory, how politely.

    PYTHONPATH=. python benchmarks/harvest.py PAGES

The harvest is a process of its own, as a user starts it; the stand-in is on the same machine, so
its time is in the figures.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from graph.model.records import Kind
from tests.hub import StandIn

ROUNDS = 3
CHANGED = 100
LATER = "2026-05-20T00:00:00.000Z"
_PROGRAM = """
import json, re, sys, time
from itertools import islice
from pathlib import Path
from graph.model.records import Kind
from ingest.hub import Client, Plan
from ingest.hub.harvest import Harvest
from ingest.hub.progress import Silent

harvest = Harvest(Client(sys.argv[1]), Path(sys.argv[2]), Plan(), Silent())
began = time.perf_counter()
harvest.begin()
rows = harvest.walk(Kind.MODEL, None).rows
status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's memory, too
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began, "peak": peak}))
"""


def main() -> None:
    """Print the figures of a full harvest and of a run that finds some changes."""
    with StandIn.from_pages(models=Path(sys.argv[1])) as hub:
        _measure_harvest(hub)
        with tempfile.TemporaryDirectory() as graph:
            _measure_runs(hub, graph)


def _measure_harvest(hub: StandIn) -> None:
    speeds, peaks = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            told = _run(["-c", _PROGRAM, hub.endpoint, folder])
        speeds.append(told["rows"] / told["seconds"])
        peaks.append(told["peak"])
    print(f"harvested to disk: {statistics.median(speeds):,.0f} models/s, {max(peaks):.0f} MB")


def _measure_runs(hub: StandIn, graph: str) -> None:
    """Time the first run, and one after some models were changed."""
    command = ["-m", "ui", "ingest", "hub", "--models", "--lookups", "0", "--json"]
    command += ["--graph", graph, "--endpoint", hub.endpoint]
    first = _run(command)
    print(f"first run: {first['seconds']:.1f} s for {first['rows']:,.0f} models")
    for row in list(islice(hub.shelves[Kind.MODEL].walk("downloads"), CHANGED)):
        hub.change("model", row["id"], lastModified=LATER, tags=["license:mit"])
    hub.requests.clear()
    told = _run(command)
    print(f"{CHANGED} changed: {len(hub.requests)} requests, {told['seconds']:.1f} s")


def _run(arguments: Iterable[str]) -> dict[str, float]:
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
