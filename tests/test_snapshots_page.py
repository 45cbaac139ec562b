"""The page Snapshots as Streamlit runs it, its jobs, and what the library does for it."""

from __future__ import annotations

import os
import signal
import sys
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph.model.errors import UsageError
from graph.snapshots import create, load, verify
from graph.snapshots.citing import citation
from graph.snapshots.listing import list_snapshots, new_place
from graph.snapshots.manifest import FILES, MANIFEST, read_manifest
from graph.snapshots.packing import pack
from graph.store.directory import read_info, write_lock
from graph.store.lineage_graph import LineageGraph
from tests.builders import model
from tests.graphs import build_graph
from tests.pages import open_page, texts
from tests.snapshots import build_demo, create_snapshot, flip_bit
from ui.app.jobs import Busy, Job, Jobs, Task
from ui.app.views import job_panel

ENDLESS = 'import time; print(\'{"stage": "waiting"}\', flush=True); time.sleep(600)'

LONG_WORK = """
import sys, time
from ui.app import working
working.WORK["verify"] = lambda _, __, told: told.progress("waiting") or time.sleep(600)
sys.exit(working.main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def _no_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship no snapshot: a test sees those that it made."""
    monkeypatch.setattr("ui.app.views.snapshots.demo_snapshot", lambda: tmp_path / "none")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Share a list of jobs with the page, and end them after the test."""
    shared = Jobs()
    monkeypatch.setattr(job_panel, "jobs", lambda: shared)
    yield shared
    shared.close()


def finished(job: Job | None) -> Job:
    """Return a job once it has ended."""
    assert job is not None
    deadline = time.monotonic() + 60
    while not job.is_over and time.monotonic() < deadline:
        time.sleep(0.05)
    assert job.is_over
    return job


def press(page: AppTest, label: str) -> AppTest:
    """Press the first button with a label."""
    return next(button for button in page.button if button.label == label).click().run()


# --- the page -------------------------------------------------------------------------------------


def test_create_verify_load(app_graph: Path, jobs: Jobs) -> None:
    """A graph that is kept comes back as it was, through the page alone."""
    build_demo(app_graph)
    page = open_page("snapshots")
    page.text_input(key="snapshot-name").set_value("first")
    press(page, "Create a snapshot")

    assert "done" == finished(jobs.current or jobs.ended[0]).state
    kept = app_graph.parent / "snapshots" / "first"
    digest = verify(kept).sha256

    build_graph(app_graph, model("acme/later"))
    page = press(page.run(), "Verify")

    assert "done" == finished(jobs.current or jobs.ended[0]).state
    assert f"every byte is as it was written, SHA-256 {digest}" in texts(page.run())
    assert ">shown now<" not in texts(page)

    page = press(page, "Replace the graph")

    assert "done" == finished(jobs.current or jobs.ended[0]).state
    info = read_info(app_graph)
    assert info is not None
    assert digest == info.snapshot
    assert ">shown now<" in texts(page.run())


def test_without_a_graph_a_snapshot_can_be_loaded(app_graph: Path, jobs: Jobs) -> None:
    """There is nothing to keep, but something to load."""
    create_snapshot(build_demo(app_graph.parent / "other"), app_graph.parent / "snapshots" / "a")
    page = open_page("snapshots")

    assert "There is no graph yet" in texts(page)
    assert "Create a snapshot" not in [button.label for button in page.button]

    press(page, "Replace the graph")

    assert "done" == finished(jobs.current or jobs.ended[0]).state
    assert "The graph that is shown" in texts(page.run())


def test_no_snapshot_is_said(app_graph: Path) -> None:
    """With the folder where they would be; comparing is not pretended."""
    build_graph(app_graph, model("acme/base"))
    drawn = texts(open_page("snapshots"))

    assert "There is none yet" in drawn
    assert str(app_graph.parent / "snapshots") in drawn
    assert "Not there yet" in drawn


@pytest.mark.parametrize(
    "name", ["", "../elsewhere", "/etc/x", "a/b", ".hidden", "a b", "-rf", "<b>", "x" * 65, "é"]
)
def test_a_name_is_no_path(app_graph: Path, jobs: Jobs, name: str) -> None:
    """What is no plain name is refused in words, and nothing is begun."""
    build_graph(app_graph, model("acme/base"))
    page = open_page("snapshots")
    page.text_input(key="snapshot-name").set_value(name)
    press(page, "Create a snapshot")

    assert "No snapshot is made" in texts(page)
    assert [] == jobs.ended
    assert jobs.current is None


def test_a_name_that_is_taken_replaces_nothing(tmp_path: Path) -> None:
    """Even where what is there is no snapshot."""
    (tmp_path / "kept").mkdir()

    with pytest.raises(UsageError, match="there already"):
        new_place(tmp_path, "kept")


def test_a_damaged_snapshot_is_told_with_its_file(app_graph: Path, jobs: Jobs) -> None:
    """A damaged manifest at once, a damaged content when it is verified or loaded."""
    folder = app_graph.parent / "snapshots"
    build_demo(app_graph)
    for name, file in (("bad", MANIFEST), ("worse", "graph.nq.zst")):
        create_snapshot(app_graph, folder / name)
        flip_bit(folder / name / file)
    page = open_page("snapshots")

    assert "It cannot be used" in texts(page)
    assert f"{folder / 'bad' / MANIFEST}" in texts(page)

    before = read_info(app_graph)
    press(page, "Replace the graph")  # of the only one that may be loaded
    job = finished(jobs.current or jobs.ended[0])

    assert "failed" == job.state
    assert f"{folder / 'worse' / 'graph.nq.zst'} was changed" in job.outcome
    assert job.outcome.split(":")[0] in texts(page.run())
    assert before == read_info(app_graph)


def test_a_locked_graph_is_told(app_graph: Path, jobs: Jobs) -> None:
    """Somebody else is writing: that is what it says, and the graph stays."""
    create_snapshot(build_demo(app_graph), app_graph.parent / "snapshots" / "a")
    page = open_page("snapshots")
    with write_lock(app_graph):
        press(page, "Replace the graph")
        job = finished(jobs.current or jobs.ended[0])

    assert "failed" == job.state
    assert "another process is writing the graph" in texts(page.run())


def test_all_sessions_see_a_job_and_may_stop_it(
    app_graph: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one begins the other sees, and begins nothing beside it."""
    create_snapshot(build_demo(app_graph), app_graph.parent / "snapshots" / "a")
    _pretend(monkeypatch)
    press(open_page("snapshots"), "Verify")
    _until(lambda: jobs.current is not None and jobs.current.stage == "waiting")
    other = open_page("snapshots")

    assert "Verifying a" in texts(other)
    assert "waiting" in texts(other)
    assert {"Verify", "Replace the graph", "Create a snapshot"} <= {
        button.label for button in other.button if button.disabled
    }

    running = jobs.current
    press(other, "Stop")

    assert "stopped" == finished(running).state


