"""The findings of all repositories, or of some, from the tables: as lines, and to be counted.

    tables -> declared, parents -> situations -> judgements -> forms -> lines

Of some, only their ancestors are worked off. Memory is a few numbers for each repository; the lines
are written as they are asked for, some thousands of repositories at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from graph.licenses.answers import Answer
from graph.licenses.findings import Finding
from graph.licenses.rules.duties import name_levels, prefixes
from graph.licenses.situations.coding import coded
from graph.licenses.situations.heritage import Heritage
from graph.licenses.situations.judging import Judgement, judge_situation
from graph.licenses.situations.parents import ancestors
from graph.licenses.situations.writing import (
    NAMED,
    Form,
    Lineage,
    form_of,
    lines,
    shared_by_name,
)
from graph.licenses.triples import MOST_MEMBERS
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Kind
from graph.rdf import terms
from graph.tables.schema import KINDS, UNKNOWN, Tables, flags_of, numbers_of

__all__ = ["ANSWERS", "Found", "Statements", "state_all"]

ANSWERS = tuple(Answer)
"""What the codes of answers stand for."""

_SPACE = KINDS.index(Kind.SPACE)
_BATCH = 20_000  # repositories whose lines are one text


class Found(NamedTuple):
    """A finding; where it has a cause, the relations of the way there, and the cause's number."""

    finding: Finding
    relations: str = ""
    cause: int = UNKNOWN


