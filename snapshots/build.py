"""Build the demo snapshot from the recorded sources beside it: ``make snapshot``.

The same sources give the same bytes: the time of the run is fixed, not taken from a clock.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from graph.snapshots import create
from graph.store.lineage_graph import LineageGraph
from ingest.pipeline import ingest_files

HERE = Path(__file__).resolve().parent
SOURCES = {
    "hub_stats_frozen.parquet": "hub-stats export of the Hugging Face Hub, May 2026, part"
    " (evaleval/eval-card-registry, Apache-2.0; data by cfahlgren1/hub-stats)",
    "data_provenance.jsonl.gz": "Data Provenance Collection, dataset summaries"
    " (Data-Provenance-Initiative, Apache-2.0)",
}
"""The files, and how they are credited in the graph."""

MADE = 1_780_185_600
"""The time that the snapshot records, in seconds of Unix time: the end of May 2026."""


def build(target: Path) -> None:
    """Ingest the sources into a graph of their own and write its snapshot."""
    os.environ["SOURCE_DATE_EPOCH"] = str(MADE)
    files = [HERE / "sources" / name for name in SOURCES]
    with tempfile.TemporaryDirectory() as folder:
        graph_directory = Path(folder) / "graph"
        report = ingest_files(graph_directory, files, sources=SOURCES.values())
        with LineageGraph.open(graph_directory) as graph:
            create(graph, target)
    print(f"{target}: {sum(report.tally.kept.values()):,} repositories")


if __name__ == "__main__":
    build(HERE / "demo")
