"""Worker processes that never outlive the work, and that a Ctrl-C does not reach.

It reaches only the process that started them, which ends them before it goes on.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess

from graph.model.errors import SourceUnavailable

__all__ = ["interrupts_blocked", "process_pool"]


@contextmanager
def process_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Offer a pool of processes, which end with the block; hand work in ``interrupts_blocked``.

    Raises SourceUnavailable when such a process dies.
    """
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


@contextmanager
def interrupts_blocked() -> Iterator[None]:
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


def _give_way() -> None:
    """Let the process that waits for all go first; and do not outlive it."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(10)
    if parent := parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    """End when the process that started this one has ended, even if it was killed."""
    parent.join()
    os._exit(1)
