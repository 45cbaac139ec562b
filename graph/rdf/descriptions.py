"""What is said about the nodes that repositories share.

These are owners, licences, papers, tasks, libraries, and repositories that are only named. A
description follows from the node's IRI alone (and, for a repository, from what the Hub answered
when it was looked up). So shared nodes need no bookkeeping: a node is described once when something
first points at it, and removed when nothing does any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.model import vocabulary as v
from graph.model.licenses import licenses_by_iri
from graph.rdf import terms
from graph.rdf.resolutions import LookUp, reference_triples
from graph.rdf.triples import Triple

__all__ = ["describe"]

_TYPE = terms.iri(v.RDF.type)
_LABEL = terms.iri(v.RDFS.label)
_IDENTIFIER = terms.iri(v.DCTERMS.identifier)
_NOTATION = terms.iri(v.SKOS.notation)
_IN_SCHEME = terms.iri(v.SKOS.inScheme)
_CATEGORY = terms.iri(v.REMIX.licenseCategory)

_OWNER = terms.iri(v.REMIX.Owner)
_ARTICLE = terms.iri(v.SCHEMA.ScholarlyArticle)
_LIBRARY = terms.iri(v.REMIX.Library)
_CONCEPT = terms.iri(v.SKOS.Concept)
_TASKS = terms.iri(v.TASK_SCHEME)
_DOCUMENT = terms.iri(v.DCTERMS.LicenseDocument)
_LICENSE = terms.iri(v.CC.License)


def describe(node: str, answer: LookUp | None = None) -> Iterator[Triple]:
    """Yield what the graph says about a shared node, given its IRI.

    A repository gets the description of a *reference*: it is named, and not known; ``answer`` is
    what the Hub said when it was looked up. Yields nothing for a node that describes itself
    elsewhere (a class, a concept).
    """
    subject = terms.iri(node)
    if node in licenses_by_iri():
        yield from _describe_license(node)
    elif node.startswith(v.ARXIV):
        yield subject, _TYPE, _ARTICLE
        yield subject, _IDENTIFIER, terms.text(f"arXiv:{v.parse_paper_iri(node)}")
    elif node.startswith(v.BASE + "library/"):
        yield subject, _TYPE, _LIBRARY
        yield subject, _LABEL, terms.text(v.parse_library_iri(node))
    elif node.startswith(v.HUB):
        yield from _describe_hub_page(node, answer)


def _describe_license(node: str) -> Iterator[Triple]:
    entry = licenses_by_iri()[node]
    subject = terms.iri(node)
    yield subject, _TYPE, _DOCUMENT
    yield subject, _TYPE, _LICENSE
    yield subject, _LABEL, terms.text(entry.title)
    yield subject, _IDENTIFIER, terms.text(entry.spdx_id or f"LicenseRef-hf-{entry.key}")
    yield subject, _NOTATION, terms.text(entry.key)
    yield subject, _CATEGORY, terms.text(entry.category)


def _describe_hub_page(node: str, answer: LookUp | None) -> Iterator[Triple]:
    subject = terms.iri(node)
    if node.endswith("#owner"):
        yield subject, _TYPE, _OWNER
        yield subject, _LABEL, terms.text(v.parse_owner_iri(node))
    elif node.startswith(v.HUB + "tasks/"):
        yield subject, _TYPE, _CONCEPT
        yield subject, _IN_SCHEME, _TASKS
        yield subject, _NOTATION, terms.text(v.parse_task_iri(node))
    elif repository := v.parse_repository_iri(node):
        yield from reference_triples(*repository, answer)
