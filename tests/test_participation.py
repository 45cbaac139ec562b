"""Participation: numbers worked out by hand, laws that hold for all, a second opinion."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.licenses import licenses
from graph.model.records import Gating, Model, Relation
from graph.model.relations import MODEL_RELATIONS
from graph.statistics.concentration import Concentration, Month, concentration, participation
from graph.statistics.pulse import Pulse, is_open, is_permissive
from graph.store.lineage_graph import LineageGraph
from tests import participation_oracle as oracle
from tests.builders import dataset, license_, model
from tests.depth import dear
from tests.graphs import graph_in_memory
from tests.measured import activity_of, pulse_of


def drawn() -> LineageGraph:
    """Return a small graph: two owners in January, a third one in February."""
    return graph_in_memory(
        model("big/base", created="2023-12-05T00:00:00Z"),
        model(
            "big/chat -> big/base: finetune",
            created="2024-01-01T00:00:00Z",
            licenses=(license_("mit"),),
        ),
        model(
            "ann/a -> big/base: finetune, gpt2: merge, d/open: trained_on",
            created="2024-01-10T00:00:00Z",
            licenses=(license_("llama2"),),
        ),
        model("ann/b -> ann/a: quantized", created="2024-01-31T23:59:59Z"),
        model("bob/c -> ann/b: adapter, bob/c: unspecified", created="2024-02-01T00:00:00Z"),
        model("old/x -> big/base: finetune", created="2022-03-02T23:29:04Z"),
        model("new/y -> big/base: finetune, ann/a: merge"),
        dataset("d/open", licenses=(license_("cc-by-sa-4.0"),)),
    )


JANUARY = Month(
    month="2024-01",
    models=3,
    derivatives=3,
    derivative_share=1.0,
    remixers=2,  # big, ann
    bases=Concentration(  # big 2 of 4 steps, gpt2 1, ann 1
        total=4,
        owners=3,
        top_1=2 / 4,
        top_5=1.0,
        top_10=1.0,
        herfindahl=(4 + 1 + 1) / 16,
        effective_owners=16 / 6,
    ),
    crossing=Concentration(  # ann/a to big and to gpt2
        total=2,
        owners=2,
        top_1=1 / 2,
        top_5=1.0,
        top_10=1.0,
        herfindahl=1 / 2,
        effective_owners=2.0,
    ),
    origins=Concentration(  # big/base for big/chat; gpt2 or big/base for ann/a and ann/b: the first
        total=3,
        owners=1,
        top_1=1.0,
        top_5=1.0,
        top_10=1.0,
        herfindahl=1.0,
        effective_owners=1.0,
    ),
    cross_owner=2 / 4,
    ownerless=1 / 4,  # gpt2
    licensed=2,
    permissive=1 / 2,  # mit, not llama2
    naming_data=1,
    open_data=1.0,
    mean_depth=4 / 3,  # 1, 1 and 2
    greatest_depth=2,
    second_hand=1 / 3,
)


def test_a_month_by_its_definitions() -> None:
    """January's numbers are those that one counts on paper."""
    found = pulse_of(drawn())

    assert ["2023-12", "2024-01", "2024-02"] == [row.month for row in found.months]
    assert JANUARY == found.months[1]
    assert (5, 5, None) == (found.total.models, found.total.bases.total, found.total.month)


def test_what_names_itself_is_no_step() -> None:
    """In February there is one step, although the model names itself beside its parent."""
    february = pulse_of(drawn()).months[2]

    assert (1, 1, 3) == (february.models, february.bases.total, february.greatest_depth)


def test_what_comes_from_a_cycle_only_has_no_origin() -> None:
    """Hen and egg are derivatives, and of nobody's root."""
    found = pulse_of(
        graph_in_memory(
            model("a/hen -> b/egg: merge", created="2024-01-01T00:00:00Z"),
            model("b/egg -> a/hen: merge", created="2024-01-01T00:00:00Z"),
        )
    )

    assert (2, 2, 0) == (
        *(found.total.derivatives, found.total.bases.total, found.total.origins.total),
    )


def test_what_has_no_month_is_counted() -> None:
    """The Hub's first date says nothing, with its second second; neither does no date."""
    found = pulse_of(drawn())
    later = pulse_of(graph_in_memory(model("a/b", created="2022-03-02T23:29:05Z")))

    assert (1, 1, 1, 2) == (
        *(found.floor, found.floor_steps),
        *(found.undated, found.undated_steps),
    )
    assert (1, 0, []) == (later.floor, later.undated, later.months)


def test_months_can_be_chosen() -> None:
    """From and to include their months; the total is that of the months shown."""
    graph = drawn()
    january = pulse_of(graph, first="2024-01", last="2024-01")

    assert ["2024-01"] == [row.month for row in january.months]
    assert msgspec.structs.replace(JANUARY, month=None) == january.total
    assert [] == pulse_of(graph, first="2024-03").months
    assert 2 == len(pulse_of(graph, last="2024-01").months)


@pytest.mark.parametrize("relation", MODEL_RELATIONS)
def test_any_relation_can_be_left_out(relation: Relation) -> None:
    """Whichever place its bit has."""
    rest = tuple(one for one in MODEL_RELATIONS if one is not relation)

    assert rest == pulse_of(drawn(), relations=rest).relations


