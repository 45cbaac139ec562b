"""Mapping files in worker processes, some groups ahead of the loader, and in order.

Rule: workers never outlive the ingestion. A Ctrl-C reaches only the process that started them,
which ends them before it lets go of the folder they write to.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

from graph.model.errors import SourceUnavailable
from ingest.mapper import Mapped

__all__ = ["map_in_groups"]

Work = Callable[[list[Path], Path], Mapped]

WORKERS = 2
SMALL = 4_000_000
"""Bytes of input that are mapped sooner than a worker process starts."""

_GROUPS = 40  # of files: so many that the loader has work within a second


@contextmanager
def map_in_groups(
    files: list[Path], folder: Path, work: Work
) -> Iterator[Iterator[tuple[int, Mapped]]]:
    """Offer what becomes of the files, group by group, each with the bytes it was made from.

    ``work`` maps a group to files in the folder: in other processes, or right here when there is
    little to do. Raises SourceUnavailable when such a process dies.
    """
    groups = list(_groups(files))
    sizes = [sum(path.stat().st_size for path in group) for group in groups]
    targets = [folder / f"group{number:04d}" for number in range(len(groups))]
    if sum(sizes) < SMALL:
        yield zip(sizes, map(work, groups, targets), strict=True)
        return
    with _pool(min(WORKERS, len(groups))) as pool:
        with _interrupts_blocked():
            results = pool.map(work, groups, targets)
        yield zip(sizes, results, strict=True)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    others = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_give_way)
    try:
        yield pool
    except BaseException as error:
        for process in set(active_children()) - others:
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            raise SourceUnavailable("a worker process died: is there enough memory?") from None
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _give_way() -> None:
    """Let the loader go first, which all wait for in the end; and do not outlive it."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(10)
    if parent := parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    """End when the process that started this one has ended, even if it was killed."""
    parent.join()
    os._exit(1)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Hold Ctrl-C back while workers start: they inherit that for good, this process does not."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # else the first worker starts it, which lifts the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _groups(files: list[Path]) -> Iterator[list[Path]]:
    """Split files, in order, into groups of about the same size."""
    limit = sum(path.stat().st_size for path in files) / _GROUPS
    group: list[Path] = []
    size = 0
    for path in files:
        group.append(path)
        size += path.stat().st_size
        if size >= limit:
            yield group
            group, size = [], 0
    if group:
        yield group
