"""Checking the lineage: what cannot be, what contradicts itself, and what leads nowhere.

Nothing here is a judgement of licences. An *error* is what no true lineage can contain, a
*warning* what is probably declared wrongly, a *note* what is incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

import numpy as np

from graph import vocabulary as v
from graph.index.adjacency import BITS, Steps, mask, relations_of
from graph.index.arrays import Array, distinct
from graph.index.families import cycles
from graph.index.paradoxes import Paradox, paradoxes
from graph.index.reading import LineageIndex
from graph.lineage import DERIVATIONS
from graph.records import TYPED_RELATIONS, IssueKind, Relation
from graph.store import LineageGraph, Node

__all__ = ["Check", "Finding", "Level", "Summary", "check", "check_repository", "summarise"]


_COPYING = (Relation.QUANTIZED, Relation.ADAPTER)
_BUILDING = (Relation.FINETUNE, Relation.MERGE)
_CLAIMS = (v.PROV.qualifiedDerivation, v.REMIX.trainingDataDeclaration)
_MOST_OTHERS = 5


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Check(StrEnum):
    """What is looked for; the value is the check's stable name."""

    SELF_LOOP = "self-loop"
    CYCLE = "cycle"
    TIME_PARADOX = "time-paradox"
    RECREATED_PARENT = "recreated-parent"
    SEVERAL_RELATIONS = "several-relations"
    BUILT_ON_COPY = "built-on-copy"
    UNTYPED_RELATION = "untyped-relation"
    DANGLING_PARENT = "dangling-parent"
    RENAMED_PARENT = "renamed-parent"
    JUNK_DATASET = "junk-dataset"

    @property
    def level(self) -> Level:
        """How bad it is."""
        return _MEANINGS[self][0]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _MEANINGS[self][1]


_MEANINGS = {
    Check.SELF_LOOP: (Level.ERROR, "Name the repository that this one was made from, not itself."),
    Check.CYCLE: (Level.ERROR, "Find out which came first, and correct the others' base_model."),
    Check.TIME_PARADOX: (Level.WARNING, "Check whether this is the parent that was meant."),
    Check.RECREATED_PARENT: (Level.WARNING, "Its name was registered again: find the original."),
    Check.SEVERAL_RELATIONS: (Level.WARNING, "Declare one relation for each base model."),
    Check.BUILT_ON_COPY: (Level.WARNING, "Check how this one was made: its relation may be wrong."),
    Check.UNTYPED_RELATION: (Level.NOTE, "Declare base_model_relation in the card."),
    Check.DANGLING_PARENT: (Level.NOTE, "Ingest the parent, or find out what it is called now."),
    Check.RENAMED_PARENT: (Level.NOTE, "Name the parent as it is called today."),
    Check.JUNK_DATASET: (Level.NOTE, IssueKind.JUNK_DATASET.remedy),
}


class Finding(NamedTuple):
    """One thing that is wrong: with which repository, because of which others, and why."""

    check: Check
    node: Node
    others: tuple[str, ...]
    detail: str
    downloads: int | None


class Summary(NamedTuple):
    """How often a check found something, and the findings of most downloads."""

    check: Check
    total: int
    worst: list[Finding]


def check(graph: LineageGraph, index: LineageIndex) -> list[Finding]:
    """Return everything that is wrong, by check, and within it by downloads, most first."""
    everything = np.arange(len(index))
    return _ordered(finding for find in _FINDERS for finding in find(graph, index, everything))


def check_repository(graph: LineageGraph, index: LineageIndex, focus: Node) -> list[Finding]:
    """Return what is wrong with one repository, in the same order."""
    nodes = np.array([index.find(focus)])
    return _ordered(finding for find in _FINDERS for finding in find(graph, index, nodes))


def summarise(findings: Iterable[Finding], *, worst: int = 5) -> list[Summary]:
    """Return the counts of findings that are in order, each with its worst."""
    groups = ((name, list(group)) for name, group in groupby(findings, key=_name_of))
    return [Summary(name, len(group), group[:worst]) for name, group in groups]


def _name_of(finding: Finding) -> Check:
    return finding.check


def _ordered(findings: Iterator[Finding]) -> list[Finding]:
    places = {name: place for place, name in enumerate(Check)}

    def rank(finding: Finding) -> tuple[int, int, str, str, tuple[str, ...]]:
        downloads = -1 if finding.downloads is None else finding.downloads
        node = finding.node
        return places[finding.check], -downloads, node.id, node.kind, finding.others

    return sorted(findings, key=rank)


# --- what the links alone tell ----------------------------------------------------------------


