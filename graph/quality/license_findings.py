"""The findings that a graph stores: how many there are, and the gravest that fit a choice.

There may be a million, most of a few kinds. So they are counted once for each build, and a list
has an end. What is rare is sorted by a worker under a deadline; what is frequent is met soon by
who goes through the repositories from the most downloaded on. Both give the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib.resources import files
from itertools import islice
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from graph.licenses.findings import Level
from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf.properties import repository_id
from graph.sparql.pool import WorkerPool
from graph.sparql.results import QueryResult, Term
from graph.sparql.runner import run_query
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["FREQUENT", "LEVELS", "Choice", "Count", "Found", "List", "count", "gravest"]

LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
"""The levels that are stored, the gravest first."""

FREQUENT = 20_000
"""From how many findings on they are met on the way rather than sorted."""

_LOOK_AT = 50_000
"""How many repositories are looked at on the way at most: a few seconds."""

Reader: TypeAlias = Callable[[ox.NamedNode], Mapping[str, str]]
"""What reads all that is said of a finding, by predicate."""

_GRAPH = ox.NamedNode(v.FINDINGS)
_LINK = ox.NamedNode(v.REMIX.licenseFinding)


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

    def fits(self, choice: Choice) -> bool:
        """Tell whether they are of a choice, but for relation and text, which are not counted."""
        wanted = choice.rule or self.rule, choice.level or self.level
        return wanted == (self.rule, self.level) and choice.concerns in {"", self.concerns}


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
    """The first findings of a choice; ``is_whole`` tells whether these are all."""

    rows: list[Found]
    is_whole: bool


def count(pool: WorkerPool, *, timeout: float) -> list[Count]:
    """Return how many findings there are of each kind; raises QueryStopped at the deadline."""
    answer = run_query(pool, _query("found-counts"), timeout=timeout)
    return [Count(str(a), Level(str(b)), str(c), int(str(n))) for a, b, c, n in _values(answer)]


def gravest(  # noqa: PLR0913 - what is read, and how much of it
    graph: LineageGraph,
    index: LineageIndex,
    pool: WorkerPool,
    counts: Iterable[Count],
    choice: Choice,
    *,
    limit: int,
    timeout: float,
) -> List:
    """Return the findings of a choice: by level, and within it by downloads, most first.

    Raises QueryStopped where sorting takes longer than ``timeout``.
    """
    rows: list[Found] = []
    counts = list(counts)
    for level in LEVELS if choice.level is None else (choice.level,):
        wanted = choice._replace(level=level)
        many = sum(one.findings for one in counts if one.fits(wanted))
        if not many:
            continue
        rest = limit - len(rows)
        if many < FREQUENT:
            part = _sorted(graph, pool, wanted, limit=rest, timeout=timeout)
        else:
            part = _met(graph, index, wanted, limit=rest)
        rows += part.rows
        if not part.is_whole:
            return List(rows, is_whole=False)
    return List(rows, is_whole=True)


def _sorted(
    graph: LineageGraph, pool: WorkerPool, choice: Choice, *, limit: int, timeout: float
) -> List:
    """Return findings that a worker chooses and sorts."""
    asked = {"rule": choice.rule, "level": choice.level or "", "concerns": choice.concerns}
    values = {name: value for name, value in asked.items() if value}
    values |= {"relation": choice.relation or "", "text": _small(choice.text)}
    bindings: dict[str, Term] = {name: ox.Literal(value) for name, value in values.items()}
    answer = run_query(pool, _query("found"), bindings=bindings, timeout=timeout, limit=limit)
    place = {name: number for number, name in enumerate(answer.columns)}
    rows = []
    for row in _values(answer):
        downloads = row[place["downloads"]]
        node = v.parse_repository_iri(str(row[place["repository"]]))
        assert node is not None  # noqa: S101 - the mapping writes nothing else
        finding = _said(graph, ox.NamedNode(str(row[place["finding"]])))
        rows.append(_found(Node(*node), int(downloads) if downloads else None, finding))
    return List(rows, not answer.truncated)


def _met(graph: LineageGraph, index: LineageIndex, choice: Choice, *, limit: int) -> List:
    """Return findings that are met from the most downloaded repository on."""
    text = _small(choice.text)
    read = cache(partial(_said, graph))  # one finding is often shared by thousands
    most = index.arrays["by_downloads"][:_LOOK_AT]
    looked_at = zip(index.nodes(most), index.downloads_of(most), strict=True)
    found = (
        one
        for node, downloads in looked_at
        for one in _of(graph, read, node, downloads)
        if _fits(one, choice, text)
    )
    rows = list(islice(found, limit))
    return List(rows, len(rows) < limit and len(most) == len(index))


def _of(graph: LineageGraph, read: Reader, node: Node, downloads: int | None) -> list[Found]:
    """Return the stored findings of a repository, in the order of a list."""
    links = graph.store.quads_for_pattern(ox.NamedNode(node.iri), _LINK, None, _GRAPH)
    nodes = (quad.object for quad in links)
    found = [_found(node, downloads, read(one)) for one in nodes if isinstance(one, ox.NamedNode)]
    return sorted(found, key=lambda one: (one.rule, one.concerns))


def _fits(one: Found, choice: Choice, text: str) -> bool:
    return (
        choice.level in {None, one.level}
        and choice.rule in {"", one.rule}
        and choice.concerns in {"", one.concerns}
        and (choice.relation is None or choice.relation in one.relations)
        and (text in one.node.iri.lower() or text in one.reason.lower())
    )


def _said(graph: LineageGraph, finding: ox.NamedNode) -> dict[str, str]:
    """Return what is said of a finding, by predicate."""
    quads = graph.store.quads_for_pattern(finding, None, None, _GRAPH)
    return {quad.predicate.value: getattr(quad.object, "value", "") for quad in quads}


def _found(node: Node, downloads: int | None, said: Mapping[str, str]) -> Found:
    cause = said.get(v.REMIX.cause)
    relations = said.get(v.REMIX.pathRelations, "")
    return Found(
        node=node,
        downloads=downloads,
        rule=said[v.REMIX.rule],
        level=Level(said[v.REMIX.level]),
        concerns=said[v.REMIX.concerns],
        reason=said[v.REMIX.reason],
        remedy=said[v.REMIX.remedy],
        confidence=float(said[v.REMIX.confidence]),
        relations=tuple(map(Relation, relations.split())),
        cause=repository_id(cause) if cause else None,
    )


def _values(answer: QueryResult) -> Iterator[tuple[str, ...]]:
    for row in answer.rows:
        yield tuple("" if term is None else getattr(term, "value", "") for term in row)


def _query(name: str) -> str:
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


def _small(text: str) -> str:
    return text.strip().lower()
