"""Mapping files in worker processes, some groups ahead of the loader, and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.store.processes import interrupts_blocked, process_pool
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
    with process_pool(min(WORKERS, len(groups))) as pool:
        with interrupts_blocked():
            results = pool.map(work, groups, targets)
        yield zip(sizes, results, strict=True)


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
