"""The named questions: SPARQL in files, with what people and programs need to know about each.

    graph.queries.questions()                   every question, by its number
    graph.queries.question("ancestors")         one of them
    graph.queries.bind(question, {"model": …})  its parameters, as terms for the query

Rule: a file is SPARQL 1.1 that runs on any store, and its head says all there is to know.
"""

from graph.queries.binding import bind
from graph.queries.catalog import Column, Parameter, Question, question, questions
from graph.queries.executables import executables, filled
from graph.queries.glossary import curie, glossary, short_name
from graph.queries.listing import listing

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
