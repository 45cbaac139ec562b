"""Reading the named questions: each is one ``.rq`` file whose head is made of comments.

# title: the question, in English
# number: 1
# tags: lineage, license
# param model: model — whose ancestors (required) example: acme/chat
# param most: integer — the most steps (optional) example: 5
# param from: instant — a day, or a moment in UTC (optional) example: 2026-01-01
# param least: integer — the fewest steps (default 1) example: 2
# column distance: what the column means
#
# Anything else is a note for the reader.

What has to be there for each relation is written once: ``unions`` says how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from graph.model.errors import UnknownQuestion
from graph.sparql.questions.unions import write_out

__all__ = ["Column", "Parameter", "ParameterType", "Question", "question", "questions"]


class ParameterType(StrEnum):
    """What a parameter may be; ``repository`` is a model, or a dataset or Space so marked."""

    MODEL = "model"
    DATASET = "dataset"
    REPOSITORY = "repository"
    INTEGER = "integer"
    INSTANT = "instant"
    LICENSE = "license"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A variable of a question that the asker gives a value."""

    name: str
    type: ParameterType
    meaning: str
    example: str
    required: bool = True
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the answer, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that the graph answers; ``text`` is the whole file, comments included."""

    number: int
    name: str
    title: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    notes: str
    text: str

    @property
    def example(self) -> str:
        """A command that asks the question."""
        values = (f"--param {p.name}={p.example}" for p in self.parameters if p.required)
        return " ".join(["remixgraph query", self.name, *values])


@cache
def questions() -> tuple[Question, ...]:
    """Return every named question, in the order of their numbers."""
    found = [
        _read(file.name.removesuffix(".rq"), write_out(file.read_text(encoding="utf-8")))
        for file in files(__package__).iterdir()
        if file.name.endswith(".rq")
    ]
    return tuple(sorted(found, key=lambda question: question.number))


def question(name: str) -> Question:
    """Return the question of this name.

    >>> question("roots").number
    3
    """
    for candidate in questions():
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in questions())
    raise UnknownQuestion(f"there is no question {name!r}: choose one of {known}")


_FIELD = re.compile(r"(title|number|tags): (.+)")
_PARAMETER = re.compile(
    r"param (?P<name>\w+): (?P<type>\w+) — (?P<meaning>.+?)"
    r" \((?P<need>required|optional|default (?P<default>.+))\) example: (?P<example>\S+)"
)
_COLUMN = re.compile(r"column (?P<name>\w+): (?P<meaning>.+)")


def _read(name: str, text: str) -> Question:
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    columns: list[Column] = []
    notes: list[str] = []
    for line in _head(text):
        if match := _FIELD.fullmatch(line):
            fields[match[1]] = match[2]
        elif match := _PARAMETER.fullmatch(line):
            parameters.append(_parameter(match))
        elif match := _COLUMN.fullmatch(line):
            columns.append(Column(**match.groupdict()))
        else:
            notes.append(line)
    return Question(
        number=int(fields["number"]),
        name=name,
        title=fields["title"],
        tags=tuple(fields["tags"].split(", ")),
        parameters=tuple(parameters),
        columns=tuple(columns),
        notes="\n".join(notes).strip(),
        text=text,
    )


def _head(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        yield line.removeprefix("#").strip()


def _parameter(match: re.Match[str]) -> Parameter:
    return Parameter(
        name=match["name"],
        type=ParameterType(match["type"]),
        meaning=match["meaning"],
        example=match["example"],
        required=match["need"] == "required",
        default=match["default"],
    )
