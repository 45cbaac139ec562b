"""The whole graph as sorted lines of N-Quads: the canonical form, for there are no blank nodes.

Reading the store is what takes the time, and it keeps Python's lock. So a large graph is read by
several processes, each with a share of the properties. They are started by a command of their
own: ``multiprocessing`` would import the caller's main module again, which may be an app.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from graph.model.errors import SourceUnavailable
from graph.snapshots.counting import count_store
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph
from graph.store.sorting import SortedRuns, merge_runs

__all__ = ["sorted_quads"]

_MANY = 300_000  # triples: fewer are read sooner than another process starts
_WORKERS = min(4, os.cpu_count() or 1)
_WORK = "from graph.snapshots.dumping import work; work()"


def sorted_quads(
    graph: LineageGraph, folder: Path, properties: Mapping[str, int] | None = None
) -> Iterator[bytes]:
    """Yield every quad of a graph, of all its named graphs too, as blocks of sorted lines.

    ``folder`` is for working files, which take as much room as the text. ``properties`` says how
    often each occurs in the default graph; it is counted unless given.
    """
    if properties is None:
        properties = count_store(graph.store).properties
    many = sum(properties.values()) >= _MANY
    dump = _dump_in_processes if many and graph.info.build else _dump_here
    yield from merge_runs(dump(graph, folder, properties))


def work() -> None:
    """Write the triples of some properties as sorted runs: what a worker process does.

    The arguments are the store, a folder and a name for the runs. The properties are the lines
    of a file there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    store, folder, name = sys.argv[1:]
    path = Path(folder, f"{name}.properties")
    properties = path.read_text(encoding="utf-8").split("\n")
    path.unlink()
    _dump_properties(ox.Store.read_only(store), SortedRuns(Path(folder), name), properties)


def _dump_here(graph: LineageGraph, folder: Path, _: Mapping[str, int]) -> list[Path]:
    runs = SortedRuns(folder)
    graph.store.dump(_file(runs), ox.RdfFormat.N_QUADS)
    return runs.close()


def _dump_in_processes(
    graph: LineageGraph, folder: Path, properties: Mapping[str, int]
) -> list[Path]:
    store = build_directory(graph.directory, graph.info.build) / "store"
    with ExitStack() as stack:
        workers = [
            stack.enter_context(_worker(store, folder, f"worker{number}", share))
            for number, share in enumerate(_shares(properties))
        ]
        _dump_named_graphs(graph.store, SortedRuns(folder, "named"))
        for worker in workers:
            _, complaint = worker.communicate()
            if worker.returncode:
                raise SourceUnavailable(
                    f"a process that reads {store} failed: is there enough memory, and room in"
                    f" {folder}? ({complaint.strip().rpartition(chr(10))[2] or 'it was killed'})"
                )
    return sorted(folder.iterdir())


@contextmanager
def _worker(
    store: Path, folder: Path, name: str, properties: list[str]
) -> Iterator[subprocess.Popen[str]]:
    """Run ``work`` in a process that does not outlive the block."""
    path = folder / f"{name}.properties"
    path.write_text("\n".join(properties), encoding="utf-8")
    command = [sys.executable, "-P", "-c", _WORK, str(store), str(folder), name]
    paths = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    with subprocess.Popen(  # noqa: S603 - our own code
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _shares(properties: Mapping[str, int]) -> list[list[str]]:
    """Split properties into shares that occur about equally often."""
    shares: list[list[str]] = [[] for _ in range(_WORKERS)]
    sizes = [0] * _WORKERS
    for name, count in sorted(properties.items(), key=lambda item: (-item[1], item[0])):
        smallest = sizes.index(min(sizes))
        shares[smallest].append(name)
        sizes[smallest] += count
    return [share for share in shares if share]


def _dump_properties(store: ox.Store, runs: SortedRuns, properties: list[str]) -> None:
    for name in properties:
        found = store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph())
        ox.serialize(found, _file(runs), ox.RdfFormat.N_QUADS)
    runs.close()


def _dump_named_graphs(store: ox.Store, runs: SortedRuns) -> None:
    for name in store.named_graphs():
        found = store.quads_for_pattern(None, None, None, name)
        ox.serialize(found, _file(runs), ox.RdfFormat.N_QUADS)
    runs.close()


def _file(runs: SortedRuns) -> IO[bytes]:
    return cast("IO[bytes]", runs)  # Oxigraph calls nothing but write and flush
