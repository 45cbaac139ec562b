"""What a command loads: reading a graph loads none of what building, drawing or asking needs.

Time is not asserted; what takes it is. ``benchmarks/start.py`` measures it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import license_, model
from tests.graphs import build_graph

HEAVY = {
    "altair",
    "graph.build",
    "huggingface_hub",
    "networkx",
    "numpy",
    "platformdirs",
    "pyarrow",
    "pyoxigraph",
    "pyshacl",
    "pyvis",
    "rdflib",
    "streamlit",
    "tqdm",
    "yaml",
}
PROGRAM = """
import json, sys
from ui.cli.main import run

code = run(json.loads(sys.argv[1]))
loaded = sorted(sys.modules)
print(json.dumps([code, loaded]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a small family on disk."""
    return build_graph(
        tmp_path_factory.mktemp("start") / "graph",
        model("acme/base", licenses=(license_("apache-2.0"),)),
        model("acme/chat -> acme/base: finetune"),
        model("acme/tiny -> acme/chat: quantized"),
    )


def loaded_by(*arguments: str) -> set[str]:
    """Return which of the heavy modules a command loads, in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, json.dumps(arguments)]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    code, modules = json.loads(finished.stderr)

    assert 0 == code
    return HEAVY & set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["ingest", "hub", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """What a command needs is imported when it runs."""
    assert set() == loaded_by(*arguments)


def test_one_repository_is_shown_from_the_store_alone(graph: Path) -> None:
    """Nothing but the store is opened: no array, no RDF of Python's."""
    assert {"pyoxigraph"} == loaded_by("--graph", str(graph), "show", "acme/chat")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ancestors", "acme/tiny"],
        ["descendants", "acme/base"],
        ["descendants", "acme/base", "--roll-up"],
        ["path", "acme/tiny", "acme/base"],
        ["roots", "acme/tiny"],
        ["siblings", "acme/chat"],
        ["impact", "acme/base"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_walking_loads_arrays_and_nothing_more(graph: Path, arguments: list[str]) -> None:
    """The index is read, not built, and Arrow is for tables."""
    assert {"numpy", "pyoxigraph"} == loaded_by("--graph", str(graph), *arguments)
