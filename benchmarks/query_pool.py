"""What it costs to run queries apart: the detour of a small one, a kill, and memory.

The graph is the demo snapshot, or the one that is named. Needs Linux.

    python benchmarks/query_pool.py [GRAPH] [--runs N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from graph.model.errors import QueryStopped
from graph.model.vocabulary import PREFIXES
from graph.snapshots import load
from graph.sparql.deadline import Patience
from graph.sparql.pool import WorkerPool
from graph.sparql.runner import run_query
from graph.store.lineage_graph import LineageGraph

ROOT = Path(__file__).resolve().parent.parent

SMALL = "SELECT ?child ?parent { ?child prov:wasDerivedFrom ?parent } LIMIT 10"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLINGS = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
LARGE = f"SELECT (STRLEN(?x30) AS ?length) {{ BIND('some text' AS ?x0) {DOUBLINGS} }}"
MEMORY = 512 << 20
DEADLINE = 0.5


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=300)
    options = parser.parse_args()
    if options.graph:
        measure(options.graph, options.runs)
        return
    with tempfile.TemporaryDirectory() as folder:
        load(ROOT / "snapshots" / "demo", Path(folder))
        measure(Path(folder), options.runs)


def measure(graph: Path, runs: int) -> None:
    """Measure on a graph."""
    with LineageGraph.open(graph) as opened, WorkerPool(graph) as pool:
        detour(opened, pool, runs)
        kill(pool)
    alone = median(lambda: run_query(graph, SMALL), runs // 20)
    print(f"a query without a pool: {alone:.0f} ms")
    hunger(graph)


def detour(opened: LineageGraph, pool: WorkerPool, runs: int) -> None:
    """Compare a small query through the pool with the same one in this process."""
    pool.warm()
    run_query(pool, SMALL)
    here = median(lambda: list(_solutions(opened.store)), runs)
    there = median(lambda: run_query(pool, SMALL), runs)
    print(f"small query: {here:.2f} ms here, {there:.2f} ms in the pool:")
    print(f"  the detour costs {there - here:.2f} ms (at most 5)")
    with pool.lend(Patience(10)) as one, pool.lend(Patience(10)) as other:
        sizes = [resident(worker.pid) for worker in (one, other)]
    print(f"memory: {' and '.join(f'{size:.0f} MB' for size in sizes)} for the two workers")


def kill(pool: WorkerPool) -> None:
    """Measure by how much a deadline is missed, and how soon the next query has its answer."""
    late, next_one = [], []
    for _ in range(5):
        started = time.perf_counter()
        fails(pool, ENDLESS, DEADLINE)
        ended = time.perf_counter()
        late.append(ended - started - DEADLINE)
        with pool.lend(Patience(10)):  # the other worker; so the new one is asked
            run_query(pool, SMALL)
        next_one.append(time.perf_counter() - ended)
    print(f"deadline: the caller has its error {statistics.median(late) * 1000:.0f} ms after it;")
    print(f"  a new worker has answered {statistics.median(next_one) * 1000:.0f} ms later")


def hunger(graph: Path) -> None:
    """Run a query that takes more memory than it may."""
    with WorkerPool(graph, workers=1, memory=MEMORY) as pool:
        run_query(pool, SMALL)
        started = time.perf_counter()
        message = fails(pool, LARGE, 120)
    print(f"memory limit: after {time.perf_counter() - started:.1f} s, {message!r}")


def fails(pool: WorkerPool, text: str, timeout: float) -> str:
    """Run a query that must be stopped; return what its caller is told."""
    try:
        run_query(pool, text, timeout=timeout)
    except QueryStopped as error:
        return str(error)
    message = "the query has an answer: measure on a larger graph"
    raise SystemExit(message)


def median(work: Callable[[], object], runs: int) -> float:
    """Return the median of the milliseconds that a piece of work takes."""
    spent = []
    for _ in range(max(runs, 1)):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000


def resident(process: int) -> float:
    """Return how much memory a process has, in MB, as Linux knows it."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def _solutions(store: ox.Store) -> ox.QuerySolutions:
    found = store.query(SMALL, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
    return found


if __name__ == "__main__":
    main()
