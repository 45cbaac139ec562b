"""A long piece of work on snapshots, as a process of its own that tells how far it is.

It writes one JSON document a line to standard output: a stage, how much of it is done, and at last
an answer or an error. ``ui.app.jobs`` starts it, reads it, and interrupts it to stop it.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from graph import snapshots
from graph.model.errors import RemixgraphError
from graph.store.lineage_graph import LineageGraph

__all__ = ["WORK", "main"]

_EVERY = 0.1  # seconds between two lines about how much is done


def main(arguments: list[str]) -> int:
    """Do one kind of work on two folders; returns 0 where it was done."""
    # An app that a script started in the background ignores interrupts, and hands that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    kind, first, second = arguments
    told = _Told()
    try:
        answer = WORK[kind](Path(first), Path(second), told)
    except RemixgraphError as error:
        told.write({"error": str(error)})
    except OSError as error:
        told.write({"error": f"{error.filename or first}: {error.strerror}"})
    except KeyboardInterrupt:
        told.write({"error": "stopped"})
    else:
        told.write({"answer": answer})
        return 0
    return 1


class _Told:
    """The two hooks of the library, as lines."""

    def __init__(self) -> None:
        self._last = 0.0

    def progress(self, stage: str) -> None:
        """Tell what comes next."""
        self._last = 0.0
        self.write({"stage": stage})

    def advance(self, done: int, total: int) -> None:
        """Tell how much is done, now and then."""
        if done >= total or time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self.write({"done": done, "total": total})

    def write(self, document: dict[str, object]) -> None:
        """Write a line."""
        sys.stdout.write(json.dumps(document) + "\n")
        sys.stdout.flush()


def _create(graph: Path, snapshot: Path, told: _Told) -> str:
    with LineageGraph.open(graph) as opened:
        manifest = snapshots.create(opened, snapshot, progress=told.progress, advance=told.advance)
    return f"{manifest.triples:,} triples are in it, SHA-256 {manifest.sha256}"


def _verify(snapshot: Path, _: Path, told: _Told) -> str:
    manifest = snapshots.verify(snapshot, progress=told.progress, advance=told.advance)
    return f"every byte is as it was written, SHA-256 {manifest.sha256}"


def _load(snapshot: Path, graph: Path, told: _Told) -> str:
    info = snapshots.load(snapshot, graph, progress=told.progress, advance=told.advance)
    counts = f"{info.models:,} models, {info.datasets:,} datasets, {info.spaces:,} Spaces"
    return f"the app now shows it: {counts}"


WORK: dict[str, Callable[[Path, Path, _Told], str]] = {
    "create": _create,
    "verify": _verify,
    "load": _load,
}
"""What can be done: by name, with the folder that is read and the one that is written."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
