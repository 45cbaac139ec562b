"""Findings as triples, and whether commercial use is allowed: what a store keeps of them.

What a rule finds about a repository itself is most often found of thousands in the same words: it
is one node for all. A finding with a way to an ancestor is a node of its own, a fragment of the
repository's IRI. What only informs (level info) is left out: a verdict works it out when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from graph.licenses.answers import Context, Use
from graph.licenses.engine import find
from graph.licenses.findings import Finding, Level
from graph.licenses.grounds import Ground
from graph.licenses.inheritance import Inheritance, inherit
from graph.licenses.verdict import grounds_of, worst
from graph.licenses.views import Artefact, LicenseView
from graph.model import vocabulary as v
from graph.model.licenses import texts
from graph.rdf import terms
from graph.rdf.triples import Triple, type_

__all__ = [
    "CAUSE",
    "FINDING",
    "GROUND",
    "MOST_MEMBERS",
    "PATH_LENGTH",
    "REASON",
    "RELATIONS",
    "REMEDY",
    "USE",
    "Said",
    "Stated",
    "member",
    "say_finding",
    "state",
]

FINDING = terms.iri(v.REMIX.licenseFinding)
USE = terms.iri(v.REMIX.commercialUse)
GROUND = terms.iri(v.REMIX.commercialGround)
_RULE = terms.iri(v.REMIX.rule)
_LEVEL = terms.iri(v.REMIX.level)
_CONFIDENCE = terms.iri(v.REMIX.confidence)
_CONCERNS = terms.iri(v.REMIX.concerns)
_LICENSE = terms.iri(v.REMIX.concernsLicense)
CAUSE = terms.iri(v.REMIX.cause)
RELATIONS = terms.iri(v.REMIX.pathRelations)
REASON = terms.iri(v.REMIX.reason)
REMEDY = terms.iri(v.REMIX.remedy)

PATH_LENGTH = terms.iri(v.REMIX.pathLength)

MOST_MEMBERS = 100
"""Of a longer way only the first repositories are stored, and how many steps it has.

The longest recorded have a dozen. The ways along a chain of thousands would fill its square.
"""

_NOBODY = Context()

Said = tuple[str, str]
"""A predicate and an object."""


class Stated(NamedTuple):
    """What is stated of a repository: its own triples, and nodes that it shares with others.

    ``shared`` are the triples of each such node by its IRI.
    """

    own: list[Triple]
    shared: dict[str, list[Triple]]


def state(inheritance: Inheritance, artefact: Artefact) -> Stated:
    """Return the triples on what is found of an artefact."""
    view = inheritance.view(artefact)
    subject = v.repository_iri(artefact.kind, artefact.id)
    if view.parents:
        return _state(inheritance, artefact, subject)
    said, shared = _state_alone(replace(view, artefact=Artefact(artefact.kind, "")))
    node = terms.iri(subject)
    return Stated([(node, predicate, target) for predicate, target in said], shared)


@lru_cache(maxsize=65536)
def _state_alone(view: LicenseView) -> tuple[list[Said], dict[str, list[Triple]]]:
    """Return what is stated of everything without parents that declares the same."""
    own, shared = _state(inherit({view.artefact: view}), view.artefact, "")
    return [(predicate, target) for _, predicate, target in own], shared


def _state(inheritance: Inheritance, artefact: Artefact, subject: str) -> Stated:
    stated = Stated([], {})
    findings = find(inheritance, artefact)
    grounds = grounds_of(inheritance, artefact, findings, Use.COMMERCIAL, _NOBODY)
    answer = worst(grounds)
    stated.own.append((terms.iri(subject), USE, terms.text(answer)))
    for ground in grounds:
        if ground.answer is answer:
            _add(stated, subject, GROUND, "ground", (ground.says,), _of_ground(ground, artefact))
    for finding in findings:
        if finding.level is not Level.INFO:
            key = finding.rule, finding.subject
            said = (*say_finding(finding), *_of_way(finding))
            _add(stated, subject, FINDING, "finding", key, said)
    return stated


def _add(
    stated: Stated, subject: str, link: str, word: str, key: tuple[str, ...], said: Iterable[Said]
) -> None:
    """Add a node: one of the repository's own where it has a cause, else one that is shared."""
    said = list(said)
    is_own = any(predicate == CAUSE for predicate, _ in said)
    node = terms.iri(v.claim_iri(subject, word, *key) if is_own else v.finding_iri(word, *said))
    triples = [(node, predicate, target) for predicate, target in said]
    stated.own.append((terms.iri(subject), link, node))
    if is_own:
        stated.own.extend(triples)
    else:
        stated.shared[node] = triples


def _of_ground(ground: Ground, artefact: Artefact) -> Iterator[Said]:
    yield type_, terms.iri(v.REMIX.UseGround)
    yield REASON, terms.text(ground.says)
    if ground.cause is not None and ground.cause != artefact:
        yield CAUSE, _iri(ground.cause)


def say_finding(finding: Finding) -> Iterator[Said]:
    """Yield what is said of a finding, but for its way."""
    yield type_, terms.iri(v.REMIX.LicenseFinding)
    yield _RULE, terms.text(finding.rule)
    yield _LEVEL, terms.text(finding.level)
    yield _CONFIDENCE, terms.double(finding.confidence)
    yield _CONCERNS, terms.text(finding.subject)
    if (entry := texts().get(finding.subject)) is not None:
        yield _LICENSE, terms.iri(entry.iri)
    yield REASON, terms.text(finding.reason)
    yield REMEDY, terms.text(finding.remedy)


def _of_way(finding: Finding) -> Iterator[Said]:
    if len(finding.path) > 1:
        yield CAUSE, _iri(finding.path[-1])
        yield RELATIONS, terms.text(" ".join(finding.relations[: MOST_MEMBERS - 1]))
        for number, artefact in enumerate(finding.path[:MOST_MEMBERS], 1):
            yield member(number), _iri(artefact)
    if len(finding.path) > MOST_MEMBERS:
        yield PATH_LENGTH, terms.integer(len(finding.path) - 1)


@cache
def member(number: int) -> str:
    """Return the predicate of a member of a way, from 1 on."""
    return terms.iri(v.member_iri(number))


def _iri(artefact: Artefact) -> str:
    return terms.iri(v.repository_iri(artefact.kind, artefact.id))
