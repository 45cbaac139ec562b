"""Workers that are kept ready for the queries on one graph.

Rules: a worker has one query at a time. There are never more workers than were asked for, and a
caller who finds all of them busy waits its turn. A worker sees one build; when the graph has
another one, the idle workers go at once, and a busy one goes when it has answered.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from graph.model.errors import QueryStopped, RemixgraphError
from graph.sparql.deadline import Patience
from graph.sparql.worker_process import WorkerProcess
from graph.store.builds import GraphInfo
from graph.store.directory import read_info

__all__ = ["MOST_MEMORY", "WorkerPool"]

MOST_MEMORY = 4 << 30
"""How much memory a worker may take, beyond what it starts with."""


class WorkerPool:
    """A few worker processes for the queries on a graph; safe to use from several threads.

    Use it as a context manager, or close it. Workers start when they are needed, or with ``warm``;
    where one is lost, ``replace`` has another one started at once. ``memory`` is for each of them;
    by default they share half of what the machine has, up to MOST_MEMORY each.
    """

    def __init__(
        self,
        directory: str | Path,
        *,
        workers: int = 2,
        memory: int | None = None,
        replace: bool = True,
    ) -> None:
        self.directory = Path(directory)
        self._workers = workers
        self._memory = memory or _share(workers)
        self._replace = replace
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._idle: list[WorkerProcess] = []
        self._places = workers  # those that neither a worker nor the start of one takes
        self._info: GraphInfo | None = None
        self._closed = False
        weakref.finalize(self, _stop, self._idle)  # whoever forgets to close it

    def warm(self) -> None:
        """Start every worker that has not been started, without waiting until it is ready.

        Raises InvalidGraph where there is no graph.
        """
        while self._start_spare():
            pass

    def close(self) -> None:
        """End the idle workers; those that are busy end with their query."""
        with self._changed:
            self._closed = True
            self._places = 0
            idle = self._idle.copy()
            self._idle.clear()
            self._changed.notify_all()
        _stop(idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def lend(self, patience: Patience) -> Iterator[WorkerProcess]:
        """Lend a worker of the current build for one query.

        Raises QueryStopped when none is free in time, InvalidGraph where there is no graph.
        """
        self._retire()
        worker = self._take(patience) or self._start()
        try:
            yield worker
        finally:
            self._put(worker)

    def _take(self, patience: Patience) -> WorkerProcess | None:
        """Wait for a worker, or for a place for one: then there is None."""
        turn = object()
        with patience.stop.calling(self._wake), self._changed:
            self._waiting.append(turn)
            try:
                while not self._is_open_to(turn):
                    if patience.over:
                        raise patience.error(begun=False)
                    self._changed.wait(patience.left)
                if self._idle:
                    return self._idle.pop(0)  # one that has just been started comes last
                self._places -= 1
                return None
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()

    def _is_open_to(self, turn: object) -> bool:
        if self._closed:
            raise QueryStopped("the query was not begun: the workers for this graph were ended")
        return self._waiting[0] is turn and bool(self._idle or self._places > 0)

    def _start(self) -> WorkerProcess:
        """Start a worker in a place that was taken for it."""
        try:
            worker = WorkerProcess(self.directory, self._memory)
        except BaseException:
            self._free(1)
            raise
        self._info = worker.info
        return worker

    def _start_spare(self) -> bool:
        """Start a worker that waits for a query, if there is a place for it."""
        with self._changed:
            if self._places < 1:
                return False
            self._places -= 1
        self._put(self._start())
        return True

    def _put(self, worker: WorkerProcess) -> None:
        """Take a worker back: it is idle from now on, or it ends and another one may start."""
        with self._changed:
            keep = worker.fit and worker.info == self._info and not self._closed
            if keep:
                self._idle.append(worker)
                self._changed.notify_all()
        if not keep:
            worker.stop()
            self._free(1)
            if self._replace:
                with suppress(RemixgraphError, OSError):  # the next query will tell
                    self._start_spare()

    def _retire(self) -> None:
        """End the idle workers that died, or that are of another build than the current one."""
        info = read_info(self.directory)
        with self._changed:
            self._info = info
            old = [one for one in self._idle if one.info != info or not one.alive]
            for worker in old:
                self._idle.remove(worker)
        places = len(old)
        _stop(old)
        self._free(places)

    def _free(self, places: int) -> None:
        with self._changed:
            if not self._closed:
                self._places += places
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _stop(workers: list[WorkerProcess]) -> None:
    while workers:
        workers.pop().stop()


def _share(workers: int) -> int:
    """Return an equal share of half of the machine's memory, where the system tells it."""
    if hasattr(os, "sysconf"):
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return min(MOST_MEMORY, total // 2 // workers)
    return MOST_MEMORY
