"""Making a snapshot the graph: checked in full before anything of it is in force."""

from __future__ import annotations

from pathlib import Path

from graph.build.building import Build, new_build
from graph.model.errors import InvalidSnapshot, UsageError
from graph.snapshots.manifest import CONTENT, Manifest
from graph.snapshots.progress import Advance, Progress, counted, silent, unmoved
from graph.snapshots.verifying import check_files, checked_text, invalid_syntax
from graph.store.builds import GraphInfo

__all__ = ["load"]


def load(
    snapshot: Path,
    graph_directory: Path,
    *,
    progress: Progress = silent,
    advance: Advance = unmoved,
) -> GraphInfo:
    """Make a snapshot the graph in a directory; what the graph held before is replaced.

    Raises InvalidSnapshot, and GraphLocked when another process writes the graph; either way the
    old graph stays.
    """
    snapshot, graph_directory = Path(snapshot), Path(graph_directory)
    if snapshot.resolve() == graph_directory.resolve():
        raise UsageError(f"{snapshot} is the snapshot itself: name another folder for the graph")
    progress("checking the files")
    manifest = check_files(snapshot)
    with new_build(graph_directory, fresh=True) as build:
        progress("unpacking")
        path = build.work / "graph.nq"
        with path.open("wb") as file:
            text = checked_text(snapshot, manifest)
            file.writelines(counted(text, advance, total=manifest.size))
        progress(f"loading {manifest.triples:,} triples")
        _restore(build, path, snapshot, manifest)
        progress("compacting the store")
        build.optimize()
        progress("indexing")
        return build.publish(manifest.sources, snapshot=manifest.sha256)


def _restore(build: Build, path: Path, snapshot: Path, manifest: Manifest) -> None:
    try:
        every_line_counts = build.restore(path, vocabulary=manifest.vocabulary)
    except SyntaxError as error:
        raise invalid_syntax(snapshot, error) from None
    if not every_line_counts:
        raise InvalidSnapshot(
            f"{snapshot / CONTENT} says the same in several spellings: get the snapshot again"
        )
