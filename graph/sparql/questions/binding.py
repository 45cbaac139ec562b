"""From what a user gives as parameters to RDF terms that are bound to a query's variables.

Rule: a value becomes a term, and never a piece of SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.errors import InvalidParameter
from graph.model.licenses import licenses
from graph.model.records import Kind
from graph.sparql.questions.catalog import Parameter, ParameterType, Question

__all__ = ["bind"]

Term = ox.NamedNode | ox.Literal

_FOLDERS = {"datasets/": Kind.DATASET, "spaces/": Kind.SPACE}
# What the Hub allows in an id, and white space or control characters never.
_ID = re.compile(r"[^\s/\x00-\x1f\x7f]+(/[^\s/\x00-\x1f\x7f]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


def bind(question: Question, values: Mapping[str, str]) -> dict[str, Term]:
    """Return the terms that a question's parameters stand for.

    >>> from graph.sparql.questions import question
    >>> bind(question("roots"), {"model": "acme/chat"})["model"].value
    'https://huggingface.co/acme/chat'

    Raises InvalidParameter for one that is missing, unknown or of the wrong type.
    """
    known = {parameter.name for parameter in question.parameters}
    for name in sorted(values.keys() - known):
        have = f"it has {', '.join(sorted(known))}" if known else "it has none"
        raise InvalidParameter(f"{question.name} has no parameter {name!r}: {have}")
    terms: dict[str, Term] = {}
    for parameter in question.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is not None:
            terms[parameter.name] = _READERS[parameter.type](parameter, value.strip())
        elif parameter.required:
            raise InvalidParameter(
                f"{question.name} needs the parameter {parameter.name} ({parameter.meaning}):"
                f" for example {parameter.name}={parameter.example}"
            )
    return terms


def _read_repository(parameter: Parameter, value: str) -> Term:
    kind, repository_id = _split(value, Kind.MODEL)
    return _repository(parameter, value, kind, repository_id)


def _read_model(parameter: Parameter, value: str) -> Term:
    return _read_kind(parameter, value, Kind.MODEL)


def _read_dataset(parameter: Parameter, value: str) -> Term:
    return _read_kind(parameter, value, Kind.DATASET)


def _read_kind(parameter: Parameter, value: str, kind: Kind) -> Term:
    found, repository_id = _split(value, kind)
    if found is not kind:
        raise InvalidParameter(
            f"{parameter.name} must be a {kind}, and {value} is a {found}: give the id of a {kind}"
        )
    return _repository(parameter, value, kind, repository_id)


def _split(value: str, default: Kind) -> tuple[Kind, str]:
    path = value.removeprefix(v.HUB).strip("/")
    for folder, kind in _FOLDERS.items():
        if path.startswith(folder):
            return kind, path.removeprefix(folder)
    return default, path


def _repository(parameter: Parameter, value: str, kind: Kind, repository_id: str) -> Term:
    if not _ID.fullmatch(repository_id):
        raise InvalidParameter(
            f"{parameter.name} must be the id of a repository, not {value!r}: give owner/name"
        )
    return ox.NamedNode(v.repository_iri(kind, repository_id))


def _read_integer(parameter: Parameter, value: str) -> Term:
    if not _INTEGER.fullmatch(value):
        raise InvalidParameter(
            f"{parameter.name} must be a whole number, not {value!r}:"
            f" for example {parameter.name}={parameter.example}"
        )
    return ox.Literal(int(value))


def _read_instant(parameter: Parameter, value: str) -> Term:
    """Read a day, which stands for its first instant, or an instant; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidParameter(
            f"{parameter.name} must be a date, or a date and time, not {value!r}:"
            f" for example {parameter.name}={parameter.example}"
        ) from None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    text = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return ox.Literal(text, datatype=ox.NamedNode(v.XSD.dateTime))


def _read_license(parameter: Parameter, value: str) -> Term:
    entry = licenses().get(value.lower())
    if entry is None:
        raise InvalidParameter(
            f"{parameter.name} must be a licence of the Hub, not {value!r}:"
            f" for example {parameter.name}={parameter.example}"
        )
    return ox.NamedNode(entry.iri)


_READERS: dict[ParameterType, Callable[[Parameter, str], Term]] = {
    ParameterType.MODEL: _read_model,
    ParameterType.DATASET: _read_dataset,
    ParameterType.REPOSITORY: _read_repository,
    ParameterType.INTEGER: _read_integer,
    ParameterType.INSTANT: _read_instant,
    ParameterType.LICENSE: _read_license,
}
