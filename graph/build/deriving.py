"""What follows from the whole graph: worked out from its tables in named steps, in one moment.

Each step is a function from the tables, and from what the steps before it gave, to arrays and
documents that lie beside the store (``STEPS``), or to lines of N-Quads in it (``STATEMENTS``). To
add something derived is to add a step.

Rule: all of it can be thrown away and made again from the tables. So a record knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox
import zstandard

from graph.licenses.described import describe_facts
from graph.licenses.situations.stating import Statements as LicenseStatements
from graph.licenses.situations.stating import state_all
from graph.lineage.arrays import derived_links, lineage_arrays, links_of
from graph.lineage.closing import Closure
from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.quality.finding_arrays import collected
from graph.quality.lineage_problems import lineage_problems
from graph.quality.report import QualityReport
from graph.rdf import terms
from graph.search.token_index import index_words
from graph.statistics.results import closing_documents, measure
from graph.statistics.summaries import summaries
from graph.statistics.transitions import Transitions, transitions
from graph.store.results import TABLES, Manifest, Results, write_results
from graph.tables.files import open_tables, write_tables
from graph.tables.lines import Lines, to_bytes, to_lines
from graph.tables.schema import Tables, words_of
from graph.view.atlas.placing import lay_out

__all__ = ["STATEMENTS", "STEPS", "Draft", "Statements", "Step", "derive", "finding_lines"]

_SUMMARIES = "summaries.nq.zst"


class Draft:
    """The results of a build in the making, as far as its steps have been taken."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.arrays: dict[str, Array] = {}
        self.documents: dict[str, bytes] = {}
        self.counts: dict[str, int] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self._results: Results | None = None

    @classmethod
    def resume(cls, results: Results) -> Self:
        """Return the draft that the results of a build were written from."""
        assert results.directory is not None  # noqa: S101 - a build is on disk
        draft = cls(open_tables(results.directory / TABLES))
        draft._results = results
        return draft

    @cached_property
    def closure(self) -> Closure:
        """The ancestor closure."""
        return Closure(self.tables)

    @cached_property
    def summary_lines(self) -> Lines:
        """What is counted over the whole graph, as N-Quads; of a build on disk, as it was kept."""
        if self._results is not None:
            text = zstandard.decompress(self._results.text(_SUMMARIES)).decode()
            return pa.array([f"{line}\n" for line in text.split("\n")[:-1]], pa.string())
        pairs = self.closure.pairs
        return pa.concat_arrays(
            [
                to_lines(summaries(self.tables, pairs, self.transitions), v.SUMMARIES),
                to_lines(lineage_problems(self.report), v.SUMMARIES),
            ]
        )

    @cached_property
    def results(self) -> Results:
        """What there is so far, as whoever opens the build will see it."""
        manifest = Manifest(counts=self.counts, words=self.words, files={})
        return Results(manifest, self.arrays, self.documents)

    @cached_property
    def index(self) -> LineageIndex:
        """The lineage index; the step ``lineage`` must have been taken."""
        return LineageIndex(self.results)

    @cached_property
    def report(self) -> QualityReport:
        """All that is wrong with the graph."""
        return QualityReport.of(self.tables, self.index)

    @cached_property
    def transitions(self) -> Transitions:
        """From which licence to which its steps lead."""
        return transitions(self.tables, self.index.roots)

    @cached_property
    def licensing(self) -> LicenseStatements:
        """What is found of the licences of every model and dataset."""
        return state_all(self.tables)

    def close(self, store: ox.Store) -> None:
        """Add what can only be told of the finished store."""
        self.documents |= closing_documents(self.tables, self.index, store)

    def write(self, directory: Path) -> None:
        """Write the tables and everything that lies beside the store into a directory."""
        self.documents[_SUMMARIES] = zstandard.compress(to_bytes(self.summary_lines))
        write_tables(self.tables, directory / TABLES)
        write_results(directory, self.arrays, self.documents, counts=self.counts, words=self.words)

    def lines(self) -> Iterator[bytes]:
        """Yield everything derived that the store holds, as N-Quads."""
        for statements in STATEMENTS:
            yield from map(to_bytes, statements.lines(self))
        yield from finding_lines(self.licensing)


