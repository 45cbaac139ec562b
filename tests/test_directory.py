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
from graph.store.builds import GraphInfo, lock_build, make_build
from graph.store.lineage_graph import LineageGraph
from tests.builders import model, models
from tests.graphs import build_graph, quads
from tests.processes import ask, python
from ui.cli.main import run

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


def begin_afresh(graph: Path) -> None:
    """Begin a graph from nothing and give it up."""
    with new_build(graph, fresh=True):
        pass


def builds(graph: Path) -> list[str]:
    """Return the names of the builds of a graph."""
    return sorted(path.name for path in (graph / "builds").iterdir())


# --- the pointer --------------------------------------------------------------------------------


def test_what_is_published_is_read(tmp_path: Path) -> None:
    """What a graph says of itself comes back as it was written."""
    info = GraphInfo(build="000007", models=3, sources=("page.json", 'a "b"\n'))
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
    assert "000005" == d.next_build(tmp_path, GraphInfo(build="000004"))
    (tmp_path / "builds" / "000009").mkdir(parents=True)
    (tmp_path / "builds" / "notes").mkdir()
    assert "000010" == d.next_build(tmp_path, GraphInfo(build="000004"))


# --- damage -------------------------------------------------------------------------------------

DAMAGES = {
    "empty": b"",
    "cut short": b'{"build": "000001", "form',
    "not an object": b"[]",
    "not UTF-8": b'{"build": "\xff"}',
    "without a build": b'{"format": 1}',
    "of another type": b'{"build": 1, "format": 1}',
}


LOST = {"missing": None} | DAMAGES


def break_pointer(graph: Path, content: bytes | None) -> None:
    """Make graph.json hold this, or take it away."""
    (graph / "graph.json").unlink(missing_ok=True)
    if content is not None:
        (graph / "graph.json").write_bytes(content)


def forget(build: Path) -> None:
    """Make a build look like one of a program that wrote no build.json."""
    (build / "build.json").unlink()
    (build / ".begun").unlink()


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_a_lost_pointer_costs_nothing(graph: Path, content: bytes | None) -> None:
    """A reader opens the newest whole build, and changes nothing; a writer adds to it."""
    info, held = d.read_info(graph), quads(graph)
    break_pointer(graph, content)
    before = files(graph)
    with LineageGraph.open(graph) as opened:
        assert info == opened.info
    assert (held, before) == (quads(graph), files(graph))
    build_graph(graph, model("acme/two"))

    expected = build_graph(graph.parent / "other", *models("acme/one", "acme/two"))
    assert quads(expected) == quads(graph)
    assert ["000002"] == builds(graph)


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_a_writer_puts_the_pointer_back(graph: Path, content: bytes | None) -> None:
    """What it takes up it names before anything else, even if it then publishes nothing."""
    before = (graph / "graph.json").read_bytes()
    break_pointer(graph, content)
    begin(graph)

    assert before == (graph / "graph.json").read_bytes()
    assert ["000001"] == builds(graph)


def test_of_several_whole_builds_the_newest_is_taken_up(graph: Path) -> None:
    """One that a reader still holds is older; one that was never finished does not count."""
    with LineageGraph.open(graph):
        build_graph(graph, model("acme/two"))
    (graph / "graph.json").unlink()
    make_build(graph, "000003")

    assert ["000001", "000002", "000003"] == builds(graph)
    with LineageGraph.open(graph) as opened:
        assert ("000002", 2) == (opened.info.build, opened.info.models)
    begin(graph)
    assert ["000002"] == builds(graph)


def test_a_pointer_that_is_behind_its_builds_is_no_harm(graph: Path) -> None:
    """Whoever copies a graph while it is written may get the old pointer and the new build."""
    old = (graph / "graph.json").read_bytes()
    build_graph(graph, model("acme/two"))
    (graph / "graph.json").write_bytes(old)

    with LineageGraph.open(graph) as opened:
        assert ("000002", 2) == (opened.info.build, opened.info.models)
    build_graph(graph, model("acme/three"))
    assert 3 == getattr(d.read_info(graph), "models", None)


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_a_build_without_build_json_is_never_swept_for_a_lost_pointer(
    graph: Path, content: bytes | None
) -> None:
    """Reader and writers refuse and touch nothing; doing what they say brings the graph back."""
    held = quads(graph)
    forget(graph / "builds" / "000001")
    break_pointer(graph, content)
    before = files(graph)
    pointer = graph / "graph.json"
    remedy = f'write {{"build": "000001"}} into {pointer}, then run \'remixgraph index\''

    for use in (LineageGraph.open, begin, begin_afresh):
        with pytest.raises(InvalidGraph) as refused:
            use(graph)
        assert str(refused.value).endswith(f"build 000001 may be the graph: {remedy}")
        assert "\n" not in str(refused.value)
    assert 3 == run(["index", "--graph", str(graph)])
    assert before == files(graph)

    pointer.write_text('{"build": "000001"}', encoding="utf-8")
    assert 0 == run(["index", "--graph", str(graph)])
    assert held == quads(graph)
    assert 1 == getattr(d.read_info(graph), "models", None)
    assert ["000002"] == builds(graph)


def test_a_build_without_build_json_is_as_good_as_its_pointer(graph: Path) -> None:
    """A graph of an earlier program is read and added to as ever."""
    forget(graph / "builds" / "000001")
    build_graph(graph, model("acme/two"))

    assert 2 == getattr(d.read_info(graph), "models", None)
    assert ["000002"] == builds(graph)


