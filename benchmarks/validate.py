"""How long the shapes take over the demo: in this process alone, and as ``validate`` does it.

Each way is told in seconds of the clock and of processor time, its workers' included.

    python benchmarks/validate.py
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from graph.quality.conformance import count_nodes, validate_graph, validate_store
from graph.rdf.validation import ValidationReport
from graph.snapshots import load
from graph.store.lineage_graph import LineageGraph

DEMO = Path(__file__).resolve().parent.parent / "snapshots" / "demo"
LIMIT = 10
"""Seconds that ``remixgraph validate`` may take for the demo on two cores."""


def main() -> None:
    """Measure both ways and print them."""
    with tempfile.TemporaryDirectory() as folder:
        load(DEMO, Path(folder) / "graph")
        with LineageGraph.open(Path(folder) / "graph") as graph:
            print(f"{count_nodes(graph.store):,} nodes; the limit is {LIMIT} s")
            show("in one process", partial(validate_store, graph.store))
            show("in worker processes", partial(validate_graph, graph))


def show(name: str, validate: Callable[[], ValidationReport]) -> None:
    """Print how long a way to validate takes."""
    began, before = perf_counter(), processor_time()
    conforms = validate().conforms
    seconds, busy = perf_counter() - began, processor_time() - before
    print(f"{name:<20}{seconds:7.1f} s, {busy:.1f} s of processor time; conforms: {conforms}")


def processor_time() -> float:
    """Return the processor time of this process and of its children that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