class Step(NamedTuple):
    """A step that gives arrays, documents, counts or words, and adds them to the draft."""

    name: str
    take: Callable[[Draft], None]


class Statements(NamedTuple):
    """What a step states in the store, as N-Quads: all lines, and what differs from another draft.

    ``differences`` gives the lines that went, and those that came.
    """

    name: str
    lines: Callable[[Draft], Iterable[Lines]]
    differences: Callable[[Draft, Draft], tuple[list[Lines], list[Lines]]]


def finding_lines(found: LicenseStatements) -> Iterator[bytes]:
    """Yield what was found of licences as N-Quads, in the graph of findings."""
    end = f" {terms.iri(v.FINDINGS)} .\n"
    for text in found.lines():
        yield text.replace(" .\n", end).encode()  # no literal has a line end in it


def derive(tables: Tables) -> Draft:
    """Return everything that follows from tables, but for what the store is to hold of it."""
    draft = Draft(tables)
    for step in STEPS:
        step.take(draft)
    return draft


def _lineage(draft: Draft) -> None:
    arrays, words = lineage_arrays(draft.tables)
    draft.arrays |= arrays
    draft.words |= words
    draft.counts |= {"nodes": len(draft.tables), "edges": len(arrays["up_ends"])}


def _search(draft: Draft) -> None:
    ids = draft.tables.repositories["id"].to_pylist()
    draft.arrays |= index_words(ids, draft.arrays["downloads"])


def _atlas(draft: Draft) -> None:
    links = derived_links(links_of(draft.tables))
    draft.arrays |= lay_out(links, draft.arrays["influence"], draft.arrays["created"])


def _quality(draft: Draft) -> None:
    draft.arrays |= draft.report.arrays()
    draft.counts |= {name.value: len(found) for name, found in draft.report.found.items()}


def _findings(draft: Draft) -> None:
    draft.arrays |= collected(draft.licensing.rows(), draft.arrays["downloads"])
    draft.counts["findings"] = len(draft.arrays["finding_repository"])


def _statistics(draft: Draft) -> None:
    arrays, documents = measure(draft.tables, draft.index, draft.transitions)
    draft.arrays |= arrays
    draft.documents |= documents


STEPS = (
    Step("lineage", _lineage),
    Step("search", _search),
    Step("atlas", _atlas),
    Step("quality", _quality),
    Step("findings", _findings),
    Step("statistics", _statistics),
)
"""The steps in their order."""


def _compared(
    lines: Callable[[Draft], Lines],
) -> Callable[[Draft, Draft], tuple[list[Lines], list[Lines]]]:
    """Return what compares all lines of two drafts: for what is not many."""

    def differences(old: Draft, new: Draft) -> tuple[list[Lines], list[Lines]]:
        before, after = lines(old), lines(new)
        gone = before.filter(pc.invert(pc.is_in(before, after)))
        return [gone], [after.filter(pc.invert(pc.is_in(after, before)))]

    return differences


def _fact_lines(draft: Draft) -> Lines:
    return to_lines(describe_facts(words_of(draft.tables.licenses, "license")), v.LICENSES)


def _summary_lines(draft: Draft) -> Lines:
    return draft.summary_lines


STATEMENTS = (
    Statements(
        "closure",
        lambda draft: draft.closure.lines(),
        lambda old, new: new.closure.differences(old.closure),
    ),
    Statements("summaries", lambda draft: [_summary_lines(draft)], _compared(_summary_lines)),
    Statements("licence facts", lambda draft: [_fact_lines(draft)], _compared(_fact_lines)),
)
"""What the store holds of it, but for what is found of licences: that is by repository."""
