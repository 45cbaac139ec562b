"""The named questions as a page to read: what ``docs/questions.md`` holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.sparql.questions.catalog import Parameter, Question

__all__ = ["listing"]

_HEAD = """\
# The named questions

Each is one SPARQL query in `graph/sparql/questions/`, for any SPARQL 1.1 store with the graph.
`remixgraph questions` lists them, `remixgraph query NAME --param K=V` asks one.

This page is made from the heads of those files: `make docs` writes it anew.
"""


def listing(questions: Iterable[Question]) -> str:
    """Return a page in Markdown that tells of each question."""
    return "\n".join([_HEAD, *("\n".join(_section(question)) for question in questions)])


def _section(question: Question) -> Iterator[str]:
    yield f"## {question.name}\n"
    yield f"**{question.number}. {question.title}**\n"
    for parameter in question.parameters:
        yield f"- parameter `{parameter.name}` ({_need(parameter)}): {parameter.meaning}"
    for column in question.columns:
        yield f"- column `{column.name}`: {column.meaning}"
    yield f"\n```sh\n{question.example}\n```\n"
    if question.notes:
        yield f"{question.notes}\n"


def _need(parameter: Parameter) -> str:
    if parameter.required:
        return f"{parameter.type}, required"
    return f"{parameter.type}, optional" + (f", else {parameter.default}" * bool(parameter.default))