def test_relations_can_be_chosen() -> None:
    """Only steps of the wanted relations count, for depth, too."""
    found = pulse_of(drawn(), relations=[Relation.QUANTIZED])

    assert (1, 1, 1) == (
        *(found.total.derivatives, found.total.bases.total, found.total.greatest_depth),
    )
    assert (Relation.QUANTIZED,) == found.relations


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"licenses": (license_("mit"),)}, 1.0),
        ({"licenses": (license_("mit"), license_("cc-by-nc-4.0"))}, 0.0),
        ({"licenses": (license_("mit"), license_("Odd", license=None))}, 0.0),
        ({"licenses": (license_("mit"),), "gating": Gating.AUTO}, 0.0),
        ({"licenses": (license_("mit"),), "gating": Gating.NONE}, 1.0),
        ({}, 0.0),
    ],
)
def test_open_data_is_free_for_all(fields: dict[str, Any], expected: float) -> None:
    """Every licence of it is open, and nobody must be asked."""
    graph = graph_in_memory(
        model("a/b -> d/x: trained_on", created="2024-01-01T00:00:00Z"), dataset("d/x", **fields)
    )

    assert expected == pulse_of(graph).total.open_data


def test_data_that_is_only_named_is_not_open() -> None:
    """One dataset that the graph does not hold is enough."""
    graph = graph_in_memory(
        model("a/b -> d/x: trained_on, d/y: trained_on", created="2024-01-01T00:00:00Z"),
        dataset("d/x", licenses=(license_("mit"),)),
    )

    assert 0.0 == pulse_of(graph).total.open_data


def test_licences_are_those_of_the_second_opinion() -> None:
    """What counts as permissive and as open is listed twice."""
    assert set(licenses()) & oracle.PERMISSIVE == set(filter(is_permissive, licenses()))
    assert set(licenses()) & oracle.OPEN == set(filter(is_open, licenses()))


def test_an_empty_graph_has_no_months() -> None:
    """And a total of nothing, with shares that nobody knows."""
    found = pulse_of(graph_in_memory())

    assert ([], 0, None) == (found.months, found.total.models, found.total.bases.herfindahl)


# --- laws ---------------------------------------------------------------------------------------

_owners = st.lists(st.integers(0, 12), min_size=1, max_size=60)


@given(_owners)
def test_concentration_is_between_equality_and_monopoly(owners: list[int]) -> None:
    """Shares grow with the number of owners, and the index lies between 1/n and 1."""
    found = concentration(np.array(owners))
    tops = (found.top_1, found.top_5, found.top_10)

    assert None not in tops
    assert sorted(top or 0 for top in tops) == list(tops)
    assert 1 / found.owners - 1e-12 <= (found.herfindahl or 0) <= 1
    assert (found.top_1 or 0) ** 2 - 1e-12 <= (found.herfindahl or 0) <= (found.top_1 or 0) + 1e-12
    assert found.owners > 10 or found.top_10 == 1


@given(_owners, st.randoms())
def test_order_does_not_matter(owners: list[int], random: Any) -> None:  # noqa: ANN401 - a Random
    """Steps in another order, and owners with other numbers, are shared out alike."""
    names = random.sample(range(100), 13)
    other = [names[owner] for owner in random.sample(owners, len(owners))]

    assert concentration(np.array(owners)) == concentration(np.array(other))


_ids = st.sampled_from(["a/x", "a/y", "b/x", "b/y", "c/x", "x", "gpt2"])
_dates = st.sampled_from(
    [
        *(None, "2022-03-02T23:29:04Z", "2022-03-03T00:00:00Z"),
        *("2024-01-31T23:59:59Z", "2024-02-01T00:00:00Z"),
    ]
)
_keys = st.lists(st.sampled_from(["mit", "cc-by-sa-4.0", "llama2"]), max_size=2, unique=True)
_data = st.lists(st.sampled_from(["d/open", "d/closed", "d/unknown"]), max_size=2, unique=True)
_made = st.lists(
    st.builds(
        oracle.Made, _ids, _dates, st.lists(_ids, max_size=3, unique=True).map(tuple), _keys, _data
    ),
    max_size=7,
    unique_by=lambda one: one.id,
)
DATA = (
    dataset("d/open", licenses=(license_("mit"),)),
    dataset("d/closed", licenses=(license_("llama2"),)),
)


@dear
@given(_made)
def test_the_second_opinion_agrees(made: list[oracle.Made]) -> None:
    """Whatever was made when and by whom, plain Python finds the same, to the last digit or so."""
    found = pulse_of(graph_in_memory(*map(to_model, made), *DATA))

    agree(found, made, open_data={"d/open"})


@dear
@given(_made, st.randoms())
def test_steps_may_come_in_any_order(made: list[oracle.Made], random: Any) -> None:  # noqa: ANN401 - a Random
    """The rows are the same when the steps are shuffled."""
    active = activity_of(graph_in_memory(*map(to_model, made)))
    order = np.array(random.sample(range(len(active.child)), len(active.child)), np.int64)
    other = active._replace(child=active.child[order], parent=active.parent[order])

    assert participation(active) == participation(other)


def to_model(one: oracle.Made) -> Model:
    """Return the record of a model."""
    links = [f"{parent}: finetune" for parent in one.parents]
    links += [f"{name}: trained_on" for name in one.data]
    return model(
        f"{one.id} -> {', '.join(links)}",
        created=one.created,
        licenses=tuple(map(license_, one.licenses)),
    )


def agree(found: Pulse, made: list[oracle.Made], **known: Any) -> None:  # noqa: ANN401 - passed on
    """Compare a pulse with the second opinion's."""
    rows: list[dict[str, Any]] = msgspec.to_builtins([*found.months, found.total])
    actual = {row.pop("month"): row for row in rows}
    expected = oracle.pulse(made, **known)

    assert expected.keys() == actual.keys()
    for month, figures in expected.items():
        for part in ("bases", "crossing", "origins"):
            assert pytest.approx(figures.pop(part), nan_ok=True) == actual[month].pop(part)
        assert pytest.approx(figures) == actual[month], month
    assert oracle.without_a_month(made) == {
        name: getattr(found, name) for name in ("floor", "floor_steps", "undated", "undated_steps")
    }
