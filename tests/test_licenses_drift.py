"""Licence drift: what becomes of a licence from parent to child, on drawn and on real lineages."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.licenses.facts import facts
from graph.model.records import Kind, LicenseDeclaration, Relation, Repository
from graph.statistics.drift import COMPARED, Outcome, compare
from graph.statistics.license_labels import NOTHING
from graph.statistics.results import read_transitions
from graph.statistics.transitions import Transitions, transitions
from graph.store.lineage_graph import LineageGraph
from graph.tables.recording import tables_of
from graph.tables.schema import RELATIONS
from graph.tables.uniting import unite
from tests import drift_oracle as oracle
from tests.builders import dataset, license_, model
from tests.depth import dear
from tests.graphs import graph_in_memory
from tests.lineages import index_of
from tests.measured import transitions_of

_keys = st.sampled_from([NOTHING, *sorted(facts())])


MIT, LLAMA = (license_("mit"),), (license_("llama3"),)


def found_in(*records: Repository) -> Transitions:
    """Return the transitions of records; each child is of a family of its own, named by it."""
    tables = unite([tables_of(records)])
    return transitions(tables, np.arange(len(tables)))


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
    found = found_in(
        model(
            "acme/mix -> acme/a: merge, acme/b: merge, acme/a: unspecified, acme/mix: finetune,"
            " acme/qa: trained_on, acme/gone: finetune",
            licenses=MIT,
        ),
        model("acme/a", licenses=MIT),
        model("acme/b", licenses=LLAMA),
        dataset("acme/qa -> acme/a: generated, acme/raw: source", licenses=MIT),
        dataset("acme/raw", licenses=(license_("cc-by-nc-4.0"),)),
    )

    assert [
        (Relation.MERGE, "llama3", "mit", 1),
        (Relation.MERGE, "mit", "mit", 1),
        (Relation.SOURCE, "cc-by-nc-4.0", "mit", 1),
    ] == found.rows()


def test_what_is_left_open_is_unclear() -> None:
    """Several licences, and one that no table knows, are compared with nothing."""
    found = found_in(
        model("a/x -> a/y: finetune", licenses=(*MIT, license_("gpl-3.0"))),
        model(
            "a/y -> a/z: finetune", licenses=(license_("other", license=None, name="my-own-terms"),)
        ),
        model("a/z", licenses=MIT),
    )

    assert {Outcome.UNCLEAR: 2} == found.whole().counts


def test_a_text_behind_other_is_a_licence() -> None:
    """The steps of one month and two licences are one count."""
    found = found_in(
        model("a/base", licenses=(license_("other", license=None, name="qwen-research"),)),
        *(model(f"a/{n} -> a/base: finetune", created="2024-05-01T00:00:00Z") for n in range(3)),
    )

    assert [(Relation.FINETUNE, "qwen-research", "none declared", 3)] == found.rows()


def test_shares_are_of_what_can_be_compared() -> None:
    """One of two that can is relaxed; the silent one beside them counts as a step only."""
    found = found_in(
        model("a/x -> a/base: finetune", licenses=MIT),
        model("a/y -> a/base: finetune", licenses=LLAMA),
        model("a/w -> a/z: finetune"),
        model("a/base", licenses=LLAMA),
        model("a/z"),
    ).whole()

    assert (3, 2) == (found.steps, found.compared)
    assert (0.5, 0.5) == (found.share(Outcome.RELAXED), found.share(Outcome.KEPT))


def test_a_family_is_named_after_its_root() -> None:
    """It is the child's nearest root; a ring has none. Families and relations can be chosen."""
    records = (
        model("a/x -> a/y: finetune", licenses=MIT, created="2024-07-01T00:00:00Z"),
        model("a/y -> a/base: adapter", licenses=MIT),
        model("a/base", licenses=MIT),
        model("a/one -> a/two: merge"),
        model("a/two -> a/one: merge"),
    )
    found, index = transitions_of(graph_in_memory(*records)), index_of(*records)
    number = index.find(index.node(0))  # a/base comes first

    assert {"a/base": 2, "no root": 2} == {one.group: one.steps for one in found.by_family(index)}
    assert [("2024-07", 1), ("unknown", 3)] == [(one.group, one.steps) for one in found.by_month()]
    assert [2, 0] == [found.of(family=of).total() for of in (number, number + 1)]
    assert [1, 2] == [found.of(relation=RELATIONS[code]).total() for code in (1, 2)]


