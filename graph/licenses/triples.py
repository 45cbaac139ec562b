"""Findings as triples, and whether commercial use is allowed: what a store keeps of them.

What a rule finds about a repository itself is most often found of thousands in the same words: it
is one node for all. A finding with a way to an ancestor is a node of its own, a fragment of the
repository's IRI. What only informs (level info) is left out: a verdict works it out when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
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

__all__ = ["Stated", "state"]

_FINDING = terms.iri(v.REMIX.licenseFinding)
_USE = terms.iri(v.REMIX.commercialUse)
_GROUND = terms.iri(v.REMIX.commercialGround)
_RULE = terms.iri(v.REMIX.rule)
_LEVEL = terms.iri(v.REMIX.level)
_CONFIDENCE = terms.iri(v.REMIX.confidence)
_CONCERNS = terms.iri(v.REMIX.concerns)
_LICENSE = terms.iri(v.REMIX.concernsLicense)
_CAUSE = terms.iri(v.REMIX.cause)
_RELATIONS = terms.iri(v.REMIX.pathRelations)
_REASON = terms.iri(v.REMIX.reason)
_REMEDY = terms.iri(v.REMIX.remedy)

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
    stated.own.append((terms.iri(subject), _USE, terms.text(answer)))
    for ground in grounds:
        if ground.answer is answer:
            _add(stated, subject, _GROUND, "ground", (ground.says,), _of_ground(ground, artefact))
    for finding in findings:
        if finding.level is not Level.INFO:
            key = finding.rule, finding.subject
            _add(stated, subject, _FINDING, "finding", key, _of_finding(finding))
    return stated


def _add(
    stated: Stated, subject: str, link: str, word: str, key: tuple[str, ...], said: Iterable[Said]
) -> None:
    """Add a node: one of the repository's own where it has a cause, else one that is shared."""
    said = list(said)
    is_own = any(predicate == _CAUSE for predicate, _ in said)
    node = terms.iri(v.claim_iri(subject, word, *key) if is_own else v.finding_iri(word, *said))
    triples = [(node, predicate, target) for predicate, target in said]
    stated.own.append((terms.iri(subject), link, node))
    if is_own:
        stated.own.extend(triples)
    else:
        stated.shared[node] = triples


def _of_ground(ground: Ground, artefact: Artefact) -> Iterator[Said]:
    yield type_, terms.iri(v.REMIX.UseGround)
    yield _REASON, terms.text(ground.says)
    if ground.cause is not None and ground.cause != artefact:
        yield _CAUSE, _iri(ground.cause)


def _of_finding(finding: Finding) -> Iterator[Said]:
    yield type_, terms.iri(v.REMIX.LicenseFinding)
    yield _RULE, terms.text(finding.rule)
    yield _LEVEL, terms.text(finding.level)
    yield _CONFIDENCE, terms.double(finding.confidence)
    yield _CONCERNS, terms.text(finding.subject)
    if (entry := texts().get(finding.subject)) is not None:
        yield _LICENSE, terms.iri(entry.iri)
    yield _REASON, terms.text(finding.reason)
    yield _REMEDY, terms.text(finding.remedy)
    if len(finding.path) > 1:
        yield _CAUSE, _iri(finding.path[-1])
        yield _RELATIONS, terms.text(" ".join(finding.relations))
        for number, artefact in enumerate(finding.path, 1):
            yield terms.iri(v.member_iri(number)), _iri(artefact)


def _iri(artefact: Artefact) -> str:
    return terms.iri(v.repository_iri(artefact.kind, artefact.id))
