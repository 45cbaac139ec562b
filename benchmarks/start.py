"""How much processor time the command line takes to answer about a graph: mostly what it loads.

Each command runs in a process of its own; the figure is the median of the processor time of several
runs, beside that of a Python that does nothing.

    python benchmarks/start.py [--runs N]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from graph.snapshots import load

DEMO = Path(__file__).resolve().parent.parent / "snapshots" / "demo"
COMMANDS: dict[str, tuple[tuple[str, ...], float]] = {
    "--help": (("--help",), 0.2),
    "show ID": (("show", "Qwen/Qwen2.5-7B"), 0.35),
    "ancestors ID": (("ancestors", "Qwen/Qwen2.5-7B-Instruct"), 0.5),
}
"""What is measured: the arguments, and the limit in seconds."""


def main() -> None:
    """Measure every command on the demo and print it with its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        load(DEMO, Path(folder) / "graph")
        environment = os.environ | {"REMIXGRAPH_GRAPH": str(Path(folder) / "graph")}
        floor = measure([sys.executable, "-c", "pass"], environment, runs)
        print(f"{'python -c pass':<16}{floor:8.3f} s")
        for name, (arguments, limit) in COMMANDS.items():
            seconds = measure([sys.executable, "-m", "ui", *arguments], environment, runs)
            missed = "  MISSED" * (seconds > limit)
            print(f"{name:<16}{seconds:8.3f} s  (limit {limit} s){missed}")


def measure(command: Sequence[str], environment: dict[str, str], runs: int) -> float:
    """Return the median of the processor time of a command."""
    return median(_once(command, environment) for _ in range(runs))


def _once(command: Sequence[str], environment: dict[str, str]) -> float:
    before = _children()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return _children() - before


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
