"""A graph's directory: the pointer to the current build, one writer, many readers, no litter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from graph.build.building import new_build
from graph.model.errors import GraphLocked, InvalidGraph
from graph.store import directory as d
from graph.store.lineage_graph import LineageGraph
from tests.builders import model, models
from tests.graphs import build_graph, quads
from tests.processes import ask, python

READER = """
import sys
from graph.model.records import Kind
from graph.store.lineage_graph import LineageGraph

with LineageGraph.open(sys.argv[1]) as graph:
    for _ in sys.stdin:
        print(graph.info.build, *sorted(node.id for node in graph.nodes(Kind.MODEL)), flush=True)
"""
"""A process that opens a graph once, and lists its models whenever it is asked."""

WRITER = """
import sys
from pathlib import Path
from graph.build.building import new_build

with new_build(Path(sys.argv[1])) as build:
    for _ in sys.stdin:
        print(build.info.build, flush=True)
"""
"""A process that begins a build and never publishes it."""


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return the directory of a graph with one model."""
    return build_graph(tmp_path / "graph", model("acme/one"))


def files(directory: Path) -> dict[str, int]:
    """Return everything that lies in a directory, with the time of its last change."""
    return {
        str(path.relative_to(directory)): path.stat().st_mtime_ns for path in directory.rglob("*")
    }


def begin(graph: Path) -> None:
    """Begin a build of a graph and give it up."""
    with new_build(graph):
        pass


def builds(graph: Path) -> list[str]:
    """Return the names of the builds of a graph."""
    return sorted(path.name for path in (graph / "builds").iterdir())


# --- the pointer --------------------------------------------------------------------------------


def test_what_is_published_is_read(tmp_path: Path) -> None:
    """What a graph says of itself comes back as it was written."""
    info = d.GraphInfo(build="000007", models=3, sources=("page.json", 'a "b"\n'))
    d.publish(tmp_path, info)

    assert info == d.read_info(tmp_path)
    assert ["graph.json"] == list(files(tmp_path))


@pytest.mark.parametrize("name", ["", "missing"])
def test_no_graph_yet_is_no_error(tmp_path: Path, name: str) -> None:
    """An empty or missing directory says nothing of itself."""
    assert d.read_info(tmp_path / name) is None


def test_the_next_build_is_one_after_every_other(tmp_path: Path) -> None:
    """A name is not given twice, even if a crash left the number behind."""
    assert "000001" == d.next_build(tmp_path, None)
    assert "000005" == d.next_build(tmp_path, d.GraphInfo(build="000004"))
    (tmp_path / "builds" / "000009").mkdir(parents=True)
    (tmp_path / "builds" / "notes").mkdir()
    assert "000010" == d.next_build(tmp_path, d.GraphInfo(build="000004"))


# --- damage -------------------------------------------------------------------------------------

DAMAGES = {
    "empty": b"",
    "cut short": b'{"build": "000001", "form',
    "not an object": b"[]",
    "not UTF-8": b'{"build": "\xff"}',
    "without a build": b'{"format": 1}',
    "of another type": b'{"build": 1, "format": 1}',
}


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_pointer_is_refused_with_a_remedy_that_works(graph: Path, content: bytes) -> None:
    """Reader and writer give one line and touch nothing; doing what it says gives a graph again."""
    (graph / "graph.json").write_bytes(content)
    before = files(graph)

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph) as refused:
            use(graph)
        expected = f"remove {graph}, then build the graph again"
        assert str(refused.value).endswith(expected)
        assert "\n" not in str(refused.value)
    assert before == files(graph)

    shutil.rmtree(graph)
    build_graph(graph, model("acme/one"))
    assert ["000001"] == builds(graph)


def test_a_pointer_that_is_a_folder_is_damaged(graph: Path) -> None:
    """A graph.json that cannot even be read is refused likewise."""
    (graph / "graph.json").unlink()
    (graph / "graph.json").mkdir()

    with pytest.raises(InvalidGraph, match=r"graph\.json is damaged"):
        LineageGraph.open(graph)


@pytest.mark.parametrize("content", [b'{"format": 2}', b'{"format": 2, "build": {"of": "later"}}'])
def test_another_format_is_told_by_its_number(graph: Path, content: bytes) -> None:
    """A graph of a later program is not called damaged, however different its pointer is."""
    (graph / "graph.json").write_bytes(content)
    before = files(graph)

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph, match="has graph format 2, this program reads 1: remove"):
            use(graph)
    assert before == files(graph)


def test_a_file_is_no_directory_of_a_graph(tmp_path: Path) -> None:
    """A file, or a path that leads through one, is named as the mistake, and stays as it is."""
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")

    for path in (file, file / "graph"):
        for use in (LineageGraph.open, begin):
            with pytest.raises(InvalidGraph, match="is a file, or leads through one: name the"):
                use(path)
    assert "mine" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["store", "store/CURRENT", ".lock", ""])
def test_a_build_that_is_incomplete_is_refused(graph: Path, damage: str) -> None:
    """A reader that finds a part of the build missing says so, and makes nothing in its place."""
    missing = graph / "builds" / "000001" / damage
    if missing.is_dir():
        shutil.rmtree(missing)
    else:
        missing.unlink()
    before = files(graph)

    with pytest.raises(InvalidGraph, match=r"000001 cannot be read: remove .*, then build the gra"):
        LineageGraph.open(graph)
    assert before == files(graph)


@pytest.mark.parametrize("name", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_a_store_that_is_damaged_is_refused(graph: Path, name: str) -> None:
    """A store with foreign bytes in it is refused by readers and by the next writer."""
    for path in (graph / "builds" / "000001" / "store").glob(name):
        path.write_bytes(b"something else")

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph, match=r"000001 cannot be read: remove .*, then build the"):
            use(graph)
    assert ["000001"] == builds(graph)


