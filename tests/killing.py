"""Killing a harvest at random moments, over and over, until it is through.

Used by a test with some pages, and by a benchmark with all of them.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.hub import StandIn
from tests.processes import ROOT

__all__ = ["fetches", "harvest", "harvest_under_fire"]

EPOCH = "1779000000"


def harvest(graph: Path, hub: StandIn) -> subprocess.Popen[bytes]:
    """Start a harvest of all models, by the command line."""
    command = [sys.executable, "-m", "ui", "ingest", "hub", "--models", "--lookups", "20"]
    command += ["--graph", str(graph), "--endpoint", hub.endpoint, "--patience", "20"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
    )


def harvest_under_fire(graph: Path, hub: StandIn, kills: int, seed: int) -> int:
    """Harvest with so many kills, each after at least one page more; returns how many it took."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    done = 0
    while True:
        before = _state(graph)
        process = harvest(graph, hub)
        if done < kills and _progressed(graph, before, process):
            time.sleep(chance.uniform(0, 0.06))
            process.kill()
            done += process.wait() != 0
        elif process.wait() == 0:
            return done
        if _ended(graph):  # killed on its way out: another start would be another run
            return done


def fetches(hub: StandIn) -> Counter[str]:
    """Return how often each page of the list was asked for."""
    targets = (request.target for request in hub.requests)
    return Counter(target for target in targets if "sort=createdAt" in target)


def _state(graph: Path) -> tuple[object, ...]:
    """Return how far a harvest is: its pages, and what of a build there is."""
    for path in graph.glob("raw/*/checkpoint.json"):
        walks = json.loads(path.read_bytes())["walks"]
        pages = sum(batch["pages"] for walk in walks.values() for batch in walk["batches"])
        ended = any(walk["url"] is None for walk in walks.values())
        return pages, ended and len(list(graph.glob("builds/*")))
    return (0,)


def _ended(graph: Path) -> bool:
    """Tell whether the run has come to its end: it is in the graph, and nothing is under way."""
    states = [json.loads(path.read_bytes()) for path in graph.glob("raw/*/checkpoint.json")]
    return (graph / "graph.json").exists() and all(not state["started"] for state in states)


def _progressed(graph: Path, before: object, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a harvest is farther than before; tells whether it still runs then."""
    while process.poll() is None:
        if _state(graph) != before:
            return True
        time.sleep(0.02)  # not less: the stand-in shares this process
    return False
