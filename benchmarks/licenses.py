"""How long the licence findings of the recorded Hub take, and one verdict among them.

Everything runs in this one process: reading the pages into views (the part of a store later on),
handing burdens down, and every rule over every model. Data sets are read, too, where they are, as
models name them.

    python benchmarks/licenses.py [FOLDER] [--top N]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from graph.licenses.engine import find
from graph.licenses.findings import Finding
from graph.licenses.inheritance import Inheritance, inherit, lineage_of
from graph.licenses.situations.stating import state_all
from graph.licenses.verdict import Use, judge
from graph.licenses.views import Artefact, LicenseView, views_of
from graph.model.records import Repository
from graph.tables.recording import tables_of
from graph.tables.uniting import unite
from ingest.aliases import Aliases
from ingest.dumps import find_files, read_rows
from ingest.shapes import recognise

HERE = Path(__file__).resolve().parent
REALDATA = Path(os.environ.get("REMIXGRAPH_REALDATA") or HERE.parent.parent / "shared" / "data")
VERDICTS = 2_000


def main() -> None:
    """Measure the stages and print them with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=REALDATA / "hub-2024-07")
    parser.add_argument("--top", type=int, default=0, help="show the gravest findings, too")
    options = parser.parse_args()
    started = perf_counter()
    views = views_of(_records(options.folder))
    read = perf_counter()
    print(f"{len(views):,} views read in {read - started:.1f} s, {_peak():,.0f} MB")
    inheritance = inherit(views)
    inherited = perf_counter()
    found = {artefact: find(inheritance, artefact) for artefact in views}
    done = perf_counter()
    print(f"burdens {inherited - read:.1f} s, rules {done - inherited:.1f} s, {_peak():,.0f} MB")
    print(f"findings of all: {done - read:.1f} s (at most 60), {_peak():,.0f} MB (at most 2,000)")
    print(_counts(found))
    _by_situation(options.folder)
    _verdicts(views)
    _show(found, inheritance, options.top)


def _by_situation(folder: Path) -> None:
    """Time the findings of all from the tables, as a build writes them."""
    latest = {(record.kind, record.id): record for record in _records(folder)}
    tables = unite([tables_of(latest.values())])
    started = perf_counter()
    found = state_all(tables)
    judged = perf_counter()
    lines = sum(text.count("\n") for text in found.lines())
    spent = (
        f"{judged - started:.1f} s and {perf_counter() - judged:.1f} s to write (at most 4 in all)"
    )
    print(f"by situation: {found.judgements:,} judgements in {spent}, {lines:,} lines")


def _records(folder: Path) -> Iterator[Repository]:
    for path in find_files([folder / "models", folder / "datasets"]):
        for rows in read_rows(path):
            if shape := recognise(rows):
                yield from shape.source.parse(rows, Aliases.seed(), path.name).records


def _counts(found: dict[Artefact, list[Finding]]) -> str:
    counts = Counter((one.rule, one.level.value) for findings in found.values() for one in findings)
    return ", ".join(f"{rule} {level} {count:,}" for (rule, level), count in sorted(counts.items()))


def _verdicts(views: dict[Artefact, LicenseView]) -> None:
    """Time single verdicts, each from its own lineage alone, as a command gives them."""
    derived = [artefact for artefact, view in views.items() if view.parents][:VERDICTS]
    answers: Counter[str] = Counter()
    spent = []
    for artefact in derived:
        started = perf_counter()
        lineage = lineage_of(artefact, views.get)
        answers[judge(inherit(lineage), artefact, Use.COMMERCIAL).answer.value] += 1
        spent.append((perf_counter() - started) * 1000)
    if not spent:
        return
    print(f"one verdict: median {statistics.median(spent):.2f} ms, worst {max(spent):.1f} ms")
    print(f"commercial use of {len(derived):,} derived models: {dict(sorted(answers.items()))}")


def _show(found: dict[Artefact, list[Finding]], inheritance: Inheritance, top: int) -> None:
    """Print some of the gravest findings, along the longest paths."""
    grave = [one for findings in found.values() for one in findings if one.level.rank == 0]
    for one in sorted(grave, key=lambda one: (-len(one.path), one.order))[:top]:
        path = " <- ".join(step.id for step in one.path)
        declared = inheritance.view(one.path[0]).declarations
        print(one.rule, f"{one.confidence:.2f}", [each.declared for each in declared], path)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
