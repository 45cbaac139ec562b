"""The named questions as RDF: SHACL's ``sh:SPARQLSelectExecutable``, as catalogues of examples use.

They are kept beside the ontology, so that whoever has the graph can ask it what it can be asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.rdf import terms
from graph.rdf.triples import Triple, type_
from graph.sparql.questions.binding import bind
from graph.sparql.questions.catalog import Question

__all__ = ["executables", "filled"]

_PROLOGUE = re.compile(r"PREFIX (\w+): <([^>]+)>")
_CLAUSE = re.compile(r"(SELECT[^{]*\{|GROUP BY[^{}]*)")


def executables(questions: Iterable[Question]) -> Iterator[Triple]:
    """Yield the description of each question, with the example values of its parameters filled in.

    The prefixes are declared once for all, by nodes with an IRI: there are no blank nodes.
    """
    prefixes = terms.iri(v.PREFIX_DECLARATIONS)
    for name, namespace in sorted(v.PREFIXES.items()):
        node = terms.iri(v.prefix_iri(name))
        yield prefixes, terms.iri(v.SH.declare), node
        yield node, terms.iri(v.SH.prefix), terms.text(name)
        yield node, terms.iri(v.SH.namespace), terms.uri(namespace)
    for question in questions:
        node = terms.iri(v.question_iri(question.name))
        yield node, type_, terms.iri(v.SH.SPARQLExecutable)
        yield node, type_, terms.iri(v.SH.SPARQLSelectExecutable)
        yield node, terms.iri(v.DCTERMS.identifier), terms.text(question.name)
        yield node, terms.iri(v.RDFS.comment), terms.text(question.title)
        yield node, terms.iri(v.SH.prefixes), prefixes
        yield node, terms.iri(v.SH.select), terms.text(_example(question))
        for tag in question.tags:
            yield node, terms.iri(v.SCHEMA.keywords), terms.text(tag)


def filled(text: str, values: dict[str, ox.NamedNode | ox.Literal]) -> str:
    """Return a query with variables replaced by what they stand for.

    A variable with a value is no column of the answer.

    >>> filled("SELECT ?a ?b { ?a ?p ?b }", {"a": ox.Literal(7)})
    'SELECT ?b { "7"^^<http://www.w3.org/2001/XMLSchema#integer> ?p ?b }'
    """
    for name, term in values.items():
        variable = re.compile(rf"\?{name}\b")
        text = _CLAUSE.sub(lambda found: _without(variable, found[0]), text)  # noqa: B023 - at once
        text = variable.sub(lambda _: str(term), text)  # noqa: B023 - likewise
    return text


def _without(variable: re.Pattern[str], clause: str) -> str:
    """Remove a variable from a SELECT or GROUP BY clause."""
    return re.sub(rf"{variable.pattern} ?", "", clause)


def _example(question: Question) -> str:
    values = {one.name: one.example for one in question.parameters if one.required}
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#"))
    return filled(_PROLOGUE.sub("", body).strip(), bind(question, values)).strip()
