"""The steps of the pipeline that follow an ingestion, each a function of a graph and a focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from graph.lineage import of
from graph.store.lineage_graph import LineageGraph
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window
from graph.view.details import evidence
from graph.view.neighbourhood import neighbourhood
from graph.view.rows import listing
from ingest.pipeline import ingest_files
from tests.lineage_shapes import write_rows
from ui.app.components.lineage.payload import payload
from ui.cli.main import run
from ui.lookup import find

__all__ = ["STEPS"]

BASE = "a/0"

Step = Callable[[Path, str], object]


def _command(*words: str) -> Step:
    return partial(_run, words)


def _run(words: tuple[str, ...], graph: Path, focus: str) -> None:
    arguments = [word.format(focus=focus) for word in words]
    if "--out" in arguments:
        arguments.append(str(graph.with_name("exported")))
    assert run(["--graph", str(graph), *arguments]) in {0, 1, 2}


def _page(graph: Path, focus: str) -> None:
    with LineageGraph.open(graph) as opened:
        for name in (focus, BASE):
            node = find(opened, name)
            shown = neighbourhood(opened, node)
            payload(shown)
            listing(shown)
            evidence(opened, opened.record(node))


def _atlas(graph: Path, _: str) -> None:
    with LineageGraph.open(graph) as opened:
        atlas = Atlas(of(opened))
        atlas.within(Window())


def _change(graph: Path, _: str) -> None:
    row = {"id": BASE, "modelId": BASE, "tags": ["license:cc-by-nc-4.0"]}
    ingest_files(graph, [write_rows(graph.with_name("change.jsonl"), iter([row]))])


STEPS: dict[str, Step] = {
    "show": _command("show", "{focus}"),
    "ancestors": _command("ancestors", "{focus}"),
    "descendants": _command("descendants", BASE),
    "rolled up": _command("descendants", BASE, "--roll-up"),
    "path": _command("path", "{focus}", BASE),
    "common": _command("common", "{focus}", BASE),
    "roots": _command("roots", "{focus}"),
    "siblings": _command("siblings", "{focus}"),
    "impact": _command("impact", BASE),
    "family": _command("family", BASE),
    "license": _command("license", "{focus}"),
    "license --explain": _command("license", "{focus}", "--use", "commercial", "--explain"),
    "check": _command("check"),
    "check focus": _command("check", "{focus}"),
    "stats": _command("stats"),
    "pulse": _command("pulse"),
    "drift": _command("drift"),
    "page": _page,
    "atlas": _atlas,
    "export graphml": _command("export", "graphml", "--focus", "{focus}", "--out"),
    "export csv": _command("export", "csv", "--focus", "{focus}", "--out"),
    "export html": _command("export", "html", "--focus", "{focus}", "--out"),
    "change": _change,
}
"""Every step by its name; the last changes the graph."""
