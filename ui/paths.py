"""Where things are: the default graph on this machine, the demo snapshot beside the code."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["default_graph_directory", "demo_snapshot", "snapshots_directory"]


def default_graph_directory() -> Path:
    """Return the graph that is meant when none is named.

    That is ``REMIXGRAPH_GRAPH``, else the one in the user's data directory.
    """
    if named := os.environ.get("REMIXGRAPH_GRAPH"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("remixgraph")) / "graph"


def demo_snapshot() -> Path:
    """Return the demo snapshot that comes with the project."""
    return Path(__file__).resolve().parent.parent / "snapshots" / "demo"


def snapshots_directory() -> Path:
    """Return the folder in which the app keeps snapshots: the one beside the graph."""
    return default_graph_directory().absolute().parent / "snapshots"