def test_hostile_names_do_nothing(app_graph: Path) -> None:
    """A folder may have any name, and a source any text."""
    name = "<img src=x onerror=alert(1)>"
    create_snapshot(build_demo(app_graph), app_graph.parent / "snapshots" / name)
    drawn = texts(open_page("snapshots"))

    assert "&lt;img src=x" in drawn
    assert "<img" not in drawn
    assert "<us>" not in drawn


# --- jobs -----------------------------------------------------------------------------------------


def test_one_job_at_a_time(jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is refused with the name of the first."""
    _pretend(monkeypatch)
    task = Task("verify", "Verifying a", tmp_path, tmp_path)
    first = jobs.start(task)

    with pytest.raises(Busy, match="Verifying a"):
        jobs.start(task)
    first.stop()
    assert "stopped" == finished(first).state


def test_a_process_that_dies_is_a_failure(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hint, for it could not give a reason."""
    _pretend(monkeypatch, "import os; os.abort()")
    job = finished(jobs.start(Task("verify", "Verifying a", tmp_path, tmp_path)))

    assert "failed" == job.state
    assert "memory" in job.outcome


@pytest.mark.skipif(sys.platform == "win32", reason="a job is not interrupted there")
def test_a_job_stops_where_interrupts_are_ignored(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they are in an app that a script has started in the background."""
    _pretend(monkeypatch, LONG_WORK)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        job = jobs.start(Task("verify", "Verifying a", tmp_path, tmp_path))
    finally:
        signal.signal(signal.SIGINT, before)
    _until(lambda: job.stage == "waiting")
    job.stop()

    assert "stopped" == finished(job).outcome


# --- the library ----------------------------------------------------------------------------------


def test_progress_is_real(tmp_path: Path) -> None:
    """Creating, verifying and loading tell how much is done, up to all of it."""
    graph = build_demo(tmp_path / "graph")
    told: dict[str, list[tuple[int, int]]] = {"create": [], "verify": [], "load": []}
    with LineageGraph.open(graph) as opened:
        advance = told["create"].append
        manifest = create(opened, tmp_path / "a", advance=lambda *done: advance(done))
    verify(tmp_path / "a", advance=lambda *done: told["verify"].append(done))
    load(tmp_path / "a", tmp_path / "new", advance=lambda *done: told["load"].append(done))

    assert (manifest.triples, manifest.triples) == told["create"][-1]
    assert (manifest.size, manifest.size) == told["verify"][-1] == told["load"][-1]


def test_a_hook_may_stop_the_work(tmp_path: Path) -> None:
    """Then nothing is left of it."""

    def stop(_: int, __: int) -> None:
        raise KeyboardInterrupt

    graph = build_demo(tmp_path / "graph")
    create_snapshot(graph, tmp_path / "a")
    before = read_info(graph)
    with LineageGraph.open(graph) as opened, pytest.raises(KeyboardInterrupt):
        create(opened, tmp_path / "b", advance=stop)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path / "a", graph, advance=stop)

    assert ["a", "graph"] == sorted(path.name for path in tmp_path.iterdir())
    assert before == read_info(graph)


def test_a_graph_knows_its_snapshot_until_it_changes(tmp_path: Path) -> None:
    """The digest of what was loaded is kept, and forgotten with the first addition."""
    manifest = create_snapshot(build_demo(tmp_path / "graph"), tmp_path / "a")

    assert manifest.sha256 == load(tmp_path / "a", tmp_path / "new").snapshot

    build_graph(tmp_path / "new", model("acme/later"))
    changed = read_info(tmp_path / "new")

    assert changed is not None
    assert changed.snapshot is None


def test_snapshots_are_listed_newest_first(tmp_path: Path) -> None:
    """Each with what its manifest says; what is no snapshot is left out."""
    graph = build_demo(tmp_path / "graph")
    for place, name in enumerate(("old", "new")):
        create_snapshot(graph, tmp_path / "kept" / name)
        os.utime(tmp_path / "kept" / name / MANIFEST, (place, place))
    (tmp_path / "kept" / "other").mkdir()
    found = list_snapshots(tmp_path / "kept")

    assert ["new", "old"] == [snapshot.path.name for snapshot in found]
    assert "1970-01-01T00:00:01Z" == found[0].written
    assert sum((found[0].path / name).stat().st_size for name in FILES) == found[0].size
    assert read_manifest(found[0].path / MANIFEST) == found[0].manifest
    assert [] == list_snapshots(tmp_path / "nowhere")


def test_a_packed_snapshot_is_whole(tmp_path: Path) -> None:
    """It unpacks to what can be verified, and is the same bytes each time."""
    manifest = create_snapshot(build_demo(tmp_path / "graph"), tmp_path / "a")
    packed = pack(tmp_path / "a")
    os.utime(tmp_path / "a" / MANIFEST, (0, 0))
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "out")

    assert manifest == verify(tmp_path / "out" / "a")
    assert packed == pack(tmp_path / "a")


def test_a_citation_names_the_digest(tmp_path: Path) -> None:
    """And how much it is about."""
    manifest = create_snapshot(build_demo(tmp_path / "graph"), tmp_path / "a")

    assert manifest.sha256 in citation(manifest)
    assert "2 models, 1 datasets, 1 Spaces" in citation(manifest)


def _pretend(monkeypatch: pytest.MonkeyPatch, code: str = ENDLESS) -> None:
    """Let jobs run something else."""
    monkeypatch.setattr("ui.app.jobs.COMMAND", ("-c", code))


def _until(is_so: object) -> None:
    assert callable(is_so)
    deadline = time.monotonic() + 30
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert is_so()
