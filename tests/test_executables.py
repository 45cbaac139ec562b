"""The named questions as RDF: they stand in the graph, and can be asked as they stand."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from graph.model import vocabulary as v
from graph.rdf.triples import nquads
from graph.sparql.questions import Question, bind, executables, filled, question, questions
from graph.sparql.results import Term
from graph.store.lineage_graph import LineageGraph
from tests.builders import model
from tests.graphs import build_graph

ROOT = Path(__file__).resolve().parent.parent
GRAPH = Graph().parse(data=nquads(executables(questions())), format="nt")


def select(one: Question) -> str:
    """Return the query that stands in the graph, with its prefixes."""
    node = v.question_iri(one.name)
    found = [str(o) for s, p, o in GRAPH if str(s) == node and p == SH.select]
    declared = [f"PREFIX {name}: <{iri}>" for name, iri in v.PREFIXES.items()]
    return "\n".join([*declared, *found])


def test_every_question_is_described() -> None:
    """There is one executable a question, with its title, and no blank node."""
    nodes = {str(node) for node in GRAPH.subjects(RDF.type, SH.SPARQLSelectExecutable)}
    titles = {str(text) for text in GRAPH.objects(None, RDFS.comment)}

    assert {v.question_iri(one.name) for one in questions()} == nodes
    assert {one.title for one in questions()} == titles
    assert "_:" not in nquads(executables(questions())).decode()


def test_the_prefixes_are_declared() -> None:
    """A program that knows SHACL finds them from the question."""
    declared = {
        str(GRAPH.value(node, SH.prefix)): str(GRAPH.value(node, SH.namespace))
        for node in GRAPH.objects(URIRef(v.PREFIX_DECLARATIONS), SH.declare)
    }

    assert v.PREFIXES == declared


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.name)
def test_an_executable_has_no_prologue_and_no_parameter(one: Question) -> None:
    """The example's values stand where the parameters were."""
    text = select(one)
    required = [each.name for each in one.parameters if each.required]

    assert text.count("PREFIX") == len(v.PREFIXES)
    assert not any(f"?{name} " in text or f"?{name}\n" in text for name in required)


def test_they_stand_beside_the_ontology(tmp_path: Path) -> None:
    """A new graph has them from the start."""
    with LineageGraph.open(build_graph(tmp_path / "graph", model("a -> b: merge"))) as graph:
        found = graph.store.quads_for_pattern(
            None, ox.NamedNode(SH.select), None, ox.NamedNode(v.ONTOLOGY)
        )

        assert len(questions()) == sum(1 for _ in found)


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.name)
def test_a_query_that_is_filled_in_answers_the_same(demo: LineageGraph, one: Question) -> None:
    """Whether values are bound or written into the text makes no difference."""
    values = bind(one, {each.name: each.example for each in one.parameters if each.required})
    bound: dict[ox.Variable, Term] = {ox.Variable(name): term for name, term in values.items()}
    expected = demo.store.query(one.text, substitutions=bound)
    found = demo.store.query(filled(one.text, values))

    assert isinstance(expected, ox.QuerySolutions)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    assert [[row[name] for name in names] for row in expected] == [list(row) for row in found]


def test_a_parameter_that_is_only_compared_can_be_filled_in() -> None:
    """Even a date in the text of a filter."""
    text = filled(question("changes").text, bind(question("changes"), {"from": "2026-01-01"}))

    assert "?from" not in text.partition("SELECT")[2]
    assert isinstance(ox.Store().query(text), ox.QuerySolutions)
