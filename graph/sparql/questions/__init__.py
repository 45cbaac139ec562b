"""The named questions: SPARQL in files, with what people and programs need to know about each.

    graph.sparql.questions.questions()                   every question, by its number
    graph.sparql.questions.question("ancestors")         one of them
    graph.sparql.questions.bind(question, {"model": …})  its parameters, as terms for the query

catalog       reading the files: Question
unions        lines that are written once for each relation
binding       from parameters to RDF terms
executables   the questions as RDF
listing       the questions as a page to read
glossary      the terms that a query can use

Rule: a file is SPARQL 1.1 that runs on any store, and its head says all there is to know.
"""

from graph.sparql.questions.binding import bind
from graph.sparql.questions.catalog import Column, Parameter, Question, question, questions
from graph.sparql.questions.executables import executables, filled
from graph.sparql.questions.glossary import curie, glossary, short_name
from graph.sparql.questions.listing import listing

__all__ = [
    "Column",
    "Parameter",
    "Question",
    "bind",
    "curie",
    "executables",
    "filled",
    "glossary",
    "listing",
    "question",
    "questions",
    "short_name",
]
