"""Licence drift: what becomes of a licence from parent to child, on drawn and on real lineages."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.licenses.facts import facts
from graph.licenses.views import views_of
from graph.model.records import Kind, Relation
from graph.statistics.drift import (
    COMPARED,
    NOTHING,
    Outcome,
    Step,
    compare,
    drift,
    steps,
    transitions,
)
from graph.statistics.drift_steps import steps_in
from graph.store.lineage_graph import LineageGraph
from tests.builders import license_, model
from tests.graphs import graph_in_memory
from tests.licensing import Views, artefact, draw

_keys = st.sampled_from([NOTHING, *sorted(facts())])


def steps_of(views: Views) -> list[Step]:
    """Return the steps of a drawn lineage, without dates and families."""
    return list(steps(views, created={}, family=lambda _: ""))


# --- one step -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parent", "child", "expected"),
    [
        ("mit", "mit", Outcome.KEPT),
        ("llama3", "apache-2.0", Outcome.RELAXED),
        ("cc-by-nc-4.0", "mit", Outcome.RELAXED),
        ("gpl-3.0", "mit", Outcome.RELAXED),
        ("cc-by-nc-sa-4.0", "cc-by-nc-4.0", Outcome.RELAXED),
        ("mit", "cc-by-nc-4.0", Outcome.TIGHTENED),
        ("apache-2.0", "gpl-3.0", Outcome.TIGHTENED),
        ("mit", "apache-2.0", Outcome.EXCHANGED),  # the same demands by another name
        ("gpl-3.0", "cc-by-nc-4.0", Outcome.EXCHANGED),  # no share-alike, and no commerce
        ("llama2", "llama3", Outcome.EXCHANGED),
        ("mit", NOTHING, Outcome.DROPPED),
        (NOTHING, "mit", Outcome.ADDED),
        (NOTHING, NOTHING, Outcome.SILENT),
    ],
)
def test_what_becomes_of_a_licence(parent: str, child: str, expected: Outcome) -> None:
    """Demands are compared as sets: a part of them is less, what holds them all is more."""
    assert expected is compare(parent, child)


@given(_keys, _keys)
def test_relaxing_there_is_tightening_back(one: str, other: str) -> None:
    """The way back of a relaxed step is a tightened one, and so on."""
    back = {
        Outcome.RELAXED: Outcome.TIGHTENED,
        Outcome.TIGHTENED: Outcome.RELAXED,
        Outcome.DROPPED: Outcome.ADDED,
        Outcome.ADDED: Outcome.DROPPED,
    }
    there = compare(one, other)

    assert back.get(there, there) is compare(other, one)


# --- drawn lineages -----------------------------------------------------------------------------


def test_steps_are_pairs_with_a_relation() -> None:
    """Both ends are known; training data, generated data, twins and self-loops are no steps."""
    views = draw(
        "acme/mix@mit -> acme/a: merge, acme/b: merge, acme/a: unspecified, acme/mix: finetune,"
        " datasets/acme/qa: trained_on, acme/gone: finetune",
        "acme/a@mit",
        "acme/b@llama3",
        "datasets/acme/qa@mit -> acme/a: generated, datasets/acme/raw: source",
        "datasets/acme/raw@cc-by-nc-4.0",
    )

    assert [
        (Relation.MERGE, "mit", "mit"),
        (Relation.MERGE, "llama3", "mit"),
        (Relation.SOURCE, "cc-by-nc-4.0", "mit"),
    ] == [step[:3] for step in steps_of(views)]


def test_what_is_left_open_is_unclear() -> None:
    """Several licences, and one that no table knows, are compared with nothing."""
    views = draw("a/x@mit|gpl-3.0 -> a/y: finetune", "a/y@other:odd -> a/z: finetune", "a/z@mit")

    assert [Outcome.UNCLEAR] * 2 == [step.outcome for step in steps_of(views)]


def test_shares_are_of_what_can_be_compared() -> None:
    """One of two that can is relaxed; the silent one beside them counts as a step only."""
    views = draw(
        "a/x@mit -> a/base: finetune",
        "a/y@llama3 -> a/base: finetune",
        "a/w -> a/z: finetune",
        "a/base@llama3",
        "a/z",
    )
    (found,) = drift(steps_of(views), attrgetter("relation"))

    assert (3, 2) == (found.steps, found.compared)
    assert (0.5, 0.5) == (found.share(Outcome.RELAXED), found.share(Outcome.KEPT))


def test_steps_are_counted_by_month_and_family() -> None:
    """The month is that of the child, the family its nearest root."""
    views = draw("a/x@mit -> a/base: finetune", "a/y@mit -> a/base: adapter", "a/base@mit")
    created = {artefact("a/x"): "2024-07-01T00:00:00Z"}
    found = list(steps(views, created=created, family=lambda one: one.name))

    assert ["2024-07", "unknown"] == [group.group for group in drift(found, attrgetter("month"))]
    assert ["x", "y"] == [group.group for group in drift(found, attrgetter("family"))]
    assert [(Relation.FINETUNE, "mit", "mit", 1), (Relation.ADAPTER, "mit", "mit", 1)] == (
        transitions(found)
    )


def test_a_family_is_named_after_its_root() -> None:
    """In a graph, it is told from the index; a ring has no root."""
    from graph import lineage as index

    mit = (license_("mit"),)
    graph = graph_in_memory(
        model("a/x -> a/y: finetune", licenses=mit, created="2024-07-01T00:00:00Z"),
        model("a/y -> a/base: finetune", licenses=mit),
        model("a/base", licenses=mit),
        model("a/one -> a/two: merge"),
        model("a/two -> a/one: merge"),
    )
    found = steps_in(graph, index.of(graph))

    assert {"a/base": 2, "no root": 2} == Counter(step.family for step in found)
    assert {"2024-07": 1, "unknown": 3} == Counter(step.month for step in found)


# --- real lineages ------------------------------------------------------------------------------


@pytest.mark.realdata
def test_recorded_pages_give_the_same_counts_by_any_grouping(few_pages: LineageGraph) -> None:
    """However steps are grouped, they are the same; records and columns give the same ones."""
    found = steps_in(few_pages)
    records = [few_pages.record(node) for kind in Kind for node in few_pages.nodes(kind)]
    expected = Counter(step[:3] for step in steps_of(views_of(records)))

    assert expected == Counter(step[:3] for step in found)
    for by in ("relation", "month"):
        groups = drift(found, attrgetter(by))
        assert len(found) == sum(group.steps for group in groups)
        assert all(
            pytest.approx(1) == sum(group.share(word) or 0 for word in COMPARED)
            for group in groups
            if group.compared
        )