def test_without_steps_there_is_nothing() -> None:
    """No groups, no rows, and a whole of zero."""
    found = found_in(model("a/base"))

    assert ([], [], {}) == (found.rows(), found.by_month(), found.matrix())
    assert (0, 0) == (found.total(), found.whole().steps)


# --- a second opinion -----------------------------------------------------------------------------

NAMES = [f"o/{letter}" for letter in "abcde"]
WORDS = ["finetune", "merge", "adapter", "quantized", "converted", "distilled", "unspecified"]
DECLARED: list[tuple[LicenseDeclaration, ...]] = [
    (),
    MIT,
    LLAMA,
    (license_("mit"), license_("gpl-3.0")),
    (license_("gpl-3.0"), license_("mit")),
    (license_("other", license=None, name="qwen-research"),),
    (license_("other", license=None),),
    (license_("mit"), license_("other", license=None, name="nobody-knows")),
    (license_("mit"), license_("other", license=None, link="https://mit-license.org")),
]


@dear
@given(st.data())
def test_the_counts_are_those_of_the_steps(data: st.DataObject) -> None:
    """Whatever is declared, named twice, made from itself or from data: each figure agrees."""
    records = [*(_record(data, name) for name in NAMES), dataset("o/data")]

    agree(found_in(*records), list(oracle.steps(records)))


@pytest.mark.realdata
def test_recorded_pages_give_the_same_counts(few_pages: LineageGraph) -> None:
    """What is stored beside the graph is what its records come to."""
    records = [few_pages.record(node) for kind in Kind for node in few_pages.nodes(kind)]

    agree(read_transitions(few_pages), list(oracle.steps(records)))


def test_the_demo_gives_the_same_counts(demo: LineageGraph) -> None:
    """What is stored beside the graph is what its records come to."""
    records = [demo.record(node) for kind in Kind for node in demo.nodes(kind)]

    agree(read_transitions(demo), list(oracle.steps(records)))


def agree(found: Transitions, steps: list[oracle.Step]) -> None:
    """Compare transitions with steps that were counted one by one, by each grouping."""
    by_month = sorted(steps, key=lambda step: step.month)
    months = {
        month: Counter(compare(one.parent, one.child) for one in group)
        for month, group in groupby(by_month, key=lambda step: step.month)
    }

    assert Counter(step[:3] for step in steps) == {row[:3]: row[3] for row in found.rows()}
    assert Counter(step[1:3] for step in steps) == found.matrix()
    assert months == {one.group: one.counts for one in found.by_month()}
    assert [*months] == [one.group for one in found.by_month()]
    assert Counter(step.relation for step in steps) == {
        one.group: one.steps for one in found.by_relation()
    }
    assert len(steps) == found.total() == found.whole().steps
    for one in found.by_relation():
        shares = [one.share(outcome) or 0 for outcome in COMPARED]
        assert pytest.approx(1 if one.compared else 0) == sum(shares)


def _record(data: st.DataObject, name: str) -> Repository:
    links = st.tuples(st.sampled_from([*NAMES, "gone/x"]), st.sampled_from(WORDS))
    drawn = [f"{parent}: {relation}" for parent, relation in data.draw(st.lists(links, max_size=4))]
    drawn += ["o/data: trained_on"] * data.draw(st.booleans())
    return model(
        f"{name} -> {', '.join(drawn)}",
        licenses=data.draw(st.sampled_from(DECLARED)),
        created=data.draw(st.sampled_from([None, "2024-05-01T00:00:00Z", "2025-01-09T00:00:00Z"])),
    )
