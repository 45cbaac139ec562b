"""The atlas at the size of the whole Hub: its layout, and what a window of it takes.

Three million made models as in ``index.py``, of which half have lineage; then a raster of three
million points that are all in view. ``PYTHONPATH=. python benchmarks/atlas.py 300000`` takes
another size.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.index import MODELS, made, resident, show, timed
from graph.build.deriving import derive
from graph.lineage.adjacency import Adjacency, turned
from graph.lineage.arrays import derived_links, links_of
from graph.lineage.components import descendant_counts, strong_components
from graph.lineage.index import LineageIndex
from graph.tables.schema import Tables, dates_of
from graph.view.atlas import Atlas, GroupBy, Window
from graph.view.atlas.placing import lay_out
from graph.view.atlas.raster import count_cells
from ui.app.components.atlas import MOST_BYTES, Scene, payload

RASTER_POINTS = 3_000_000
SCREEN = 1080, 640
TARGETS = {"layout": 6_000, "first": 1_500, "zoom": 300, "raster": 1_000, "month": 300}
"""In milliseconds."""


def main() -> None:
    """Make the graph, write its index, and let a fresh process look: memory is its own then."""
    if sys.argv[1:2] == ["look"]:
        look(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MODELS
    tables = made(count)
    measure_layout(tables)
    with tempfile.TemporaryDirectory() as folder:
        _, seconds = timed(lambda: derive(tables).write(Path(folder)))
        show("derive everything and write it", seconds, "s")
        sizes = [path.stat().st_size for path in Path(folder).glob("atlas_*.npy")]
        show("on disk, atlas", sum(sizes) / 1e6, "MB")
        subprocess.run([sys.executable, __file__, "look", folder], check=True)


def measure_layout(tables: Tables) -> None:
    """Time the layout alone, and tell by how much memory grows meanwhile."""
    derived = derived_links(links_of(tables))
    count = len(tables)
    up, down = Adjacency.of(derived, count), Adjacency.of(turned(derived), count)
    counts, _ = descendant_counts(up, strong_components(up, down))
    influence = counts.astype(np.int32)
    created = dates_of(tables.repositories, "created")
    before = resident("VmHWM")
    start = time.process_time()
    _, seconds = timed(lambda: lay_out(derived, influence, created))
    against("lay out", seconds * 1000, "layout")
    show("processor time of it", time.process_time() - start, "s")
    show("memory at its peak, beyond what the graph took", resident("VmHWM") - before, "MB")


def look(folder: Path) -> None:
    """Time everything that a page asks of an atlas."""
    before = resident()
    index = LineageIndex.open(folder)
    atlas, opening = timed(lambda: Atlas(index))
    show("open it", opening * 1000, "ms")
    whole = Scene(Window(0, 0, 1, *SCREEN))
    data, first = timed(lambda: payload(atlas, whole))
    against(f"first picture of {len(atlas):,} points", first * 1000, "first")
    weigh("it weighs", data)
    for by in GroupBy:
        _, seconds = timed(partial(payload, atlas, whole._replace(by=by)))
        show(f"the first time by {by}", seconds * 1000, "ms")
    measure_windows(atlas)
    measure_months(atlas)
    measure_raster()
    show("memory, mapped and own", resident() - before, "MB")


def measure_windows(atlas: Atlas) -> None:
    """Time windows around the largest family, nearer and nearer."""
    x, y = float(atlas.x[0]), float(atlas.y[0])
    for zoom in (1, 2, 4, 8, 16, 64, 256, 1024):
        window = Window(x if zoom > 1 else 0, y if zoom > 1 else 0, zoom, *SCREEN)
        seen = len(atlas.within(window))
        milliseconds, data = often(partial(payload, atlas, Scene(window)))
        against(f"zoom {zoom}: {seen:,} points", milliseconds, "zoom")
        weigh(f"zoom {zoom}: it weighs", data)


def measure_months(atlas: Atlas) -> None:
    """Time the months of a play over the whole."""
    first, last = atlas.months or (0, 0)
    whole = Scene(Window(0, 0, 1, *SCREEN))
    taken = [
        timed(partial(payload, atlas, whole._replace(until=month)))[1] * 1000
        for month in range(first, last + 1)
    ]
    against(f"a month of the play, median of {len(taken)}", median(taken), "month")


def measure_raster() -> None:
    """Time the counting of three million points into the pixels of a screen."""
    chance = np.random.default_rng(0)
    cells = SCREEN[0] * SCREEN[1]
    x, y = (chance.random(RASTER_POINTS).astype(np.float32) for _ in range(2))
    codes = chance.integers(0, 6, RASTER_POINTS).astype(np.uint8)

    def count() -> object:
        places = (y * SCREEN[1]).astype(np.int32) * SCREEN[0] + (x * SCREEN[0]).astype(np.int32)
        return count_cells(places, codes, cells, 6)

    against(f"count {RASTER_POINTS:,} points in cells", often(count)[0], "raster")


def often(action: Callable[[], object], times: int = 7) -> tuple[float, object]:
    """Return the median of the milliseconds of some runs, and what the last returned."""
    runs = [timed(action) for _ in range(times)]
    return median(seconds for _, seconds in runs) * 1000, runs[-1][0]


def against(name: str, milliseconds: float, target: str) -> None:
    """Print a figure beside what is aimed at."""
    most = TARGETS[target]
    met = "" if milliseconds <= most else ": MISSED"
    show(name, milliseconds, f"ms of {most}{met}")


def weigh(name: str, data: object) -> None:
    """Print the size of a message beside what it may have."""
    size = len(data) if isinstance(data, bytes) else 0
    met = "" if size <= MOST_BYTES else ": MISSED"
    show(name, size / 1000, f"kB of {MOST_BYTES / 1000:.0f}{met}")


if __name__ == "__main__":
    main()