def test_a_writer_without_the_old_store_starts_afresh_only_if_told(graph: Path) -> None:
    """Adding to what is lost is refused; a graph that starts from nothing does not need it."""
    shutil.rmtree(graph / "builds" / "000001" / "store")
    with pytest.raises(InvalidGraph, match="000001 cannot be read"):
        build_graph(graph, model("acme/two"))
    with new_build(graph, fresh=True) as build:
        build.publish(["anew"])

    with LineageGraph.open(graph) as opened:
        assert (0, ("anew",)) == (opened.info.models, opened.info.sources)


# --- one writer ---------------------------------------------------------------------------------


def test_a_second_process_may_not_write(graph: Path) -> None:
    """While one process builds, another gets one clear line at once; afterwards it may."""
    with python(WRITER, graph) as writer:
        assert "000002" == ask(writer)
        with pytest.raises(GraphLocked) as refused:
            build_graph(graph, model("acme/two"))
        expected = f"another process is writing the graph {graph}: wait until it has ended"
        assert expected == str(refused.value)
    build_graph(graph, model("acme/two"))

    with LineageGraph.open(graph) as opened:
        assert 2 == opened.info.models


def test_a_failed_writer_lets_go(graph: Path) -> None:
    """An error inside a build frees the graph for the next writer, and leaves nothing behind."""
    before = quads(graph)
    with pytest.raises(ZeroDivisionError), new_build(graph) as build:  # noqa: PT012
        build.store.clear()
        raise ZeroDivisionError

    assert before == quads(graph)
    assert ["000001"] == builds(graph)
    build_graph(graph, model("acme/two"))


# --- many readers -------------------------------------------------------------------------------


def test_several_processes_read_at_once(graph: Path) -> None:
    """Readers do not wait for one another, nor for a writer, and all see the same."""
    with ExitStack() as stack:
        readers = [stack.enter_context(python(READER, graph)) for _ in range(3)]
        expected = ["000001 acme/one"] * 3

        assert expected == [ask(reader) for reader in readers]
        with new_build(graph):
            assert expected == [ask(reader) for reader in readers]


def test_a_process_keeps_the_build_that_it_reads(graph: Path) -> None:
    """A reader's answers stay through two publications; the next writer removes its build."""
    with python(READER, graph) as reader:
        assert "000001 acme/one" == ask(reader)
        build_graph(graph, model("acme/two"))
        assert "000001 acme/one" == ask(reader)
        build_graph(graph, model("acme/three"))
        assert "000001 acme/one" == ask(reader)
        assert ["000001", "000003"] == builds(graph)
    build_graph(graph, *models("acme/four"))

    assert ["000004"] == builds(graph)


def test_opening_changes_nothing(graph: Path) -> None:
    """Whoever reads leaves every file as it was, so a graph may lie where nobody can write."""
    before = files(graph)
    with LineageGraph.open(graph) as opened:
        assert len(opened.store)

    assert before == files(graph)


def test_who_opens_while_a_writer_publishes_gets_the_new_build(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is swept between the pointer and the lock is looked for again."""
    lock_build = d.lock_build
    waiting = [model("acme/two")]

    def lock_late(build: Path) -> object:
        while waiting:
            build_graph(graph, waiting.pop())
        return lock_build(build)

    monkeypatch.setattr("graph.store.lineage_graph.lock_build", lock_late)
    with LineageGraph.open(graph) as opened:
        assert "000002" == opened.info.build


def test_who_locks_a_build_too_late_takes_the_new_one(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer may be sweeping a build that was locked when it was no longer the current one."""
    lock_build = d.lock_build
    waiting = [model("acme/two")]

    def lock_and_publish(build: Path) -> object:
        lock = lock_build(build)
        while waiting:
            build_graph(graph, waiting.pop())
        return lock

    monkeypatch.setattr("graph.store.lineage_graph.lock_build", lock_and_publish)
    with LineageGraph.open(graph) as opened:
        assert "000002" == opened.info.build
    build_graph(graph, model("acme/three"))

    assert ["000003"] == builds(graph)


def test_who_is_never_fast_enough_is_told(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that is published again at every attempt gives up with one line, not a loop."""

    def numbers() -> Iterator[d.GraphInfo]:
        for number in range(100):
            yield d.GraphInfo(build=f"{number:06d}x")

    infos = numbers()
    monkeypatch.setattr("graph.store.lineage_graph.read_info", lambda _: next(infos))
    with pytest.raises(InvalidGraph, match="changes faster than it can be opened: try again"):
        LineageGraph.open(graph)


# --- sweeping -----------------------------------------------------------------------------------


def test_a_sweep_removes_what_crashes_left(graph: Path) -> None:
    """Pointers that were never put in place and builds that nobody finished go."""
    (graph / "graph.json.new").touch()
    (graph / "builds" / "000002" / "store").mkdir(parents=True)
    shutil.copytree(graph / "builds" / "000001", graph / "builds" / "000003")
    d.sweep(graph)

    assert ["000001"] == builds(graph)
    assert [".lock", "builds", "graph.json"] == sorted(path.name for path in graph.iterdir())


def test_a_sweep_leaves_what_is_no_build(graph: Path) -> None:
    """A folder or file that only happens to lie there is its owner's."""
    (graph / "builds" / "wheels").mkdir()
    (graph / "builds" / "README").write_text("mine", encoding="utf-8")
    (graph / "builds" / "2024").write_text("mine", encoding="utf-8")
    d.sweep(graph)

    assert ["000001", "2024", "README", "wheels"] == builds(graph)
