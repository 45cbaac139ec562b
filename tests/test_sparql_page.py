"""The page SPARQL as Streamlit runs it, without a browser: what is asked and answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.model import vocabulary as v
from graph.sparql.questions import glossary, questions
from tests.builders import dataset, model
from tests.graphs import build_graph
from tests.pages import components, open_page, texts
from ui.app import query_address
from ui.app.views import running, sparql

EXPLORED = "/explore?id=acme/base"
CHILDREN = """
SELECT ?model (COUNT(DISTINCT ?child) AS ?children)
WHERE { ?child prov:wasDerivedFrom ?model } GROUP BY ?model ORDER BY ?model"""


@pytest.fixture(autouse=True)
def graph(app_graph: Path) -> None:
    """Put a small graph before the page: a chain with a merge, a missing parent and a dataset."""
    build_graph(
        app_graph,
        model("acme/base"),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on"),
        model("acme/merge -> acme/chat: merge, gone/parent: merge"),
        dataset("acme/qa"),
    )


def _ask(query: str, **more: str) -> AppTest:
    return open_page("sparql", query=query, run="1", **more)


def _editor(page: AppTest) -> dict[str, Any]:
    (sent,) = components(page, "editor")
    return sent


# --- a query --------------------------------------------------------------------------------------


def test_nothing_is_asked_unless_the_address_says_so() -> None:
    """A link opens a query, and runs it only with run=1."""
    page = open_page("sparql", query=CHILDREN)

    assert CHILDREN == _editor(page)["text"]
    assert "Nothing was asked yet" in texts(page)
    assert not page.dataframe


def test_repositories_lead_to_explore() -> None:
    """An answer is a table in which repositories are links."""
    table = _ask(CHILDREN).dataframe[0].value

    assert ["model", "children"] == list(table.columns)
    assert EXPLORED == table["model"][0]
    assert [1, 1, 1] == list(table["children"])


def test_only_a_repository_becomes_a_link() -> None:
    """Where a column holds other things too, they stay text, and the links stand beside them."""
    page = _ask("""SELECT ?x WHERE { VALUES ?x {
      <https://huggingface.co/acme/base> <javascript:alert(1)> "/explore?id=x" prov:entity } }""")
    table = page.dataframe[0].value

    assert ["acme/base", "javascript:alert(1)", "/explore?id=x", "prov:entity"] == list(table["x"])
    assert [EXPLORED] == list(table["x ↗"].dropna())


def test_iris_are_short_until_they_are_wanted_whole() -> None:
    """An IRI is written with our prefixes; a switch shows it whole."""
    page = _ask("SELECT DISTINCT ?class WHERE { ?x a ?class } ORDER BY ?class")

    assert "fair4ml:MLModel" in list(page.dataframe[0].value["class"])
    assert v.FAIR4ML.MLModel in list(
        page.toggle[0].set_value(True).run().dataframe[0].value["class"]
    )


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { ?x a fair4ml:MLModel }", "Yes"),
        ("ASK { ?x a remix:Space }", "No"),
        ("SELECT ?x WHERE { ?x a remix:Space }", "Nothing found"),
        ("SELECT ?x WHERE {", "The query cannot be used"),
        ("SELECT * WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }", "cannot be used"),
        ("DROP ALL", "cannot be used"),
        (" ", "cannot be used"),
    ],
)
def test_each_kind_of_answer_is_shown(query: str, answer: str) -> None:
    """Truth, emptiness and mistakes are told in words."""
    assert answer in texts(_ask(query))


def test_a_mistake_is_marked_where_it_is() -> None:
    """The editor is told the line and the column that the server stumbled over."""
    query = "SELECT ?x\nWHERE { ?x a nobody:knows }"

    assert {"text": query, "line": 2, "column": 26} == _editor(_ask(query))["problem"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT ?x ?y WHERE { ?x a ?y } GROUP BY ?x", "contains a variable that is unbound."),
        ("SELECT ?x WHERE { ?x a nobody:knows }", "Line 1, column 36: Prefix not found."),
        ("ASK { SERVICE <http://a.example/> {} }", "line 1, column 7: SERVICE is refused"),
    ],
)
def test_a_mistake_is_told_in_words(query: str, why: str) -> None:
    """Where the server has words for what is wrong, they are not lost in a list of signs."""
    assert why in texts(_ask(query))


def test_a_long_query_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is kept, and said."""
    for module in (query_address, sparql):
        monkeypatch.setattr(module, "SECONDS", (1, 20))
    cross = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8))

    assert "stopped after" in texts(
        _ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {cross} }}", seconds="1")
    )


def test_too_many_rows_are_cut_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of an answer never passes for the whole."""
    monkeypatch.setattr(running, "MOST_ROWS", 2)
    page = _ask(CHILDREN)

    assert 2 == len(page.dataframe[0].value)
    assert "more than 2 rows" in texts(page)
    assert "are shown and handed out" in texts(page)


def test_triples_are_drawn() -> None:
    """CONSTRUCT gives a picture, and a table of three columns."""
    page = _ask("CONSTRUCT { ?a prov:wasDerivedFrom ?b } WHERE { ?a prov:wasDerivedFrom ?b }")
    (drawn,) = components(page, "triples")
    page.segmented_control(key="look 1").set_value("Table").run()

    assert {"acme/base", "acme/chat", "acme/merge", "gone/parent"} == {
        node["name"] for node in drawn["nodes"]
    }
    assert {"prov:wasDerivedFrom"} == {name for _, _, name in drawn["edges"]}
    assert EXPLORED in {node["link"] for node in drawn["nodes"]}
    assert 3 == len(page.dataframe[0].value.columns)


