"""Other processes for tests: scripts of ours, and the workers in which queries run."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.sparql import worker

__all__ = [
    "ENDLESS",
    "ROOT",
    "ask",
    "gone",
    "python",
    "start",
    "wait_for_worker",
    "worker_processes",
]

ROOT = Path(__file__).resolve().parent.parent

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
"""A query that would take longer than anyone lives, on the smallest of graphs."""


@contextmanager
def python(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run a script that has the project on its path; its standard input ends with the block."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def ask(process: subprocess.Popen[str], line: str = "") -> str:
    """Send a process a line, and return the line with which it answers."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().rstrip("\n")


def start(script: str) -> subprocess.Popen[str]:
    """Start a Python program that imports the project, and wait for its first line."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return process


def worker_processes(parent: int | None = None) -> list[int]:
    """Return the workers that a process has started, as Linux knows them."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            command = (status.parent / "cmdline").read_bytes().split(b"\0")
            ppid = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if worker.__file__.encode() in command and ppid == (parent or os.getpid()):
            found.append(int(status.parent.name))
    return sorted(found)


def wait_for_worker(parent: int) -> list[int]:
    """Wait until a process has a worker that is busy."""
    for _ in range(100):
        if children := worker_processes(parent):
            time.sleep(0.5)
            return children
        time.sleep(0.05)
    return pytest.fail("no worker was started")


def gone(processes: list[int]) -> bool:
    """Tell whether processes end within seconds."""
    for _ in range(100):
        if not any(_alive(process) for process in processes):
            return True
        time.sleep(0.05)
    return False


def _alive(process: int) -> bool:
    """Tell whether a process runs; one that nobody waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