class Statements:
    """What is stated of known models and datasets.

    ``numbers`` are those of whom anything is stated; of all others it is UNKNOWN.
    """

    def __init__(self, tables: Tables, numbers: Array | None) -> None:
        count = len(tables)
        wanted = np.ones(count, np.bool_) if numbers is None else ancestors(tables, numbers)
        self._kinds = numbers_of(tables.repositories, "kind")
        stated = flags_of(tables.repositories, "known") & (self._kinds != _SPACE)
        if numbers is not None:
            stated &= np.isin(np.arange(count), numbers)
        self.numbers = np.flatnonzero(stated).astype(np.int32)
        self._ids = tables.repositories["id"].combine_chunks()
        self._heritage = Heritage(tables, wanted)
        self._judgements: list[Judgement] = []
        self._forms: list[Form] = []
        self._names: list[str] = []
        self._known: dict[tuple[object, ...], int] = {}
        self._nodes: dict[int, str] = {}
        self._of = self._judged()

    @property
    def judgements(self) -> int:
        """How many times the rules had to run."""
        return len(self._judgements)

    @cached_property
    def answers(self) -> Array:
        """Whether commercial use is allowed, for each row of the tables, as places in ANSWERS."""
        codes = np.array([ANSWERS.index(one.answer) for one in self._judgements], np.int8)
        answers = np.full(len(self._ids), UNKNOWN, np.int8)
        answers[self.numbers] = codes[self._of] if len(codes) else UNKNOWN
        return answers

    def rows(self) -> Iterator[tuple[int, Found]]:
        """Yield each finding about each repository, with the number of the repository.

        Whoever shares a judgement without causes shares its rows, as one object each.
        """
        shared = [self._shared(place) for place in range(len(self._judgements))]
        for number, place in zip(self.numbers.tolist(), self._of.tolist(), strict=True):
            rows = shared[place]
            for row in self._own(number, place) if rows is None else rows:
                yield number, row

    def _shared(self, place: int) -> tuple[Found, ...] | None:
        """Return the rows of all who share a judgement; None where each has its own."""
        found = self._judgements[place].findings
        if any(one.cause is not None or one.finding.rule in NAMED for one in found):
            return None
        return tuple(Found(one.finding) for one in found)

    def _own(self, number: int, place: int) -> Iterator[Found]:
        name, first = self._heritage.name(number).name, self._names[place]
        for one in self._judgements[place].findings:
            finding = one.finding
            if finding.rule in NAMED:
                finding = replace(finding, remedy=finding.remedy.removesuffix(first) + name)
            if one.cause is None:
                yield Found(finding)
            else:
                cause = self._heritage.cause(number, one.cause)
                way = islice(self._heritage.path(number, one.cause), MOST_MEMBERS - 1)
                words = [relation.value for _, relation in way if relation is not None]
                yield Found(finding, " ".join(words), cause)

    def lines(self) -> Iterator[str]:
        """Yield all that is stated as lines of N-Triples, many in one text.

        What is said of a node that repositories share comes once, with the first of them.
        """
        described: set[str] = set()
        for start in range(0, len(self.numbers), _BATCH):
            yield "".join(self._lines(start, start + _BATCH, described))

    def _lines(self, start: int, end: int, described: set[str]) -> Iterator[str]:
        numbers = self.numbers[start:end]
        ids = self._ids.take(numbers).to_pylist()
        kinds = self._kinds[numbers].tolist()
        of = self._of[start:end].tolist()
        heritage = self._heritage
        lineage = Lineage(heritage.cause, heritage.path, self._node, self._id, heritage.length)
        for number, id_, kind, place in zip(numbers.tolist(), ids, kinds, of, strict=True):
            form, subject = self._forms[place], terms.iri(v.repository_iri(KINDS[kind], id_))
            name = id_.rpartition("/")[2] if form.nodes or form.named else ""
            shared = form.shared | shared_by_name(form, name) if form.named else form.shared
            for node in shared.keys() - described:
                yield shared[node]
            described.update(shared)
            yield lines(form, number, subject, name, lineage)

    def _judged(self) -> Array:
        """Return for each repository the place of its judgement, one for all in a situation."""
        levels = self._name_levels()
        situations = np.asarray(self._heritage.of)[self.numbers]
        codes, firsts = coded(situations, levels)
        every = self._heritage.situations.all
        places = np.full(len(firsts), UNKNOWN, np.int32)
        for code, first in enumerate(firsts.tolist()):
            if not every[situations[first]].ties:
                places[code] = self._judge(int(self.numbers[first]), int(levels[first]), ())
        judged = places[codes] if len(places) else places
        for place in np.flatnonzero(judged == UNKNOWN).tolist():
            number = int(self.numbers[place])
            judged[place] = self._judge(number, int(levels[place]), self._ties(number))
        return judged

    def _judge(self, number: int, level: int, ties: tuple[tuple[int, int], ...]) -> int:
        heritage = self._heritage
        case = heritage.declared.cases[number]
        pattern = heritage.situations.all[heritage.of[number]].pattern
        key = case, pattern, level, ties
        if key not in self._known:
            name = heritage.name(number)
            view = heritage.declared.views[case]
            view = replace(view, artefact=name._replace(id=name.name))
            judgement = judge_situation(view, heritage.situations.patterns[pattern], dict(ties))
            self._known[key] = len(self._judgements)
            self._judgements.append(judgement)
            self._forms.append(form_of(judgement, name.name))
            self._names.append(name.name)
        return self._known[key]

    def _ties(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return the places of causes that are equally far off, as their ids order what is said."""
        found: list[tuple[int, int]] = []
        for group in self._heritage.situations.all[self._heritage.of[number]].ties:
            ids = [f"{self._id(self._heritage.cause(number, index))}]" for index in group]
            order = sorted(set(ids))
            found += [(index, order.index(id_)) for index, id_ in zip(group, ids, strict=True)]
        return tuple(found)

    def _name_levels(self) -> Array:
        """Return a code for all that the rules see of the names of those who have parents."""
        levels = np.zeros(len(self.numbers), np.int32)
        derived = np.flatnonzero(np.isin(self.numbers, self._heritage.parents.derived))
        ids = self._ids.take(self.numbers[derived])
        words = sorted({prefix.split()[0] for prefix in prefixes()})
        begins = rf"(?i)(^|/)({'|'.join(words)})|[^\x00-\x7F]"
        maybe = np.flatnonzero(pc.match_substring_regex(ids, begins).to_numpy(zero_copy_only=False))
        codes = {name_levels(""): 0}
        for place, id_ in zip(derived[maybe].tolist(), ids.take(maybe).to_pylist(), strict=True):
            levels[place] = codes.setdefault(name_levels(id_.rpartition("/")[2]), len(codes))
        return levels

    def _id(self, number: int) -> str:
        id_: str = self._ids[number].as_py()
        return id_

    def _node(self, number: int) -> str:
        if (node := self._nodes.get(number)) is None:
            iri = v.repository_iri(KINDS[self._kinds[number]], self._id(number))
            node = self._nodes[number] = terms.iri(iri)
        return node


def state_all(tables: Tables, numbers: Array | None = None) -> Statements:
    """Return what is stated of all known models and datasets, or of those with some numbers."""
    return Statements(tables, numbers)
