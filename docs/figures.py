"""Write the figures of the demo snapshot into docs/statistics.md anew; ``make docs`` runs it.

It is not named after its page: a ``statistics.py`` beside it would hide the standard library's.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.snapshots import load
from graph.statistics.concentration import Month
from graph.statistics.results import read_pulse, read_statistics
from graph.store.lineage_graph import LineageGraph

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "statistics.md"
FEWEST = 50  # derivatives in a month that is shown

_WRITTEN = re.compile(r"(<!-- figures: .+? -->\n).*(<!-- end -->\n)", re.DOTALL)
_COLUMNS = (
    *("month", "derivatives", "remixers", "steps", "base owners", "top 1", "top 5", "top 10"),
    *("*H*", "*H* crossing", "*H* origins", "cross-owner", "permissive", "open data", "depth"),
)
_SIDES = ("narrowed", "widened", "dropped", "added")


def main() -> None:
    """Load the demo snapshot and write its figures between the marks."""
    with tempfile.TemporaryDirectory() as folder:
        load(ROOT / "snapshots" / "demo", Path(folder) / "graph")
        with LineageGraph.open(Path(folder) / "graph") as graph:
            TARGET.write_text(page(TARGET.read_text(encoding="utf-8"), graph), encoding="utf-8")
    print(f"written: docs/{TARGET.name}")


def page(text: str, graph: LineageGraph) -> str:
    """Return the page with the figures of a graph between its marks."""
    figures = "\n".join(["", *_figures(graph), "", ""])
    return _WRITTEN.sub(lambda found: found[1] + figures + found[2], text)


def _figures(graph: LineageGraph) -> Iterator[str]:
    counts: dict[str, Any] = read_statistics(graph)
    found = read_pulse(graph)
    shown = [row for row in found.months if row.derivatives >= FEWEST]
    yield from _table(("relation", "edges", "share"), _relations(counts))
    yield ""
    yield from _table(("distribution", "count", "mean", "median", "max"), _distributions(counts))
    yield ""
    yield from _table(
        ("finetunes'", "edges", "declared", "changed", "rate", *_SIDES), _changes(counts)
    )
    yield ""
    yield f"Months with {FEWEST} derivatives and more, and all {len(found.months)} months together;"
    yield f"{found.floor} models are of the Hub's first date, {found.undated} have no date."
    yield ""
    yield from _table(_COLUMNS, map(_month, (*shown, found.total)))


def _relations(counts: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for relation, share in counts["shares"].items():
        yield relation, counts["edges"][relation], _percent(share)
    unknown = counts["dangling_edges"]
    yield "pairs", counts["edges"]["total"], ""
    yield "of unknown parents", unknown, _percent(unknown / counts["edges"]["total"])


def _distributions(counts: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for name in ("depths", "fan_out", "family_sizes"):
        found = counts[name]
        yield f"`{name}`", found["count"], f"{found['mean']:.2f}", found["median"], found["max"]


def _changes(counts: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for name, found in counts["finetune_changes"].items():
        numbers = [found[part] for part in ("edges", "declared", "changed")]
        yield name, *numbers, _percent(found["rate"]), *(found[side] for side in _SIDES)


def _month(row: Month) -> Sequence[object]:
    bases = row.bases
    return (
        *(row.month or "all", row.derivatives, row.remixers, bases.total, bases.owners),
        *map(_percent, (bases.top_1, bases.top_5, bases.top_10)),
        *(f"{some.herfindahl or 0:.3f}" for some in (bases, row.crossing, row.origins)),
        *map(_percent, (row.cross_owner, row.permissive, row.open_data)),
        f"{row.mean_depth or 0:.2f}",
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table, with everything but its first column to the right."""
    yield f"| {' | '.join(columns)} |"
    yield f"| --- |{' ---: |' * (len(columns) - 1)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


if __name__ == "__main__":
    main()
