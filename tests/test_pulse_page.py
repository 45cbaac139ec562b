"""The page Pulse as Streamlit runs it: its figures are those of ``graph.statistics.pulse``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.model.records import Model, Relation
from graph.model.relations import MODEL_RELATIONS
from graph.statistics.pulse import months_to_compare
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, license_, model
from tests.graphs import build_graph, graph_in_memory
from tests.measured import pulse_of
from tests.pages import open_page, texts
from ui.app.months import Period, read_period
from ui.app.pulse_charts import FIGURES, headline, rows


def remixes(month: str, count: int, base: str = "big/base", relation: str = "merge") -> list[Model]:
    """Return as many models of a month, each made from a base, each by another owner."""
    return [
        model(f"owner-{n}/of-{month} -> {base}: {relation}", created=f"{month}-05T00:00:00Z")
        for n in range(count)
    ]


RECORDS = [
    model("big/base", created="2023-01-01T00:00:00Z", licenses=(license_("mit"),)),
    *remixes("2023-06", 60),
    *remixes("2024-06", 40),
    *[
        model(f"other-{n}/x -> small/base: finetune", created="2024-06-09T00:00:00Z")
        for n in range(40)
    ],
    *remixes("2024-07", 3),
]


@pytest.fixture
def graph(app_graph: Path) -> Path:
    """Return a graph of two Junes, the first of one base and the second of two; July began."""
    return build_graph(app_graph, *RECORDS)


def figures(page: AppTest, key: str) -> list[dict[str, Any]]:
    """Return the table of a chart."""
    assert not page.exception
    place = [figure.key for figure in FIGURES].index(key)
    found: list[dict[str, Any]] = page.dataframe[place].value.to_dict("records")
    return found


def test_the_figures_are_those_of_the_pulse(graph: Path) -> None:
    """Every number on the page is in ``remixgraph pulse --json``, under the same name."""
    page = open_page("pulse")
    with LineageGraph.open(graph) as opened:
        expected = pulse_of(opened)

    shown = figures(page, "concentration")
    assert [month.month for month in expected.months] == [row["month"] for row in shown]
    assert [month.bases.top_1 for month in expected.months[1:]] == [
        row["bases.top_1"] for row in shown[1:]
    ]
    assert [True, False, False, True] == [row["few"] for row in shown]
    assert [one.models for one in expected.growth] == [
        row["growth.models"] for row in figures(page, "new")
    ]


@pytest.mark.usefixtures("graph")
def test_each_chart_says_what_it_shows_beside_a_year_before() -> None:
    """The month is the latest that is over; a tile sums it up."""
    said = texts(open_page("pulse"))

    assert "The ten greatest owners of bases received 100% of the steps of June 2024" in said
    assert "shared out as if among 2 equal owners, 1 a year before" in said
    assert "80 owners published derivatives in June 2024, 60 a year before" in said
    assert "<b>80</b><span>new models; 60 a year before" in said


@pytest.mark.usefixtures("graph")
def test_the_address_chooses_months_and_relations() -> None:
    """Only these are drawn, and only steps of these relations count."""
    page = open_page("pulse", first="2023-06", last="2024-06", relations="merge")

    shown = figures(page, "concentration")
    assert [("2023-06", 60), ("2024-06", 40)] == [
        (row["month"], row["bases.total"]) for row in shown
    ]
    assert "--from 2023-06 --to 2024-06 --relation merge --json" in texts(page)


@pytest.mark.usefixtures("graph")
def test_nonsense_in_the_address_is_what_is_usual() -> None:
    """No traceback, no empty page."""
    page = open_page("pulse", first="<b>", last="9999-99", relations="nothing")

    assert 4 == len(figures(page, "concentration"))


@pytest.mark.usefixtures("graph")
def test_controls_write_the_address() -> None:
    """What is chosen can be sent to somebody else."""
    page = open_page("pulse")
    page.button_group[0].set_value([Relation.MERGE]).run()

    assert {"relations": "merge"} == dict(page.query_params)
    assert 40 == figures(page, "concentration")[2]["bases.total"]


@pytest.mark.usefixtures("graph")
def test_every_chart_is_described_for_those_who_listen() -> None:
    """Its sentence is the description of the drawing."""
    page = open_page("pulse")
    specs = [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]

    assert len(FIGURES) == len(specs)
    assert "80 owners published derivatives in June 2024, 60 a year before" in [
        spec["description"] for spec in specs
    ]


def test_a_graph_without_dates_has_no_pulse(app_graph: Path) -> None:
    """The page says why it is empty."""
    build_graph(app_graph, model("a/b -> a/c: merge"))

    assert "There is no pulse" in texts(open_page("pulse"))


def test_a_graph_of_few_steps_is_not_summed_up(app_graph: Path) -> None:
    """The charts are there, their sentences claim nothing; a month of datasets only has no row."""
    build_graph(
        app_graph,
        *remixes("2024-05", 2),
        *remixes("2024-06", 2),
        dataset("d/data", created="2024-07-01T00:00:00Z"),
    )
    page = open_page("pulse")

    assert "No month to sum up" in texts(page)
    assert "Who is built on: no month has enough steps to tell" in texts(page)


# --- the words, without a page --------------------------------------------------------------------


def test_the_month_to_compare_is_over_and_has_weight() -> None:
    """The newest is not over; with few steps, or none a year before, there is no comparison."""
    found = pulse_of(graph_in_memory(*RECORDS)).months

    latest, before = months_to_compare(found)
    assert latest is not None
    assert before is not None
    assert ("2024-06", "2023-06") == (latest.month, before.month)
    earlier, none = months_to_compare(found, last="2024-05")
    assert earlier is not None
    assert ("2023-06", None) == (earlier.month, none)
    assert (None, None) == months_to_compare(found, last="2023-05")


def test_every_headline_has_words_for_every_graph() -> None:
    """Each chart has a sentence for a month, with and without another beside it, and for none."""
    every = rows(pulse_of(graph_in_memory(*RECORDS)))
    latest, before = every["2024-06"], every["2023-06"]

    for figure in FIGURES:
        for one, other in ((latest, before), (latest, None), (None, None)):
            assert "None" not in headline(figure, one, other)
    assert headline(FIGURES[-1], latest, before) == (
        "The most frequent relation of June 2024 was fine-tuned, with 50%, 0% a year before"
    )


@pytest.mark.parametrize("relations", [MODEL_RELATIONS, (Relation.MERGE,)])
def test_an_address_reads_as_it_was_written(relations: tuple[Relation, ...]) -> None:
    """A period becomes parameters and the same period again."""
    months = ["2024-01", "2024-02", "2024-03"]

    for first, last in (("2024-01", "2024-03"), ("2024-02", "2024-02")):
        period = Period(first, last, relations)
        assert period == read_period(period.parameters(months), months)
