"""A writer that is killed, at whatever moment, has changed nothing or everything."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from graph.lineage.stepping import descendants
from graph.statistics.results import read_statistics
from graph.store.lineage_graph import LineageGraph
from ingest.pipeline import ingest_files
from tests.depth import sampled
from tests.processes import ROOT, ask, python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing kills like SIGKILL there")

KENNEL = """
import json, os, pkgutil, signal, sys, time
from pathlib import Path
from ingest.pipeline import ingest_files

def kill_at(target, when):
    owner, _, name = target.rpartition(".")
    owner = pkgutil.resolve_name(owner)
    original = getattr(owner, name)
    def deadly(*args, **kwargs):
        if when == "after":
            original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, deadly)

for order in map(json.loads, sys.stdin):
    victim = os.fork()
    if not victim:
        if order["target"]:
            kill_at(order["target"], order["when"])
        ingest_files(Path(order["graph"]), [Path(order["dump"])])
        os._exit(0)
    if order["delay"] is not None:
        time.sleep(order["delay"])
        os.kill(victim, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]), flush=True)
"""
"""A process that forks writers and kills them: what they import is imported once."""

Answers = tuple[object, ...]
Kill = Callable[..., int]

OLD = [
    {"id": "acme/base", "tags": ["license:mit", "arxiv:2307.09288"], "downloads": 7},
    {"id": "acme/chat", "tags": ["base_model:finetune:acme/base"], "sha": "01"},
    {"id": "gone/lora", "tags": ["base_model:adapter:acme/chat"]},
]
NEW = [
    {"id": "acme/chat", "tags": ["base_model:merge:acme/other"], "sha": "02"},
    *(
        {"id": f"many/m{n}", "tags": [f"base_model:finetune:many/m{n // 2}"]}
        for n in range(sampled(300, 1500))
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the two dumps, and the graphs before and after the second."""
    folder = tmp_path_factory.mktemp("crash")
    for name, rows in (("old", OLD), ("new", NEW)):
        lines = "".join(f"{json.dumps(row)}\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    ingest_files(folder / "before", [folder / "old.jsonl"])
    shutil.copytree(folder / "before", folder / "after")
    ingest_files(folder / "after", [folder / "new.jsonl"])
    return folder


@pytest.fixture(scope="module")
def kill(folder: Path) -> Iterator[Kill]:
    """Yield a function that adds the new dump to a graph in a process which it kills."""
    with python(KENNEL) as kennel:

        def kill(
            graph: Path, target: str = "", when: str = "before", delay: float | None = None
        ) -> int:
            dump = folder / "new.jsonl"
            order = {"graph": graph, "dump": dump, "target": target, "when": when, "delay": delay}
            return int(ask(kennel, json.dumps(order, default=str)))

        yield kill


def answers(graph: Path) -> Answers:
    """Return what a graph answers to a handful of questions."""
    with LineageGraph.open(graph) as opened:
        focus = opened.find("acme/base")
        asked = f"SELECT ?s ?p ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{focus.iri}')) }}"
        return (
            descendants(opened, focus),
            read_statistics(opened) | {"triples": None},  # a run is recorded with its time
            {str(row) for row in opened.dataset().query(asked)},
        )


@cache
def known(graph: Path) -> Answers:
    """Return what a graph answers that nobody writes to: worked out once."""
    return answers(graph)


def left_behind(graph: Path) -> set[str]:
    """Return what lies in a graph directory, but for what is in the builds."""
    return {str(path.relative_to(graph)) for path in [*graph.glob("*"), *graph.glob("builds/*")]}


def recovers(folder: Path, graph: Path) -> None:
    """Check that a new ingestion ends as if there had been no crash, and leaves nothing behind."""
    ingest_files(graph, [folder / "new.jsonl"])

    assert known(folder / "after") == answers(graph)
    with LineageGraph.open(graph) as opened:
        build = f"builds/{opened.info.build}"
    assert {".lock", "builds", "graph.json", build} == left_behind(graph)


@pytest.mark.parametrize(
    ("when", "target"),
    [
        ("before", "graph.build.building.take_up"),  # the lock has just been taken
        ("before", "graph.build.building._begin"),  # the directory of the build is there, and empty
        ("after", "graph.build.building._begin"),  # the old store has been copied
        ("after", "ingest.loading.map_files"),
        ("after", "graph.store.removing.Removal.remove"),  # one of the old repositories is gone
        ("after", "graph.build.building.Build.load"),
        ("after", "graph.store.removing.Removal.sweep"),  # and shared nodes with it
        ("before", "graph.build.building.Build.optimize"),
        ("after", "graph.build.building.Build.optimize"),
        ("before", "graph.build.building.publish"),
    ],
)
def test_a_crash_before_publishing_changes_nothing(
    folder: Path, kill: Kill, tmp_path: Path, when: str, target: str
) -> None:
    """Killed before it has published, a writer leaves the old graph in force."""
    graph = shutil.copytree(folder / "before", tmp_path / "graph")

    assert -signal.SIGKILL == kill(graph, target, when)
    assert known(folder / "before") == answers(graph)
    recovers(folder, graph)


def test_a_crash_after_publishing_keeps_the_new_graph(
    folder: Path, kill: Kill, tmp_path: Path
) -> None:
    """Killed after it has published, a writer leaves the new graph, whole."""
    graph = shutil.copytree(folder / "before", tmp_path / "graph")

    assert -signal.SIGKILL == kill(graph, "graph.build.building.publish", "after")
    assert known(folder / "after") == answers(graph)
    recovers(folder, graph)


@pytest.mark.parametrize("delay", [round(0.05 * n + 0.02, 2) for n in range(0, 10, sampled(3, 1))])
def test_a_crash_at_any_moment_leaves_one_of_the_two(
    folder: Path, kill: Kill, tmp_path: Path, delay: float
) -> None:
    """Whenever it is killed, a writer leaves the old graph or the new one, never a mixture."""
    graph = shutil.copytree(folder / "before", tmp_path / "graph")

    kill(graph, delay=delay)

    assert answers(graph) in (known(folder / "before"), known(folder / "after"))
    recovers(folder, graph)


def test_a_crash_of_the_first_build_leaves_no_graph(
    folder: Path, kill: Kill, tmp_path: Path
) -> None:
    """Killed before there ever was a graph, a writer leaves none, and the next one makes it."""
    assert -signal.SIGKILL == kill(tmp_path, "graph.build.building.Build.describe")

    for dump in ("old.jsonl", "new.jsonl"):
        ingest_files(tmp_path, [folder / dump])

    assert known(folder / "after") == answers(tmp_path)
    assert {".lock", "builds", "builds/000002", "graph.json"} == left_behind(tmp_path)


FULL = """
import resource, sys
from ui.cli.main import main

# A file that may not grow is, to whoever writes it, a disk that is full.
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(["ingest", "dump", sys.argv[3], "--graph", sys.argv[2]])
"""


@pytest.mark.parametrize("room", [1_000, 100_000])
def test_a_full_disk_is_one_clear_line_and_changes_nothing(
    folder: Path, tmp_path: Path, room: int
) -> None:
    """Be it full for the first chunk or for the store: the old graph stays in force."""
    graph = shutil.copytree(folder / "before", tmp_path / "graph")
    arguments = [str(room), str(graph), str(folder / "new.jsonl")]
    command = [sys.executable, "-c", FULL, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert 4 == done.returncode
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert known(folder / "before") == answers(graph)
    recovers(folder, graph)