def test_a_damaged_build_json_protects_its_build(graph: Path) -> None:
    """A build that cannot tell what it is may yet be the graph."""
    (graph / "builds" / "000001" / "build.json").write_bytes(b"{")
    (graph / "graph.json").unlink()

    with pytest.raises(InvalidGraph, match="build 000001 may be the graph"):
        begin(graph)
    assert ["000001"] == builds(graph)


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_pointer_to_nothing_is_refused(tmp_path: Path, content: bytes) -> None:
    """Where no build is left nothing can be taken up; doing what is said gives a graph again."""
    graph = tmp_path / "graph"
    graph.mkdir()
    (graph / "graph.json").write_bytes(content)

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph) as refused:
            use(graph)
        assert str(refused.value).endswith(f"remove {graph}, then build the graph again")
    shutil.rmtree(graph)
    build_graph(graph, model("acme/one"))
    assert ["000001"] == builds(graph)


def test_a_pointer_that_is_a_folder_is_damaged(graph: Path) -> None:
    """A graph.json that cannot even be replaced is refused; once it is gone, all is well."""
    (graph / "graph.json").unlink()
    (graph / "graph.json").mkdir()

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph, match=r"graph\.json is damaged .*: remove it$"):
            use(graph)
    (graph / "graph.json").rmdir()
    begin(graph)
    assert ["000001"] == builds(graph)


@pytest.mark.parametrize("content", [b'{"format": 2}', b'{"format": 2, "build": {"of": "later"}}'])
@pytest.mark.parametrize("name", ["graph.json", "builds/000001/build.json"])
def test_another_format_is_told_by_its_number(graph: Path, name: str, content: bytes) -> None:
    """A graph of a later program is not called damaged, however different its documents are."""
    (graph / "graph.json").unlink()
    (graph / name).write_bytes(content)
    before = files(graph)

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph, match="has graph format 2, this program reads 1: open it"):
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


@pytest.mark.parametrize("damage", ["store", "store/CURRENT", ""])
def test_a_build_that_is_incomplete_is_refused(graph: Path, damage: str) -> None:
    """A reader that finds a part of the build missing says so, and makes nothing in its place."""
    missing = graph / "builds" / "000001" / damage
    if missing.is_dir():
        shutil.rmtree(missing)
    else:
        missing.unlink()
    before = files(graph)

    with pytest.raises(InvalidGraph, match=r"000001 cannot be read: load a snapshot .*, or remove"):
        LineageGraph.open(graph)
    assert before == files(graph)


def test_a_build_without_its_lock_needs_no_more_than_that(graph: Path) -> None:
    """The remedy that is named is enough."""
    (lock := graph / "builds" / "000001" / ".lock").unlink()

    with pytest.raises(InvalidGraph) as refused:
        LineageGraph.open(graph)
    expected = f"{lock} is missing, or not yours to read: make an empty file of that name"
    assert expected == str(refused.value)
    lock.touch()
    LineageGraph.open(graph).close()


@pytest.mark.parametrize("name", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_a_store_that_is_damaged_is_refused(graph: Path, name: str) -> None:
    """A store with foreign bytes in it is refused by readers and by the next writer."""
    for path in (graph / "builds" / "000001" / "store").glob(name):
        path.write_bytes(b"something else")

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph, match="000001 cannot be read: load a snapshot"):
            use(graph)
    assert ["000001"] == builds(graph)


@pytest.mark.parametrize("damage", ["store/CURRENT", ""])
def test_nobody_goes_back_to_an_older_build_untold(graph: Path, damage: str) -> None:
    """While the current build cannot be read, an older one stays; what is said brings it back."""
    with LineageGraph.open(graph):
        build_graph(graph, model("acme/two"))
    current = graph / "builds" / "000002"
    shutil.rmtree(current) if not damage else (current / damage).unlink()
    doomed = f"{current} and {graph / 'graph.json'}" if damage else str(graph / "graph.json")

    for use in (LineageGraph.open, begin):
        with pytest.raises(InvalidGraph) as refused:
            use(graph)
        expected = f"remove {doomed} to go on with build 000001, which is kept"
        assert f"{current} cannot be read: {expected}" == str(refused.value)
    shutil.rmtree(current, ignore_errors=True)
    (graph / "graph.json").unlink()
    with LineageGraph.open(graph) as opened:
        assert ("000001", 1) == (opened.info.build, opened.info.models)
    begin(graph)
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

    def numbers() -> Iterator[GraphInfo]:
        for number in range(100):
            yield GraphInfo(build=f"{number:06d}x")

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
    make_build(graph, "000004")
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


def test_a_sweep_beside_what_cannot_be_read_removes_no_finished_build(graph: Path) -> None:
    """Only what was never finished goes; the rest waits until something better is there."""
    shutil.copytree(graph / "builds" / "000001", graph / "builds" / "000002")
    shutil.copytree(graph / "builds" / "000001", graph / "builds" / "000003")
    forget(graph / "builds" / "000003")
    make_build(graph, "000004")
    (graph / "builds" / "000001" / "store" / "CURRENT").unlink()
    d.sweep(graph)

    assert ["000001", "000002", "000003"] == builds(graph)
    with new_build(graph, fresh=True) as build:
        build.publish(["anew"])
    assert ["000004"] == builds(graph)
