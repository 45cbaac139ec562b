"""N-Quads: everything in all graphs, or the triples around a focus; sorted, so canonical."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO

from graph.exports.selection import quads
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["write_nquads"]


def write_nquads(graph: LineageGraph, out: BinaryIO, focus: Node | None) -> None:
    """Write lines in the order of their bytes, each once, without blank nodes."""
    with tempfile.TemporaryDirectory() as folder:
        out.writelines(quads(graph, focus, Path(folder)))
