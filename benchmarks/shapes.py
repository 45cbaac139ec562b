"""What lineages cost that a hostile owner could publish, through the whole pipeline.

    PYTHONPATH=. python benchmarks/shapes.py [SHAPE...] [--size N | --share F] [--once]

Each shape is made at half its size and at its size (by default its largest; ``--share 0.01`` takes
a hundredth). A step runs in a process of its own; what counts is its seconds of processor, for two
processes at once share the machine. Near linear: at most 2.5 times as much at twice the size.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from graph.build.building import new_build
from graph.model.records import Kind, Resolution
from graph.rdf.resolutions import LookUp
from ingest.pipeline import ingest_files
from tests.lineage_shapes import SHAPES, write_rows
from tests.shape_steps import STEPS

LINEAR = 2.5
FLOOR = 0.5  # seconds of processor: below, a ratio says more about starting than about the size


class Cost(NamedTuple):
    """Seconds of processor of a step, the megabytes it took at most, and how it ended."""

    seconds: float
    megabytes: float
    status: int


def main() -> None:
    """Measure the shapes that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=", ".join(SHAPES))
    parser.add_argument("--size", type=int)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--once", action="store_true", help="only at the size, not at half of it")
    options = parser.parse_args()
    for name in options.shapes or SHAPES:
        size = options.size or int(SHAPES[name].largest * options.share)
        before = {} if options.once else dict(measure(name, size // 2))
        print(f"{name}, {size:,}")
        for step, cost in measure(name, size):
            print(f"  {step:<20}{told(cost, before.get(step))}", flush=True)


def measure(name: str, size: int) -> Iterator[tuple[str, Cost]]:
    """Yield what each step costs for a shape of a size."""
    shape = SHAPES[name]
    with tempfile.TemporaryDirectory() as folder:
        graph, dump = Path(folder) / "graph", Path(folder) / "models.jsonl"
        write_rows(dump, shape.rows(size))
        if name == "old names":
            rename(graph, size)
        yield "ingest", apart(partial(ingest_files, graph, [dump]))
        for step, take in STEPS.items():
            yield step, apart(partial(take, graph, shape.focus(size)))


def rename(graph: Path, size: int) -> None:
    """Let a graph know that all the old names of a repository were renamed, each to the next."""
    checked = "2026-01-01T00:00:00Z"
    names = [*(f"old/{number}" for number in range(1, size)), "a/0"]
    with new_build(graph) as build:
        build.resolve(
            LookUp(
                kind=Kind.MODEL,
                id=old,
                resolution=Resolution.RENAMED,
                checked=checked,
                replaced_by=today,
            )
            for old, today in pairwise(names)
        )
        build.publish([])


def apart(take: Callable[[], object]) -> Cost:
    """Take a step in a process of its own and return what it cost, with that of its workers."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        status = 1
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
                take()
            status = 0
        except Exception:  # noqa: BLE001 - the next step is measured all the same
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, status)


def told(cost: Cost, before: Cost | None) -> str:
    """Return a cost as text, with how much more it is than at half the size."""
    text = f"{cost.seconds:8.2f} s {cost.megabytes:7,.0f} MB"
    if before and cost.seconds > FLOOR:
        ratio = cost.seconds / before.seconds
        text += f"{ratio:6.2f} x{'  NOT LINEAR' if ratio > LINEAR else ''}"
    return text + (f"  ended with {cost.status}" if cost.status else "")


if __name__ == "__main__":
    main()
