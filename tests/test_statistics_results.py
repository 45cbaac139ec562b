"""The statistics of a build: what is read is what is counted, and damage is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest

from graph import lineage as index
from graph.model.errors import InvalidGraph
from graph.model.records import Relation
from graph.model.relations import MODEL_RELATIONS
from graph.statistics import results
from graph.statistics.growth import growth
from graph.statistics.highlights import Base, Conflict, Data, Highlights, Merge, Newest, highlights
from graph.statistics.overview import overview
from graph.statistics.pulse import pulse
from graph.statistics.striking import gravest_conflict
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph
from graph.store.results import RESULTS
from tests.builders import dataset, license_, model
from tests.graphs import build_graph
from tests.measured import activity_of, pulse_of, statistics_of, transitions_of

RECORDS = (
    model("a/base", licenses=(license_("cc-by-nc-4.0"),), created="2024-01-05T00:00:00Z"),
    model("b/tuned -> a/base: finetune", licenses=(license_("mit"),), downloads=9),
    model("c/mix -> a/base: merge, b/tuned: merge, d/data: trained_on"),
    dataset("d/data"),
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineageGraph]:
    """Yield an opened graph of each kind of highlight."""
    with LineageGraph.open(build_graph(tmp_path_factory.mktemp("graph"), *RECORDS)) as opened:
        yield opened


def test_what_is_read_is_what_is_counted(graph: LineageGraph) -> None:
    """Documents and arrays come back as they were made."""
    lineage = index.of(graph)

    assert msgspec.to_builtins(statistics_of(graph)) == results.read_statistics(graph)
    assert pulse_of(graph) == results.read_pulse(graph)
    assert overview(lineage) == results.read_overview(graph)
    assert growth(lineage) == results.read_overview(graph).months
    for made, read in (
        (activity_of(graph), results.read_activity(graph)),
        (transitions_of(graph), results.read_transitions(graph)),
    ):
        assert made._fields == read._fields
        for one, other in zip(made, read, strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype


def test_the_stored_activity_gives_any_other_pulse(graph: LineageGraph) -> None:
    """Months and relations may be chosen later."""
    active, lineage = results.read_activity(graph), index.of(graph)

    for choice in ({"relations": [Relation.MERGE]}, {"first": "2024-02"}, {"last": "2023-12"}):
        assert pulse_of(graph, **choice) == pulse(active, lineage, **choice)
    assert results.read_pulse(graph) == pulse(active, lineage, relations=MODEL_RELATIONS)


def test_highlights_come_back_whole(graph: LineageGraph) -> None:
    """With nodes, levels and whatever is the latest."""
    read, lineage = results.read_highlights(graph), index.of(graph)
    conflict = gravest_conflict(graph.store, lineage)

    assert highlights(lineage, conflict=conflict) == read
    kinds = [type(one) for one in msgspec.structs.astuple(read)]
    assert [Base, Merge, Conflict, Data, Newest] == kinds


@dataclass(frozen=True)
class Damage:
    """A file of a build, and what it holds after an accident; None for nothing at all."""

    file: str
    content: bytes | None


@pytest.mark.parametrize(
    "damage",
    [
        *(Damage(f"{name}.json", None) for name in ("counts", "overview", "highlights", "pulse")),
        Damage("overview.json", b'{"models": "many"}'),
        Damage("pulse.json", b"\xff"),
    ],
)
def test_a_damaged_document_is_told_with_its_remedy(tmp_path: Path, damage: Damage) -> None:
    """Nothing is counted anew in silence."""
    build_graph(tmp_path, model("a/base"))
    path = build_directory(tmp_path, "000001") / RESULTS / damage.file
    path.unlink() if damage.content is None else path.write_bytes(damage.content)

    with LineageGraph.open(tmp_path) as opened:
        assert len(_DOCUMENTS) == sum(_fails(read, opened) for read in _DOCUMENTS)


_DOCUMENTS = (
    results.read_statistics,
    results.read_overview,
    results.read_highlights,
    results.read_pulse,
)


def _fails(read: object, opened: LineageGraph) -> bool:
    try:
        read(opened)  # type: ignore[operator]
    except InvalidGraph as error:
        return "run `remixgraph index`" in str(error)
    return False


def test_an_empty_graph_has_highlights_of_nothing(tmp_path: Path) -> None:
    """Each is None."""
    build_graph(tmp_path, model("a/base"))

    with LineageGraph.open(tmp_path) as opened:
        assert Highlights(None, None, None, None, None) == results.read_highlights(opened)
