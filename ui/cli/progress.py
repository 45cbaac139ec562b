"""Progress of a run that may take hours: a bar on a terminal, lines in a log."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from time import monotonic
from typing import Never

from tqdm import tqdm

from ui.cli.output import note, printable

__all__ = ["Bar", "Lines", "watch"]

_LINE_EVERY = 15.0
"""Seconds between two lines of a stage."""

_WORTH_A_LINE = 5.0
"""Seconds of waiting that are worth a line."""


class Bar:
    """Shows each stage as a bar, and what it waits for beside it."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    def begin(self, stage: str, done: int, total: int | None) -> None:
        """Begin a bar."""
        self.close()
        self._bar = tqdm(desc=stage, initial=done, total=total, unit="", dynamic_ncols=True)

    def advance(self, count: int, issues: int = 0) -> None:
        """Move the bar on."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"{issues:,} issues" if issues else "", refresh=False)
            self._bar.update(count)

    def wait(self, seconds: float, reason: str) -> None:
        """Show what is waited for, and until when."""
        if self._bar is not None:
            self._bar.set_postfix_str(_waiting(seconds, reason))

    def note(self, text: str) -> None:
        """Write a line above the bar."""
        tqdm.write(printable(text), file=sys.stderr)

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()


class Lines:
    """Writes a line when a stage begins, one now and then, and one for every long wait."""

    def __init__(self) -> None:
        self._stage = ""
        self._done = 0
        self._total: int | None = None
        self._issues = 0
        self._began = self._told = monotonic()

    def begin(self, stage: str, done: int, total: int | None) -> None:
        """Begin a stage."""
        self.close()
        self._stage, self._done, self._total = stage, done, total
        self._began = self._told = monotonic()

    def advance(self, count: int, issues: int = 0) -> None:
        """Write how far the stage is, if it is time to."""
        self._done += count
        self._issues = issues or self._issues
        if monotonic() - self._told >= _LINE_EVERY:
            self._told = monotonic()
            self._tell()

    def wait(self, seconds: float, reason: str) -> None:
        """Write what is waited for, and until when."""
        if seconds >= _WORTH_A_LINE:
            note(f"{self._stage}: {_waiting(seconds, reason)}")

    def note(self, text: str) -> None:
        """Write a line."""
        note(text)

    def close(self) -> None:
        """Write how far the stage came."""
        if self._stage:
            self._tell()
            self._stage = ""

    def _tell(self) -> None:
        of = f" of {self._total:,}" if self._total else ""
        seconds = monotonic() - self._began
        issues = f", {self._issues:,} issues so far" if self._issues else ""
        note(f"{self._stage}: {self._done:,}{of} in {seconds:.0f} s{issues}")


def watch() -> Bar | Lines:
    """Return what shows progress where standard error goes to."""
    return Bar() if sys.stderr.isatty() else Lines()


def _waiting(seconds: float, reason: str) -> str:
    until = datetime.now().astimezone() + timedelta(seconds=seconds)
    return f"waiting until {until:%H:%M:%S} ({reason})"
