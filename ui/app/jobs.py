"""Long jobs of the app: one at a time, seen by every session, alive whatever becomes of a page.

A job runs in a process of its own (``ui.app.working``), so that it costs the app neither memory nor
Python's lock, and can be stopped at any moment: a snapshot or a graph is put in its place as a
whole, or not at all. A thread reads what the process tells.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Busy", "Job", "Jobs", "State", "Task"]

_KEPT = 5  # ended jobs that are still shown
_PATIENCE = 10.0
"""Seconds from asking a process to stop until it is ended: the store cannot be interrupted."""

State: TypeAlias = Literal["running", "stopping", "done", "failed", "stopped"]


class Busy(Exception):
    """Indicates that another job is running."""


class Task(NamedTuple):
    """What is to be done: a kind of ``working.WORK``, what to call it, and its two folders."""

    kind: str
    title: str
    first: Path
    second: Path


@dataclass
class Job:
    """A task that was begun: how far it is, and what came of it."""

    task: Task
    process: subprocess.Popen[str]
    state: State = "running"
    stage: str = "starting"
    done: int = 0
    total: int = 0
    outcome: str = ""
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether something came of it."""
        return self.ended is not None

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def share(self) -> float | None:
        """How much of the stage is done, where that is known."""
        return min(1.0, self.done / self.total) if self.total else None

    def stop(self) -> None:
        """Interrupt the process; end it where it does not listen."""
        if self.state == "running":
            self.state = "stopping"
            with suppress(OSError):  # it has just ended
                self.process.send_signal(_INTERRUPT)
            timer = threading.Timer(_PATIENCE, self.process.kill)
            timer.daemon = True
            timer.start()

    def follow(self) -> None:
        """Read what the process tells until it ends."""
        assert self.process.stdout is not None  # noqa: S101 - it is a pipe
        with self.process:
            for line in self.process.stdout:
                self._note(json.loads(line))
        stopped = self.state == "stopping"
        if self.process.returncode and not self.outcome:
            self.outcome = "its process ended before it was done: is there enough memory and room?"
        if self.process.returncode == 0:
            self.state = "done"
        else:
            self.state = "stopped" if stopped else "failed"
        self.ended = time.monotonic()

    def _note(self, told: dict[str, object]) -> None:
        if isinstance(stage := told.get("stage"), str):
            self.stage, self.done, self.total = stage, 0, 0
        if isinstance(done := told.get("done"), int) and isinstance(total := told["total"], int):
            self.done, self.total = done, total
        outcome = told.get("answer", told.get("error"))
        if isinstance(outcome, str):
            self.outcome = outcome


class Jobs:
    """The jobs of an app; those that have ended are the newest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: list[Job] = []

    @property
    def current(self) -> Job | None:
        """The job that is running, if one is."""
        return next((job for job in self._jobs if not job.is_over), None)

    @property
    def ended(self) -> list[Job]:
        """The last jobs that have ended."""
        return [job for job in self._jobs if job.is_over]

    def start(self, task: Task) -> Job:
        """Begin a task; raises Busy while another one is running."""
        with self._lock:
            if (running := self.current) is not None:
                raise Busy(f"{running.task.title}: wait until that has ended")
            job = Job(task, _process(task))
            self._jobs = [job, *self._jobs][: _KEPT + 1]
        threading.Thread(target=job.follow, name="job", daemon=True).start()
        return job

    def forget(self) -> None:
        """Drop what has ended."""
        self._jobs = [job for job in self._jobs if not job.is_over]

    def close(self) -> None:
        """End what is running: nobody can see it any more."""
        if job := self.current:
            job.process.kill()


COMMAND = ("-m", "ui.app.working")
"""What a job's process runs."""

_INTERRUPT = signal.SIGTERM if sys.platform == "win32" else signal.SIGINT


def _process(task: Task) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", *COMMAND, task.kind]
    paths = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return subprocess.Popen(  # noqa: S603 - our own code, and folders that are checked
        [*command, str(task.first), str(task.second)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": paths},
    )
