"""The licence findings of a graph: how many there are, and the gravest that fit a choice.

There may be millions, of which few differ (``finding_arrays``). They are kept in the order of a
list, so the gravest of a choice are the first that fit; counting goes over those that differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np

from graph.licenses.findings import Level
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import Relation
from graph.store.lineage_graph import LineageGraph, Node
from graph.store.texts import Texts

__all__ = [
    "LEVELS",
    "Choice",
    "Count",
    "Found",
    "LicenseFindings",
    "List",
    "license_findings_of",
]

LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
"""The levels that are stored, the gravest first."""


class Choice(NamedTuple):
    """Which findings are wanted; "" and None stand for any."""

    rule: str = ""
    level: Level | None = None
    concerns: str = ""
    relation: Relation | None = None
    text: str = ""


class Count(NamedTuple):
    """How many findings of a rule and a level concern the same."""

    rule: str
    level: Level
    concerns: str
    findings: int


class Found(NamedTuple):
    """A stored finding about a repository; ``cause`` is where it comes from, if from another."""

    node: Node
    downloads: int | None
    rule: str
    level: Level
    concerns: str
    reason: str
    remedy: str
    confidence: float
    relations: tuple[Relation, ...] = ()
    cause: str | None = None


class List(NamedTuple):
    """The first findings of a choice, and how many fit it in all."""

    rows: list[Found]
    total: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """The arrays that ``finding_arrays`` describes."""

    repository: Array
    node: Array
    rule: Array
    level: Array
    concerns: Array
    reason: Array
    remedy: Array
    confidence: Array
    relations: Array
    cause: Array


@dataclass(frozen=True, slots=True)
class LicenseFindings:
    """The stored findings of a graph; ``index`` is that of its lineage."""

    index: LineageIndex
    columns: _Columns
    texts: Texts

    @classmethod
    def read(cls, index: LineageIndex, arrays: Mapping[str, Array]) -> Self:
        """Return the findings in arrays; raises KeyError where one of them is missing."""
        names = [field.name for field in fields(_Columns)]
        columns = _Columns(**{name: arrays[f"finding_{name}"] for name in names})
        return cls(index, columns, Texts(arrays["finding_offsets"], arrays["finding_letters"]))

    def __len__(self) -> int:
        return len(self.columns.node)

    def counts(self) -> list[Count]:
        """Return how many findings there are of each kind, by rule, level, and what it concerns."""
        columns, text = self.columns, self.texts.text
        many = np.bincount(columns.node, minlength=len(columns.rule))
        sizes = len(self.texts), len(LEVELS), len(self.texts)
        kinds = np.ravel_multi_index((columns.rule, columns.level, columns.concerns), sizes)
        different, places = np.unique(kinds, return_inverse=True)
        sums = np.bincount(places, many).astype(np.int64)
        rows = np.stack([*np.unravel_index(different, sizes), sums], axis=1)
        return [Count(text(r), LEVELS[level], text(c), n) for r, level, c, n in rows.tolist()]

    def gravest(self, choice: Choice, *, limit: int) -> List:
        """Return the first findings of a choice: by level, then downloads, most first."""
        columns = self.columns
        fits = self._fitting(choice)
        text = choice.text.strip()
        if text:
            said = self.texts.containing(text)[columns.reason]
            named = self.index.containing(text)[columns.repository]
            chosen = (fits & said)[columns.node] | (fits[columns.node] & named)
        else:
            chosen = fits[columns.node]
        places = np.flatnonzero(chosen)
        return List([self._row(place) for place in places[:limit].tolist()], len(places))

    def _fitting(self, choice: Choice) -> Array:
        """Tell of the different findings which are of a choice, whatever its text."""
        columns = self.columns
        fits = np.ones(len(columns.rule), np.bool_)
        if choice.rule:
            fits &= columns.rule == self.texts.number(choice.rule)
        if choice.level is not None:
            fits &= columns.level == LEVELS.index(choice.level)
        if choice.concerns:
            fits &= columns.concerns == self.texts.number(choice.concerns)
        if choice.relation is not None:
            ways = np.unique(columns.relations)
            wanted = [choice.relation in self.texts.text(way).split() for way in ways.tolist()]
            fits &= np.isin(columns.relations, ways[wanted])
        return fits

    def _row(self, place: int) -> Found:
        columns, text = self.columns, self.texts.text
        number, row = int(columns.repository[place]), int(columns.node[place])
        downloads, cause = int(self.index.downloads[number]), int(columns.cause[row])
        return Found(
            node=self.index.node(number),
            downloads=None if downloads < 0 else downloads,
            rule=text(columns.rule[row]),
            level=LEVELS[columns.level[row]],
            concerns=text(columns.concerns[row]),
            reason=text(columns.reason[row]),
            remedy=text(columns.remedy[row]),
            confidence=float(columns.confidence[row]),
            relations=tuple(map(Relation, text(columns.relations[row]).split())),
            cause=None if cause < 0 else self.index.id(cause),
        )


def license_findings_of(graph: LineageGraph, index: LineageIndex) -> LicenseFindings:
    """Return the licence findings that were stored with a build; ``index`` is the graph's.

    Raises InvalidGraph where they are missing, damaged or of another version.
    """
    return LicenseFindings.read(index, graph.results.arrays)
