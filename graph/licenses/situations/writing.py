"""From what is found in a situation to the lines that state it of each repository in it.

What names nobody is written once, and only its subject put in. A node of a repository's own names
its cause and the way there, which differ from one repository to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from graph.licenses import triples
from graph.licenses.situations.judging import FoundBy, GroundBy, Judgement
from graph.licenses.triples import Said
from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf import terms
from graph.rdf.triples import type_

__all__ = ["NAMED", "Form", "Lineage", "form_of", "lines", "shared_by_name"]

_END = " .\n"
NAMED = frozenset(["R07"])
"""Rules whose remedy ends with the name."""


class Lineage(NamedTuple):
    """What the lines of a repository need of its ancestors, by number and place of a burden."""

    cause: Callable[[int, int], int]
    path: Callable[[int, int], Iterator[tuple[int, Relation | None]]]
    node: Callable[[int], str]
    id: Callable[[int], str]
    length: Callable[[int, int], int]


class _Node(NamedTuple):
    """A node of a repository's own: how the repository leads to it, and what is said of it.

    ``ground`` is None for a finding; ``remedy`` is what stands before the name, if that is in it.
    """

    link: str
    fragment: str
    said: tuple[str, ...]
    cause: int
    ground: GroundBy | None = None
    remedy: str | None = None


class Form(NamedTuple):
    """The lines of all in a situation: ``plain`` stand behind the subject, ``shared`` by node.

    ``named`` are shared by those of one name; they are few.
    """

    plain: tuple[str, ...]
    shared: dict[str, str]
    nodes: tuple[_Node, ...]
    named: tuple[FoundBy, ...]


def form_of(judgement: Judgement, name: str) -> Form:
    """Return the form of what was found in a situation, of one with this name among others."""
    plain = [_tail(triples.USE, terms.text(judgement.answer))]
    shared: dict[str, str] = {}
    nodes: list[_Node] = []
    named: list[FoundBy] = []
    for ground in judgement.grounds:
        if ground.cause is None:
            said = [
                (type_, terms.iri(v.REMIX.UseGround)),
                (triples.REASON, terms.text(ground.before)),
            ]
            node = _share("ground", said, shared)
            plain.append(_tail(triples.GROUND, node))
        else:
            nodes.append(_Node(triples.GROUND, "", (), ground.cause, ground))
    for found in judgement.findings:
        is_named = found.finding.rule in NAMED
        one = _nameless(found, name) if is_named else found
        said = list(triples.say_finding(one.finding))
        if one.cause is not None:
            nodes.append(_finding_node(one, said, one.cause, is_named=is_named))
        elif is_named:
            named.append(one)
        else:
            plain.append(_tail(triples.FINDING, _share("finding", said, shared)))
    return Form(("", *dict.fromkeys(plain)), shared, tuple(nodes), tuple(named))


def _nameless(found: FoundBy, name: str) -> FoundBy:
    """Return a finding whose remedy lacks the name at its end."""
    remedy = found.finding.remedy.removesuffix(name)
    return found._replace(finding=replace(found.finding, remedy=remedy))


def _share(word: str, said: list[Said], shared: dict[str, str]) -> str:
    node = terms.iri(v.finding_iri(word, *said))
    shared[node] = "".join(node + _tail(*one) for one in said)
    return node


def _finding_node(one: FoundBy, said: list[Said], cause: int, *, is_named: bool) -> _Node:
    fragment = v.claim_iri("", "finding", one.finding.rule, one.finding.subject)
    fixed = [pair for pair in said if not (is_named and pair[0] == triples.REMEDY)]
    remedy = one.finding.remedy if is_named else None
    return _Node(
        triples.FINDING, fragment, tuple(_tail(*pair) for pair in fixed), cause, None, remedy
    )


def lines(form: Form, number: int, subject: str, name: str, lineage: Lineage) -> str:
    """Return the lines of a repository's own."""
    text = subject.join(form.plain)
    if form.nodes:
        every = [_node_lines(one, number, subject, name, lineage) for one in form.nodes]
        text += "".join(dict.fromkeys(every))
    for one in form.named:
        text += f"{subject} {triples.FINDING} {_named(one, name)[0]}{_END}"
    return text


def shared_by_name(form: Form, name: str) -> dict[str, str]:
    """Return the lines of the nodes that are shared by those of one name."""
    return dict(_named(one, name) for one in form.named)


def _named(one: FoundBy, name: str) -> tuple[str, str]:
    shared: dict[str, str] = {}
    finding = replace(one.finding, remedy=one.finding.remedy + name)
    node = _share("finding", list(triples.say_finding(finding)), shared)
    return node, shared[node]


def _node_lines(one: _Node, number: int, subject: str, name: str, lineage: Lineage) -> str:
    cause = lineage.cause(number, one.cause)
    cause_line = f" {triples.CAUSE} {lineage.node(cause)}{_END}"
    if one.ground is not None:
        fragment, said = _ground(one.ground, lineage.id(cause))
        node = f"{subject[:-1]}{fragment}>"
        return (
            f"{subject} {one.link} {node}{_END}{node}{_GROUND_TYPE}{node}{said}{node}{cause_line}"
        )
    node = f"{subject[:-1]}{one.fragment}>"
    tails = [*one.said, cause_line, *_way(lineage, number, one.cause)]
    if one.remedy is not None:
        tails.append(_tail(triples.REMEDY, terms.text(one.remedy + name)))
    return f"{subject} {one.link} {node}{_END}{node}{node.join(tails)}"


def _way(lineage: Lineage, number: int, index: int) -> Iterator[str]:
    """Yield the relations and members of a way, the first of them where it is long."""
    way = list(islice(lineage.path(number, index), triples.MOST_MEMBERS))
    relations = [relation for _, relation in way if relation is not None]
    if way[-1][1] is not None:  # it goes on
        del relations[-1]
    yield _tail(triples.RELATIONS, terms.text(" ".join(relations)))
    for place, (member, _) in enumerate(way, 1):
        yield _tail(triples.member(place), lineage.node(member))
    if way[-1][1] is not None:
        yield _tail(triples.PATH_LENGTH, terms.integer(lineage.length(number, index)))


@lru_cache(maxsize=65536)
def _ground(ground: GroundBy, cause: str) -> tuple[str, str]:
    """Return the fragment of a ground and what it says, of one cause."""
    says = f"{ground.before}{cause}{ground.after}"
    return v.claim_iri("", "ground", says), _tail(triples.REASON, terms.text(says))


def _tail(predicate: str, target: str) -> str:
    return f" {predicate} {target}{_END}"


_GROUND_TYPE = _tail(type_, terms.iri(v.REMIX.UseGround))
