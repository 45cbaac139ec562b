"""Everything worth telling about one repository, as plain values: what ``show`` prints."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from graph.lineage.stepping import children
from graph.model import vocabulary as v
from graph.model.records import (
    HUB_FLOOR,
    ClaimSource,
    Derivation,
    Kind,
    Model,
    Relation,
    Repository,
)
from graph.rdf.properties import repository_id
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["Claim", "details", "evidence", "existence"]


class Claim(TypedDict):
    """A claim of derivation with its evidence: who said it, in which words."""

    id: str | None
    kind: Kind
    relation: Relation
    known: bool
    status: str | None
    created_later: bool
    sources: tuple[ClaimSource, ...]
    raw: tuple[str, ...]
    aliased: bool


def details(graph: LineageGraph, node: Node) -> dict[str, object]:
    """Return what the graph knows of a repository, and of its neighbours one step away.

    A repository that is only named by others has its children, and what the Hub said of it;
    ``known`` is false.
    """
    found: dict[str, object] = {"id": node.id, "kind": node.kind, "known": node.known}
    if node.known:
        found |= _facts(graph, graph.record(node))
    else:
        found["status"] = existence(graph, node)
        replaced_by = next(graph.objects(node.iri, v.DCTERMS.isReplacedBy), None)
        found["replaced_by"] = replaced_by and repository_id(replaced_by)
    found["children"] = _children(graph, node)
    return found


def _facts(graph: LineageGraph, record: Repository) -> dict[str, object]:
    facts: dict[str, object] = {
        "downloads": record.downloads,
        "likes": record.likes,
        "created": record.created,
        "modified": record.modified,
        "gated": record.gating,
        "commit": record.commit,
        "new_version": record.new_version,
        "tasks": record.tasks,
        "languages": record.languages,
        "papers": record.papers,
    }
    if isinstance(record, Model):
        facts["library"] = record.library
        facts["parameters"] = record.parameters
        facts["emissions"] = record.emissions
        facts["evaluations"] = len(record.evaluations)
        facts["spaces"] = record.spaces
    facts["status"] = record.status
    facts["parents"] = evidence(graph, record)
    facts["licenses"] = [
        {
            "declared": claim.declared,
            "license": claim.license,
            "name": claim.name,
            "link": claim.link,
            "source": claim.source,
        }
        for claim in record.licenses
    ]
    facts["issues"] = [
        {"kind": i.kind, "field": i.field, "value": i.value, "remedy": i.kind.remedy}
        for i in record.issues
    ]
    return facts


def evidence(graph: LineageGraph, record: Repository) -> list[Claim]:
    """Return who says of a repository that it was made from what, in the order of its record."""
    return [_parent(graph, record, claim) for claim in record.derivations]


def existence(graph: LineageGraph, node: Node | None) -> str | None:
    """Return what the Hub said of the existence of a node, where it is not simply there."""
    found = next(graph.objects(node.iri, v.REMIX.resolutionStatus), None) if node else None
    return found and found.removeprefix(v.REMIX.NS)


def _parent(graph: LineageGraph, child: Repository, claim: Derivation) -> Claim:
    """Return a claim with its evidence.

    A parent that was created after its child may be another repository under a name that had
    become free (dates before the Hub kept them are all its floor date, so they tell nothing).
    """
    kind = claim.relation.target_kind
    target = graph.node(v.repository_iri(kind, claim.target)) if claim.target else None
    created = next(graph.objects(target.iri, v.DCTERMS.created), "") if target else ""
    return {
        "id": claim.target,
        "kind": kind,
        "relation": claim.relation,
        "known": target is not None and target.known,
        "status": existence(graph, target),
        "created_later": HUB_FLOOR < (child.created or "") < created,
        "sources": claim.sources,
        "raw": claim.raw,
        "aliased": claim.aliased,
    }


def _children(graph: LineageGraph, node: Node) -> dict[str, int]:
    relations = tuple(Relation)
    counts = Counter(edge.relation for edge in children(graph, node.iri, relations))
    return {relation.value: counts[relation] for relation in relations if counts[relation]}
