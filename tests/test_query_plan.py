"""The plan of a query: its algebra in words, and what its patterns meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.model.errors import InvalidQuery
from graph.sparql.pool import WorkerPool
from graph.sparql.query_plan import counts, plan
from graph.sparql.questions import Question, questions
from tests.builders import model
from tests.graphs import build_graph


def _told(text: str) -> list[str]:
    return ["  " * step.depth + step.text for step in plan(text)]


def test_the_steps_of_a_query() -> None:
    """What is outermost comes first, and a pattern is written with our prefixes."""
    query = """
    SELECT ?child WHERE {
      ?child prov:wasDerivedFrom+ ?base . OPTIONAL { ?child remix:downloads ?n }
    } ORDER BY ?n LIMIT 5"""

    assert [
        "the first 5",
        "  columns ?child",
        "    sort",
        "      the first part, and the second where there is one",
        "        join of patterns",
        "          ?child prov:wasDerivedFrom+ ?base (a path: not counted)",
        "        join of patterns",
        "          ?child remix:downloads ?n",
    ] == _told(query)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_every_named_question_has_a_plan(question: Question) -> None:
    """Whatever our questions use is understood."""
    assert plan(question.text)


@pytest.mark.parametrize(
    "text", ["", "SELECT * {", "DROP ALL", "{" * 3000, "SELECT " + "x" * 30_000]
)
def test_what_cannot_be_read_has_no_plan(text: str) -> None:
    """A mistake, an update and a trap give one clear error."""
    with pytest.raises(InvalidQuery):
        plan(text)


def test_the_counts_are_those_of_the_graph(tmp_path: Path) -> None:
    """Two models, one derivation; in a graph that is not there, nothing."""
    graph = build_graph(
        tmp_path / "graph", model("acme/base"), model("acme/chat -> acme/base: finetune")
    )
    query = """SELECT * {
      ?a prov:wasDerivedFrom ?b . ?b a fair4ml:MLModel . GRAPH <http://a.example/> { ?a ?p ?b } }"""
    steps = plan(query)
    with WorkerPool(graph, workers=1) as workers:
        found = counts(workers, steps)
        none = counts(workers, steps, seconds=0)

    told = {step.text: found[step.pattern] for step in steps if step.pattern}
    assert {"?a prov:wasDerivedFrom ?b": 1, "?b a fair4ml:MLModel": 2, "?a ?p ?b": 0} == told
    assert {None} == set(none.values())
