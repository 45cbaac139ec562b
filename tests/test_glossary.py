"""The glossary for those who write queries: it knows what the graph is made of."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.model import vocabulary as v
from graph.sparql.questions import Question, curie, glossary, questions
from graph.store.lineage_graph import open_graph
from tests.builders import dataset, license_, model
from tests.graphs import build_graph

NAMES = {entry.name for entry in glossary()}


def test_all_terms_of_the_ontology_are_in_it() -> None:
    """Each of our own terms is offered, with its definition."""
    ours = {name for name in NAMES if name.startswith("remix:")}

    assert {f"remix:{name}" for name in v.REMIX.__annotations__ if name[0] != "_"} <= ours
    assert all(entry.label and entry.definition.endswith(".") for entry in glossary())


def test_what_a_graph_is_made_of_is_in_it(tmp_path: Path) -> None:
    """Every property and class that is in a graph, whoever defines it, can be completed."""
    records = [
        model("acme/base", licenses=(license_("mit"),), tasks=("text-generation",)),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on", downloads=3),
        dataset("acme/qa", languages=("en",)),
    ]
    with open_graph(build_graph(tmp_path / "graph", *records)) as graph:
        quads = list(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    a = v.RDF.type
    used = {quad.predicate.value for quad in quads}
    classes = (quad.object for quad in quads if quad.predicate.value == a)
    used |= {one.value for one in classes if isinstance(one, ox.NamedNode)}

    assert set() == {curie(iri) or iri for iri in used} - NAMES - {"rdf:_1"}


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_what_the_questions_use_is_in_it(question: Question) -> None:
    """Who reads a named question can look its terms up."""
    text = re.sub(r"#.*|<[^>]*>|\"[^\"]*\"", "", question.text)
    used = set(re.findall(r"\b(?:prov|remix|fair4ml|dcterms|dcat|cc):\w+", text))

    assert set() == used - NAMES


def test_no_term_is_defined_twice() -> None:
    """A term of ours is defined in the ontology only, and each other one once."""
    foreign = files("graph.sparql.questions").joinpath("foreign.ttl").read_bytes()
    subjects = {quad.subject for quad in ox.parse(foreign, ox.RdfFormat.TURTLE)}

    assert len(NAMES) == len(glossary())
    assert not any(v.REMIX.NS in str(subject) for subject in subjects)
