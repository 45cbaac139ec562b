"""Worker processes map files in order, give way to the loader, and never outlive an ingestion."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing import active_children, resource_tracker
from pathlib import Path

import pytest

from graph.model.errors import SourceUnavailable
from graph.store import processes
from ingest import workers
from ingest.mapper import Mapped
from ingest.workers import map_in_groups


@pytest.fixture(autouse=True)
def always_in_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be mapped in other processes, however small they are."""
    monkeypatch.setattr(workers, "SMALL", 0)


def write(folder: Path, *sizes: int) -> list[Path]:
    """Write files of these sizes; return their paths."""
    paths = [folder / str(number) for number in range(len(sizes))]
    for path, size in zip(paths, sizes, strict=True):
        path.write_bytes(bytes(size))
    return paths


def name_files(paths: list[Path], target: Path) -> Mapped:
    """Return the names of the files, of the folder to write to, and of the process."""
    return Mapped(failed=[path.name for path in paths], skipped=[target.name, str(os.getpid())])


def die(_: list[Path], __: Path) -> Mapped:
    """End the process that maps, as one without memory ends."""
    os._exit(1)


def sleep(_: list[Path], __: Path) -> Mapped:
    """Map for longer than anybody waits."""
    time.sleep(600)
    return Mapped()


def test_groups_come_in_order(tmp_path: Path) -> None:
    """All files come, in order, in groups of about the same size, each with its bytes."""
    sizes = [5, 1, 1, 1, 1, 1, 1, 1, 10, 0, 8]
    paths = write(tmp_path, *sizes)
    with map_in_groups(paths, tmp_path, name_files) as groups:
        found = list(groups)

    assert [path.name for path in paths] == [name for _, group in found for name in group.failed]
    assert [sum(sizes[int(name)] for name in group.failed) for _, group in found] == [
        size for size, _ in found
    ]
    assert [f"group{number:04d}" for number in range(len(found))] == [
        group.skipped[0] for _, group in found
    ]
    assert str(os.getpid()) not in {group.skipped[1] for _, group in found}
    assert [] == active_children()


def test_little_is_mapped_right_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where mapping takes less time than a process to start, none is started."""
    monkeypatch.setattr(workers, "SMALL", 100)
    with map_in_groups(write(tmp_path, 3, 4), tmp_path, name_files) as groups:
        processes = {group.skipped[1] for _, group in groups}

    assert {str(os.getpid())} == processes


def test_no_files_are_no_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing becomes of nothing."""
    monkeypatch.setattr(workers, "SMALL", 100)
    with map_in_groups([], tmp_path, name_files) as groups:
        assert [] == list(groups)


def test_a_worker_that_dies_is_an_error(tmp_path: Path) -> None:
    """A worker that is killed ends the ingestion with one clear line."""
    with (
        pytest.raises(SourceUnavailable, match="worker process died"),
        map_in_groups(write(tmp_path, 1), tmp_path, die) as groups,
    ):
        list(groups)


def test_an_interruption_ends_the_workers(tmp_path: Path) -> None:
    """Whatever workers are at, they are gone when an interruption leaves the block."""
    started = time.monotonic()
    with (
        pytest.raises(KeyboardInterrupt),
        map_in_groups(write(tmp_path, 1, 1, 1), tmp_path, sleep),
    ):
        raise KeyboardInterrupt

    assert [] == active_children()
    assert time.monotonic() - started < 60


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signals to block here")
def test_ctrl_c_still_reaches_this_process(tmp_path: Path) -> None:
    """What is blocked while workers start is let through again."""
    with map_in_groups(write(tmp_path, 1), tmp_path, name_files) as groups:
        list(groups)

    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_workers_start_where_signals_cannot_be_blocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, too, files are mapped in other processes."""
    resource_tracker.ensure_running()  # Python's own, which blocks signals where it begins here
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with map_in_groups(write(tmp_path, 1), tmp_path, name_files) as groups:
        assert 1 == len(list(groups))


def test_workers_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers let the loader go first, where a system has such a thing."""
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append, raising=False)
    processes._give_way()
    monkeypatch.delattr(os, "nice")
    processes._give_way()

    assert [10] == asked
