"""Drift counted by arrays comes to the same as step by step."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.model.records import LicenseDeclaration, Relation, Repository
from graph.statistics.drift import drift, transitions
from graph.statistics.drift_steps import steps_in
from graph.statistics.drift_tallies import Tally, by_month, matrix, tally
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, license_, model
from tests.depth import dear
from tests.graphs import graph_in_memory

NAMES = [f"o/{letter}" for letter in "abcde"]
RELATIONS = ["finetune", "merge", "adapter", "quantized", "unspecified"]
DECLARED: list[tuple[LicenseDeclaration, ...]] = [
    (),
    (license_("mit"),),
    (license_("llama3"),),
    (license_("mit"), license_("gpl-3.0")),
    (license_("other", license=None, name="qwen-research"),),
    (license_("other", license=None),),
    (license_("mit"), license_("other", license=None, name="nobody-knows")),
]


def counted(graph: LineageGraph) -> list[Tally]:
    """Return the tallies of a graph."""
    return tally(graph, index.of(graph))


def test_a_text_behind_other_is_read_from_the_store() -> None:
    """The index has no name for it; the steps of one month and two licences are one count."""
    graph = graph_in_memory(
        model("a/base", licenses=(license_("other", license=None, name="qwen-research"),)),
        *(model(f"a/{n} -> a/base: finetune", created="2024-05-01T00:00:00Z") for n in range(3)),
    )

    expected = [Tally(Relation.FINETUNE, "qwen-research", "none declared", "2024-05", 3)]
    assert expected == counted(graph)


@given(st.data())
@dear
def test_the_counts_are_those_of_the_steps(data: st.DataObject) -> None:
    """Whatever is declared, named twice, made from itself or from data: each figure agrees."""
    graph = graph_in_memory(*(_record(data, name) for name in NAMES), dataset("o/data"))
    steps = steps_in(graph)
    tallies = counted(graph)
    each = Counter[tuple[Relation, str, str]]()
    for one in tallies:
        each[one.relation, one.parent, one.child] += one.steps

    assert drift(steps, lambda step: step.month) == by_month(tallies)
    assert {row[:3]: row[3] for row in transitions(steps)} == each
    assert len(steps) == sum(matrix(tallies).values())


def _record(data: st.DataObject, name: str) -> Repository:
    links = st.tuples(st.sampled_from([*NAMES, "gone/x"]), st.sampled_from(RELATIONS))
    drawn = [f"{parent}: {relation}" for parent, relation in data.draw(st.lists(links, max_size=4))]
    drawn += ["o/data: trained_on"] * data.draw(st.booleans())
    return model(
        f"{name} -> {', '.join(drawn)}",
        licenses=data.draw(st.sampled_from(DECLARED)),
        created=data.draw(st.sampled_from([None, "2024-05-01T00:00:00Z", "2025-01-09T00:00:00Z"])),
    )
