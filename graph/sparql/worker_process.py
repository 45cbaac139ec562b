"""A worker as its owner sees it: a process that is started, asked, and killed; see ``worker``.

Rule: a worker that was ended in the midst of a query, for whatever reason, is never asked again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from graph.model.errors import InvalidQuery, QueryStopped, RemixgraphError
from graph.sparql import worker
from graph.sparql.deadline import Patience
from graph.store.builds import build_directory
from graph.store.lineage_graph import hold

__all__ = ["Reply", "WorkerProcess"]

_OUT_OF_MEMORY = ("allocat", "bad_alloc", "MemoryError", "Resource temporarily unavailable")
"""What Oxigraph, RocksDB, Python and, for want of room for a thread, the system say."""


_KILLED = -9


class Reply:
    """What a worker has sent of its reply so far."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        self.data = bytearray()
        self.end: dict[str, Any] | None = None
        self.error: dict[str, Any] | None = None

    @property
    def last(self) -> dict[str, Any] | None:
        """The frame that makes the reply whole, if it has come."""
        return self.end or self.error

    def take(self, frame: IO[bytes]) -> bool:
        """Read one frame; return whether another one is to come."""
        prefix = frame.read(worker.FRAME.size)
        if len(prefix) < worker.FRAME.size:
            return False
        kind, size = worker.FRAME.unpack(prefix)
        payload = frame.read(size)
        if len(payload) < size:
            return False
        if kind == b"h":
            self.head = json.loads(payload)
        elif kind == b"d":
            self.data += payload
        elif kind == b"e":
            self.end = json.loads(payload)
        else:
            self.error = json.loads(payload)
        return self.last is None


class WorkerProcess:
    """A process that answers queries on one build, one at a time, and keeps the build meanwhile.

    ``memory`` is what it may take beyond what the opened store takes. Raises InvalidGraph where
    there is no graph.
    """

    def __init__(self, directory: Path, memory: int) -> None:
        self.info, self._lock = hold(directory)
        self.store = build_directory(directory.absolute(), self.info.build) / "store"
        self.fit = True
        self._memory = memory
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        # -P: the folder of worker.py holds modules, none of which should be found by its name.
        # A session of its own: what a terminal sends to its programs is for the asker alone.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", worker.__file__, str(self.store), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, request: bytes, patience: Patience) -> Reply:
        """Send a request and return the whole reply; kill the process when patience is over.

        Raises QueryStopped, or InvalidQuery, where there is no whole reply.
        """
        self.fit = False
        complaints = os.fstat(self._complaints.fileno()).st_size
        ended: list[RemixgraphError] = []

        def end() -> None:
            ended.append(patience.error())
            self._process.kill()

        with patience.watch(end):
            reply = self._exchange(request)
        if reply.last is None:
            raise ended[0] if ended else self._diagnosis(complaints)
        self.fit = not ended and not reply.last["spent"]
        return reply

    def stop(self) -> None:
        """End the process, whatever it is doing, and let go of the build."""
        self._process.kill()
        self._process.communicate()
        self._complaints.close()
        self._lock.close()

    def _exchange(self, request: bytes) -> Reply:
        assert self._process.stdin is not None  # noqa: S101 - they are pipes
        assert self._process.stdout is not None  # noqa: S101 - likewise
        reply = Reply()
        try:
            self._process.stdin.write(request + b"\n")
            self._process.stdin.flush()
        except OSError:  # it has died already; its last words tell why
            return reply
        while reply.take(self._process.stdout):
            pass
        return reply

    def _diagnosis(self, start: int) -> RemixgraphError:
        """Tell why a worker died in the midst of a query, from what it said since ``start``."""
        status = self._process.wait()
        self._complaints.seek(start)
        complaints = self._complaints.read().decode(errors="replace")
        if "overflowed its stack" in complaints or status == -signal.SIGSEGV:
            return InvalidQuery("the query is nested too deeply: simplify it")
        if any(sign in complaints for sign in _OUT_OF_MEMORY):
            return QueryStopped(
                f"the query needs more than {self._memory / 2**30:.2g} GiB of memory:"
                " narrow it down"
            )
        if status == _KILLED:
            return QueryStopped(
                "the query ended without an answer, for its process was killed, perhaps because"
                " memory ran out: narrow it down"
            )
        last = complaints.strip().splitlines()[-1:] or [f"exit status {status}"]
        return QueryStopped(f"the query ended without an answer ({last[0]}): narrow it down")
