"""SPARQL: any query, or a named question."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from graph.model.errors import InvalidParameter, UnreadableFile
from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_answer, print_json, print_table

__all__ = ["query", "questions"]

_FORMATS = ("table", "json", "csv", "tsv", "xml", "turtle", "nt")
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@click.command()
@click.argument("source", metavar="[FILE|-|NAME]", default="-")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A question's parameter.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="table",
    show_default=True,
    help="How to print the answer.",
)
@click.option("--timeout", type=float, default=60.0, show_default=True, help="Seconds to wait.")
@click.option("--limit", type=int, default=100_000, show_default=True, help="The most rows.")
@json_option
@graph_option
def query(
    source: str, params: tuple[str, ...], form: str, timeout: float, limit: int, *, as_json: bool
) -> None:
    """Run SPARQL from a file or standard input, or a named question ('remixgraph questions')."""
    from graph.sparql.questions import bind, question
    from graph.sparql.runner import run_query
    from graph.store.directory import read_info
    from ui.cli.depth import warn_of_depth

    if _NAME.fullmatch(source) and not Path(source).exists():
        named = question(source)
        text, bindings = named.text, bind(named, _parameters(params))
    elif params:
        raise InvalidParameter("--param belongs to a named question; write the value in the query")
    else:
        text, bindings = _read(source), None
    result = run_query(graph_directory(), text, bindings=bindings, timeout=timeout, limit=limit)
    if bindings is not None and (info := read_info(graph_directory())):
        warn_of_depth(info)
    form = "json" if as_json else form
    print_answer(result.text(form), form)
    if result.truncated:
        note(f"note: cut after {limit:,} rows; --limit sets another bound")


@click.command()
@json_option
def questions(*, as_json: bool) -> None:
    """List the named questions, with their parameters."""
    from graph.sparql.questions import questions as named_questions

    if as_json:
        print_json(
            [
                {
                    "name": question.name,
                    "number": question.number,
                    "title": question.title,
                    "parameters": [parameter.name for parameter in question.parameters],
                }
                for question in named_questions()
            ]
        )
        return
    rows = [
        (question.name, tuple(p.name for p in question.parameters), question.title)
        for question in named_questions()
    ]
    print_table(("name", "parameters", "question"), rows)


def _read(source: str) -> str:
    if source == "-":
        return sys.stdin.read()
    try:
        return Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{source}: cannot be read as text ({error})") from None


def _parameters(params: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise InvalidParameter(f"--param {param}: write it as name=value")
        values[name] = value
    return values
