"""The page SPARQL as Streamlit runs it, without a browser: what is asked and answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import dataset, model
from tests.graphs import build_graph
from tests.pages import open_page, texts
from ui.views import sparql


@pytest.fixture
def asking(app_graph: Path) -> AppTest:
    """Open the page over a small graph."""
    build_graph(
        app_graph,
        model("acme/base"),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on"),
        model("acme/merge -> acme/chat: merge, gone/parent: merge"),
        dataset("acme/qa"),
    )
    return open_page("sparql")


def _ask(page: AppTest, query: str) -> AppTest:
    page.text_area(key="sparql-text").set_value(query)
    return page.button[0].click().run()


def test_the_example_is_answered(asking: AppTest) -> None:
    """The query that is offered works, and repositories in it lead to their picture."""
    page = asking.button[0].click().run()
    table = page.dataframe[0].value

    assert not page.exception
    assert ["model", "children"] == list(table.columns)
    assert {"/explore?id=acme/base", "/explore?id=acme/chat"} == set(table["model"])


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { ?x a fair4ml:MLModel }", "Yes"),
        ("ASK { ?x a remix:Space }", "No"),
        ("SELECT ?x WHERE { ?x a remix:Space }", "Nothing found"),
        ("SELECT ?x WHERE {", "The query cannot be used"),
        ("SELECT * WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }", "cannot be used"),
        ("DROP ALL", "cannot be used"),
        ("", "cannot be used"),
    ],
)
def test_each_kind_of_answer_is_shown(asking: AppTest, query: str, answer: str) -> None:
    """Truth, emptiness and mistakes are told in words."""
    assert answer in texts(_ask(asking, query))


def test_triples_are_a_table(asking: AppTest) -> None:
    """CONSTRUCT gives three columns."""
    page = _ask(asking, "CONSTRUCT { ?x rdfs:label 'x' } WHERE { ?x a fair4ml:MLModel }")

    assert 3 == len(page.dataframe[0].value.columns)
    assert 3 == len(page.dataframe[0].value)


def test_a_long_query_is_stopped(asking: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is kept, and said."""
    monkeypatch.setattr(sparql, "_SECONDS", 0.3)
    cross = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8))

    assert "stopped" in texts(_ask(asking, f"SELECT (COUNT(*) AS ?n) WHERE {{ {cross} }}"))


def test_a_named_question_is_asked_with_its_parameter(asking: AppTest) -> None:
    """Pick a question, name a model, get rows; another question drops the answer."""
    asking.selectbox[0].select_index(1).run()
    asking.text_input[0].set_value("acme/merge")
    page = asking.button[0].click().run()

    assert not page.exception
    assert len(page.dataframe[0].value) >= 2
    assert not page.selectbox[0].select_index(2).run().dataframe


def test_a_missing_parameter_is_answered_in_words(asking: AppTest) -> None:
    """A question without its model is not run."""
    asking.selectbox[0].select_index(1).run()

    assert "cannot be used" in texts(asking.button[0].click().run())
