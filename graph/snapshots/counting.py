"""Counting what a snapshot holds, in two ways that must agree: in the store, and in its text.

The text is counted by whoever distrusts it, so counting checks the form of each line as well: an
N-Quad in the spelling that Oxigraph writes, without blank nodes and without RDF 1.2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Relation

__all__ = ["DEFAULT", "Counts", "MalformedLine", "TextCounter", "count_store"]

DEFAULT = "default"
"""The name under which triples of the default graph are counted."""

_MOST_NAMES = 100_000  # different ones; the vocabulary has some 200

_IRI = rb'<([A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>"{}|^`\\]*+)>'
_OTHER_IRI = _IRI.replace(b"(", b"(?:", 1)
_TYPE = b"<" + re.escape(v.RDF.type.encode()) + b">"
_TEXT = rb'"(?:[^"\\\x00-\x1f]++|\\[tbnrf"\\]|\\u[0-9A-F]{4})*+"'
_LITERAL = _TEXT + rb"(?:\^\^" + _OTHER_IRI + rb"|@[a-zA-Z]++(?:-[a-zA-Z0-9]++)*+)?+"
_LINE = re.compile(
    rb"(?m)^" + _OTHER_IRI
    # a class, or another property
    + rb" (?:" + _TYPE + rb" " + _IRI + rb"|" + _IRI + rb" (?:" + _OTHER_IRI + rb"|" + _LITERAL
    # a graph
    + rb"))(?: " + _IRI + rb")?+ \.\n"
)  # fmt: skip


class Counts(NamedTuple):
    """Triples by graph; nodes by class, triples by property and by relation in the default one."""

    graphs: dict[str, int]
    classes: dict[str, int]
    properties: dict[str, int]

    @property
    def triples(self) -> int:
        """The triples of all graphs."""
        return sum(self.graphs.values())

    @property
    def relations(self) -> dict[str, int]:
        """The direct links of each relation, under the relation's name."""
        shortcuts = {relation: str(v.relation_shortcut(relation)) for relation in Relation}
        return {word.value: self.properties.get(iri, 0) for word, iri in shortcuts.items()}


class MalformedLine(ValueError):
    """Indicates a line that is no N-Quad of ours: its number, counted from 1, and its begin."""

    def __init__(self, number: int, text: bytes) -> None:
        shown = text[:80].decode(errors="replace")
        super().__init__(f"line {number:,} is not a canonical N-Quad: {shown!r}")


def count_store(store: ox.Store) -> Counts:
    """Count what a store holds."""
    properties = dict(_query(store, "properties"))
    graphs = {DEFAULT: sum(properties.values())} | dict(_query(store, "graphs"))
    return Counts(graphs, dict(_query(store, "classes")), properties)


class TextCounter:
    """Counts blocks of whole lines of N-Quads, and checks the form of each line."""

    def __init__(self) -> None:
        self.lines = 0
        self._kinds: Counter[tuple[bytes, bytes, bytes]] = Counter()

    def add(self, block: bytes) -> None:
        """Count a block; raises MalformedLine."""
        found = _LINE.findall(block)
        if len(found) != block.count(b"\n"):
            self._complain(block)
        self.lines += len(found)
        self._kinds.update(found)
        if len(self._kinds) > _MOST_NAMES:
            message = f"there are more than {_MOST_NAMES:,} different classes and properties"
            raise ValueError(message)

    def counts(self) -> Counts:
        """Return what was counted so far."""
        graphs: Counter[str] = Counter({DEFAULT: 0})
        classes: Counter[str] = Counter()
        properties: Counter[str] = Counter()
        for (class_, property_, graph), number in self._kinds.items():
            graphs[graph.decode(errors="replace") or DEFAULT] += number
            if not graph:
                properties[property_.decode(errors="replace") or v.RDF.type] += number
                if class_:
                    classes[class_.decode(errors="replace")] += number
        return Counts(dict(graphs), dict(classes), dict(properties))

    def _complain(self, block: bytes) -> None:
        lines = enumerate(block.split(b"\n"), self.lines + 1)
        raise MalformedLine(*next(pair for pair in lines if not _LINE.fullmatch(pair[1] + b"\n")))


def _query(store: ox.Store, name: str) -> Iterator[tuple[str, int]]:
    query = files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - each of the three is a SELECT
    for solution in solutions:
        yield solution["name"].value, int(solution["count"].value)