def _self_loops(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    links = _derivations(index, nodes)
    yield from _linked(index, Check.SELF_LOOP, _kept(links, links.origins == links.ends))


def _cycles(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    asked = set(index.components[nodes].tolist())
    for cycle in cycles(index):
        numbers = index.numbers(cycle.members)
        if int(numbers[0]) in asked:
            first, *others = cycle.members
            names = tuple(node.id for node in others)
            detail = f"{len(cycle.members)} repositories descend from one another"
            yield Finding(Check.CYCLE, first, names, detail, cycle.downloads)


def _several_relations(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    links = _derivations(index, nodes)
    typed = links.relations & mask(TYPED_RELATIONS)
    yield from _linked(index, Check.SEVERAL_RELATIONS, _kept(links, typed & (typed - 1) != 0))


def _untyped_relations(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    links = _derivations(index, nodes)
    untyped = links.relations == BITS[Relation.UNSPECIFIED]
    kept = _kept(links, untyped & (links.origins != links.ends))
    yield from _linked(index, Check.UNTYPED_RELATION, kept)


def _built_on_copies(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    """Yield repositories that are said to be copies, and yet others were made from them."""
    links = _derivations(index, nodes)
    made = np.zeros(len(index), np.uint8)
    np.bitwise_or.at(made, links.origins, links.relations)
    copies = nodes[(made[nodes] != 0) & (made[nodes] & ~np.uint8(mask(_COPYING)) == 0)]
    built = index.down.steps(copies, mask(_BUILDING))
    for copy in distinct(built.origins).tolist():
        children = index.by_downloads(built.ends[built.origins == copy])
        others = tuple(index.ids(children[:_MOST_OTHERS]))
        words = ", ".join(relations_of(int(made[copy])))
        detail = f"{words}, yet {len(children)} made from it otherwise"
        yield Finding(
            Check.BUILT_ON_COPY,
            index.node(copy),
            others,
            detail,
            index.downloads_of(np.array([copy]))[0],
        )


def _dangling_parents(_: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    links = _derivations(index, nodes)
    yield from _linked(index, Check.DANGLING_PARENT, _kept(links, ~index.known[links.ends]))


def _derivations(index: LineageIndex, nodes: Array) -> Steps:
    return index.up.steps(nodes, mask(DERIVATIONS))


def _kept(links: Steps, kept: Array) -> Steps:
    return Steps(*(column[kept] for column in links))


def _linked(index: LineageIndex, name: Check, links: Steps) -> Iterator[Finding]:
    """Yield a finding for each link: about the child, because of the parent."""
    rows = zip(
        index.nodes(links.origins),
        index.ids(links.ends),
        links.relations.tolist(),
        index.downloads_of(links.origins),
        strict=True,
    )
    for child, parent, bits, downloads in rows:
        yield Finding(name, child, (parent,), ", ".join(relations_of(bits)), downloads)


# --- what dates and declarations tell ---------------------------------------------------------


def _paradoxes(graph: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    """Yield children that are older than their parent.

    Where the child was last changed before the parent was there, the parent's name must have been
    registered again since; else the child may just have been uploaded first.
    """
    for paradox in paradoxes(index, nodes=nodes):
        name = Check.TIME_PARADOX
        if any(date < paradox.parent_created for date in _modified(graph, paradox)):
            name = Check.RECREATED_PARENT
        detail = f"created {paradox.child_created}, its parent {paradox.parent_created}"
        yield Finding(name, paradox.child, (paradox.parent.id,), detail, paradox.downloads)


def _modified(graph: LineageGraph, paradox: Paradox) -> Iterator[str]:
    return graph.objects(paradox.child.iri, v.DCTERMS.modified)


def _renamed_parents(graph: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    for claim in _parts(graph, index, nodes, _CLAIMS, (v.REMIX.resolvedBy, v.REMIX.AliasTable)):
        for parent in graph.objects(claim, v.PROV.entity):
            raw = " and ".join(sorted(graph.objects(claim, v.REMIX.rawValue)))
            yield from _declared(
                index, nodes, Check.RENAMED_PARENT, claim, f"declared as {raw}", parent
            )


def _junk_datasets(graph: LineageGraph, index: LineageIndex, nodes: Array) -> Iterator[Finding]:
    junk = v.REMIX.issueKind, v.issue_kind_iri(IssueKind.JUNK_DATASET)
    for issue in _parts(graph, index, nodes, (v.REMIX.issue,), junk):
        for value in graph.objects(issue, v.REMIX.offendingValue):
            yield from _declared(index, nodes, Check.JUNK_DATASET, issue, f"declares {value}")


def _parts(
    graph: LineageGraph,
    index: LineageIndex,
    nodes: Array,
    links: tuple[str, ...],
    value: tuple[str, str],
) -> Iterator[str]:
    """Yield the claims or issues that have a value: of all, or of the few that are asked about."""
    if len(nodes) == len(index):
        yield from graph.subjects(*value)
        return
    predicate, target = value
    for node in index.nodes(nodes):
        for part in (part for link in links for part in graph.objects(node.iri, link)):
            if target in graph.objects(part, predicate):
                yield part


def _declared(
    index: LineageIndex, nodes: Array, name: Check, claim: str, detail: str, other: str = ""
) -> Iterator[Finding]:
    """Yield a finding about the repository that a claim is a part of, if it is asked about."""
    number = index.number(claim.partition("#")[0])
    if number is not None and (len(nodes) == len(index) or number in nodes):
        parsed = v.parse_repository_iri(other)
        others = (parsed[1],) if parsed else ()
        downloads = index.downloads_of(np.array([number]))[0]
        yield Finding(name, index.node(number), others, detail, downloads)


_FINDERS: tuple[Callable[[LineageGraph, LineageIndex, Array], Iterator[Finding]], ...] = (
    _self_loops,
    _cycles,
    _paradoxes,
    _several_relations,
    _built_on_copies,
    _untyped_relations,
    _dangling_parents,
    _renamed_parents,
    _junk_datasets,
)
