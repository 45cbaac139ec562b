"""How long a bulk ingestion takes, beside the least that its store could take.

The floor is Oxigraph alone: ``bulk_load`` and ``optimize`` of the same final N-Quads, prepared
beforehand, with everything that is derived among them. Both run alternately in the same run, each
in a process of its own, so that noise hits both; the figure is the ratio of the medians. Beside it,
on a sample: the plain way, rdflib's ``Graph().add`` in memory from the same parsed records.

    python benchmarks/ingest_dump.py PATH... [--runs N]
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from graph.model.records import Repository
from graph.rdf.rdflib_triples import rdflib_triples
from graph.rdf.triples import nquads, record_triples
from graph.store.lineage_graph import LineageGraph
from ingest.aliases import Aliases
from ingest.dumps import find_files, read_rows
from ingest.pipeline import ingest_files
from ingest.shapes import recognise

SAMPLE = 5_000


def main() -> None:
    """Run the benchmark, or one timed part of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--part", choices=["ingest", "floor"])
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if options.part == "ingest":
        print(json.dumps(ingest_part(options.paths, options.work)))
    elif options.part == "floor":
        print(json.dumps(floor_part(options.paths[0], options.work)))
    else:
        compare(options.paths, options.runs)


def ingest_part(paths: list[Path], work: Path) -> dict[str, object]:
    """Ingest into a new graph; seconds, stages, and the peak memory of all processes."""
    started = perf_counter()
    report = ingest_files(work, paths)
    seconds = perf_counter() - started
    with LineageGraph.open(work) as graph:
        triples = len(graph.store)
    return {
        "seconds": seconds,
        "cpu": _cpu(),
        "triples": triples,
        "mb": _peak(),
        "report": report.document(),
    }


def floor_part(path: Path, work: Path) -> dict[str, object]:
    """Load prepared N-Quads with nothing but Oxigraph."""
    store = ox.Store(work)
    started = perf_counter()
    store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    loaded = perf_counter()
    store.optimize()
    seconds = perf_counter() - started
    return {"seconds": seconds, "cpu": _cpu(), "load": loaded - started, "mb": _peak()}


def compare(paths: list[Path], runs: int) -> None:
    """Run both parts alternately and print the ratio of their medians."""
    with tempfile.TemporaryDirectory() as folder:
        lines = _prepare(paths, Path(folder) / "prepared.nq")
        mine, floor = [], []
        for run in range(runs):
            mine.append(_part("ingest", paths, Path(folder) / f"graph{run}"))
            floor.append(_part("floor", [lines], Path(folder) / f"store{run}"))
            print(f"run {run + 1}: {mine[-1]['seconds']:.1f} s, floor {floor[-1]['seconds']:.1f} s")
    ours = statistics.median(run["seconds"] for run in mine)
    theirs = statistics.median(run["seconds"] for run in floor)
    report = mine[-1]["report"]
    models = sum(report["kept"].values())
    print(f"\n{models:,} repositories, {mine[-1]['triples'] / models:.1f} triples each")
    print(f"ingest {ours:.1f} s, floor {theirs:.1f} s, ratio {ours / theirs:.2f} (at most 1.8)")
    spent = [statistics.median(run["cpu"] for run in part) for part in (mine, floor)]
    print(f"CPU: {spent[0]:.1f} s, floor {spent[1]:.1f} s, ratio {spent[0] / spent[1]:.2f}")
    print(
        f"peak memory {max(run['mb'] for run in mine):.0f} MB (at most 1,000 for 190,000"
        " models), process by process"
    )
    stages = report["stages"]
    total = sum(stages.values())
    shares = ", ".join(f"{name} {spent / total:.0%}" for name, spent in stages.items())
    print(f"work by stage, over all processes: {shares}")
    print(_plain_way(paths))


def _prepare(paths: list[Path], target: Path) -> Path:
    """Write the N-Quads of the finished graph, everything derived included."""
    with tempfile.TemporaryDirectory() as folder:
        ingest_files(Path(folder), paths)
        with LineageGraph.open(folder) as graph:
            graph.store.dump(target, format=ox.RdfFormat.N_QUADS)
    return target


def _part(part: str, paths: list[Path], work: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, *map(str, paths), "--part", part, "--work", str(work)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    shutil.rmtree(work)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _plain_way(paths: list[Path]) -> str:
    """Compare mapping and adding a sample to rdflib in memory with writing it as N-Quads."""
    records: list[Repository] = []
    for path in find_files(paths):
        for rows in read_rows(path):
            shape = recognise(rows)
            if shape:
                records += shape.source.parse(rows, Aliases.seed(), path.name).records
        if len(records) >= SAMPLE:
            break
    started = process_time()
    graph = Graph()
    for record in records:
        for triple in rdflib_triples(record_triples(record)):
            graph.add(triple)
    plain = process_time() - started
    store = ox.Store()
    started = process_time()
    lines = b"".join(nquads(record_triples(record)) for record in records)
    store.bulk_load(lines, ox.RdfFormat.N_QUADS)
    fast = process_time() - started
    return (
        f"plain rdflib in memory, {len(records):,} records: {plain:.1f} s of CPU,"
        f" {plain / fast:.1f} times ours into Oxigraph in memory ({fast:.1f} s)"
    )


def _cpu() -> float:
    """Return the seconds of CPU of this process and its workers, imports included."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(who)[:2]) for who in both)


def _peak() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(own + 2 * children) / 1024  # two workers, the larger counted twice


if __name__ == "__main__":
    main()