def test_a_count_by_a_label_has_a_chart() -> None:
    """Where there is a number and a name for it, there is a chart; elsewhere none is offered."""
    page = _ask(CHILDREN)
    page.segmented_control(key="look 1").set_value("Chart").run()

    assert 1 == len(page.get("vega_lite_chart"))
    assert not page.dataframe
    assert not [
        one for one in _ask("SELECT ?x { ?x a ?y }").segmented_control if "look" in (one.key or "")
    ]


@pytest.mark.parametrize("link", ["~", "~AAAA", "~" + "x" * 200])
def test_a_damaged_link_is_answered_in_words(link: str) -> None:
    """What cannot be unpacked is told, and the page stands."""
    page = open_page("sparql", query=link, run="1")

    assert "This link cannot be opened" in texts(page)
    assert _editor(page)["text"]


def test_the_editor_knows_our_terms() -> None:
    """It gets our prefixes and every term with its definition, and little else."""
    sent = _editor(open_page("sparql"))

    assert v.PREFIXES == sent["prefixes"]
    assert [list(entry) for entry in glossary()] == sent["terms"]
    assert len(str(sent)) < 40_000


# --- named questions ------------------------------------------------------------------------------


def test_the_gallery_has_every_question() -> None:
    """Each question is a card; a click opens it with its form."""
    page = open_page("sparql", view="questions")
    titles = {f"{question.number}. {question.title}" for question in questions()}
    page.button(key="open roots").click().run()

    assert titles <= {button.label for button in open_page("sparql", view="questions").button}
    assert "roots" == page.query_params["question"]
    assert 1 == len(page.text_input)


def test_a_question_is_asked_with_its_parameter() -> None:
    """Name a model, get rows; the address then says all of it."""
    page = open_page("sparql", question="ancestors")
    page.text_input[0].set_value("acme/merge")
    page = next(button for button in page.button if button.label == "Ask").click().run()

    assert len(page.dataframe[0].value) >= 2
    assert {"question": "ancestors", "p.model": "acme/merge", "run": "1"} == page.query_params


def test_a_link_fills_the_form_and_waits() -> None:
    """A link to a question asks nothing by itself, unless it says so."""
    waiting = open_page("sparql", question="roots", **{"p.model": "acme/merge"})
    asked = open_page("sparql", question="roots", run="1", **{"p.model": "acme/merge"})

    assert "acme/merge" == waiting.text_input[0].value
    assert not waiting.dataframe
    assert "/explore?id=acme/base" in set(asked.dataframe[0].value["root"])


def test_fields_fit_their_parameters() -> None:
    """A licence is chosen, a number is a number, and what is usual stands there already."""
    licence = open_page("sparql", question="relaxed-licenses").selectbox[0]
    most = open_page("sparql", question="top-bases").number_input[0]

    assert ("any", "apache-2.0") == (licence.value, next(o for o in licence.options if "apac" in o))
    assert 10 == most.value


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"question": "nobody-asks-this"}, "There is no such question"),
        ({"question": "<script>alert(1)</script>"}, "&lt;script&gt;"),
        ({"question": "roots", "run": "1"}, "A parameter cannot be used"),
        ({"question": "roots", "p.model": "a b", "run": "1"}, "A parameter cannot be used"),
        ({"question": "roots", "p.nonsense": "1", "run": "1"}, "has no parameter"),
    ],
)
def test_nonsense_is_answered_in_words(parameters: dict[str, str], words: str) -> None:
    """Whatever an address says of a question, it is answered in words."""
    assert words in texts(open_page("sparql", **parameters))


# --- history --------------------------------------------------------------------------------------


def test_what_was_asked_is_kept_and_comes_back() -> None:
    """The history tells how each query ended; a click opens it again."""
    page = _ask("ASK {}")
    page.query_params["query"] = "SELECT ?x\n{ ?x a fair4ml:MLModel }"
    page.run()
    page.query_params.clear()
    page.query_params["view"] = "history"
    told = texts(page.run())
    page.button(key="open entry 1").click().run()

    assert told.index("2. 3 rows") < told.index("1. Yes")
    assert "<pre>SELECT ?x\n{ ?x a fair4ml:MLModel }</pre>" in told
    assert "ASK {}" == _editor(page)["text"]
    assert "Yes" in texts(page)


def test_more_time_keeps_an_answer_and_not_a_failure() -> None:
    """Allowing more time asks nothing, and leaves an answer where it is."""
    for query, words in (("ASK {}", "Yes"), ("ASK {", "Nothing was asked yet")):
        page = _ask(query)
        page.segmented_control(key="asking for").set_value(60).run()

        assert {"query": query, "seconds": "60"} == page.query_params
        assert words in texts(page)


def test_an_empty_history_says_so() -> None:
    """Before anything was asked there is a text."""
    assert "Nothing was asked yet" in texts(open_page("sparql", view="history"))


def test_a_plan_is_drawn_for_what_was_asked() -> None:
    """The steps stand in a table, with what each pattern meets, and say what they are not."""
    page = open_page("sparql")
    page.session_state["sparql plan"] = "SELECT ?x { ?x a fair4ml:MLModel } LIMIT 3"
    page.run()
    table = page.dataframe[0].value

    assert "this is not the plan that it follows" in texts(page)
    assert ["", "", "", "3"] == list(table["triples"])
    assert not page.run().dataframe
