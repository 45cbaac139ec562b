"""Growth and the overview: counts over the index, by hand."""

from __future__ import annotations

from graph import lineage as index
from graph.model.records import Relation
from graph.statistics.growth import Growth, growth
from graph.statistics.overview import overview
from tests.builders import dataset, license_, model, space
from tests.graphs import graph_in_memory

INDEX = index.of(
    graph_in_memory(
        model("a/base", created="2022-03-02T23:29:04Z", licenses=(license_("mit"),)),
        model("a/one -> a/base: finetune", created="2024-01-05T00:00:00Z"),
        model(
            "a/two -> a/base: finetune, a/one: merge, a/two: merge",
            created="2024-03-05T00:00:00Z",
            licenses=(license_("llama2"), license_("mit")),
        ),
        model("a/undated -> a/base: quantized"),
        dataset("d/data", created="2024-03-01T00:00:00Z"),
        space("s/space", created="2024-03-31T00:00:00Z"),
    )
)


def test_growth_counts_what_came_in_each_month() -> None:
    """Months of which nothing is known are left out; a model made from itself makes no step."""
    found = growth(INDEX, [Relation.FINETUNE, Relation.MERGE])

    assert [
        Growth(
            month="2024-01",
            models=1,
            datasets=0,
            spaces=0,
            steps=1,
            edges={Relation.FINETUNE: 1, Relation.MERGE: 0},
        ),
        Growth(
            month="2024-03",
            models=1,
            datasets=1,
            spaces=1,
            steps=2,
            edges={Relation.FINETUNE: 1, Relation.MERGE: 1},
        ),
    ] == found


def test_growth_follows_the_relations() -> None:
    """Steps of other relations do not count."""
    assert [0, 1] == [month.steps for month in growth(INDEX, [Relation.MERGE])]


def test_the_overview_is_counts_over_the_models() -> None:
    """The words are those of stats; several licences are in a class of their own."""
    found = overview(INDEX)

    assert (4, 2) == (found.models, found.licensed)
    assert (4, 1) == (found.steps, found.families)
    assert {"open": 1, "unclear": 1, "none": 2} == {k: n for k, n in found.classes.items() if n}
    assert "2024-03-31" == found.newest
    assert growth(INDEX) == found.months


def test_an_empty_graph_holds_nothing() -> None:
    """And has no date."""
    found = overview(index.of(graph_in_memory(dataset("d/data"))))

    assert (0, 0) == (found.models, found.licensed)
    assert (0, 0) == (found.steps, found.families)
    assert None is found.newest
