"""What a graph holds, in numbers.

The definitions, for whoever compares them with other counts:

- an *edge* is a distinct (child, parent, relation) between models, the untyped twin of a typed
  tag not counted; ``total`` counts distinct (child, parent) pairs;
- ``hub_edges`` are those whose relation the Hub itself states, in a typed tag or ``baseModels``;
  what only a card says is in ``edges``, too;
- a *dangling* edge has a parent that the graph only knows by name;
- a *root* has a child other than itself, and no parent but itself; roots that are only known by
  name count;
- a *family* is a weakly connected component of two or more repositories;
- a *cycle* is a strongly connected component of two or more (self-loops are counted apart);
- the *longest chain* counts the steps of the longest line of descent, a cycle taken as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import networkx as nx

from graph import vocabulary as v
from graph.directory import GraphInfo
from graph.licenses.table import licenses_by_iri
from graph.records import MODEL_RELATIONS, TYPED_RELATIONS, ClaimSource, Kind, Relation
from graph.store import LineageGraph

__all__ = ["Statistics", "statistics"]

Statistics = dict[str, int | dict[str, int]]


def statistics(graph: LineageGraph) -> Statistics:
    """Return the counts of a graph, under the names of the command line's contract."""
    known = {node.iri for node in graph.nodes(Kind.MODEL)}
    edges = {relation: set(_links(graph, relation)) for relation in MODEL_RELATIONS}
    edges[Relation.UNSPECIFIED] -= set().union(*(edges[typed] for typed in TYPED_RELATIONS))
    pairs = set().union(*edges.values())
    return {
        **_repository_counts(graph.info),
        "references": _count(graph, v.REMIX.RepositoryReference),
        "licenses": len(_licenses(graph)),
        "edges": {relation.value: len(edges[relation]) for relation in MODEL_RELATIONS}
        | {"total": len(pairs)},
        "hub_edges": _hub_edges(graph),
        "trained_on": sum(1 for _ in _links(graph, Relation.TRAINED_ON)),
        "dataset_edges": {
            relation.value: sum(1 for _ in _links(graph, relation))
            for relation in (Relation.SOURCE, Relation.GENERATED)
        },
        "dangling_edges": sum(parent not in known for _, parent in pairs),
        **_shape(pairs),
        "issues": _count(graph, v.REMIX.Issue),
        "by_license": dict(_licenses(graph).most_common()),
        "triples": len(graph.store),
    }


def _repository_counts(info: GraphInfo) -> dict[str, int]:
    return {"models": info.models, "datasets": info.datasets, "spaces": info.spaces}


def _hub_edges(graph: LineageGraph) -> dict[str, int]:
    """Count the edges of each typed relation that the Hub states."""
    stated = set(graph.subjects(v.REMIX.relationSource, v.claim_source_iri(ClaimSource.HUB)))
    linked = {claim for claim, _ in graph.links(v.PROV.entity)}
    concepts = {v.relation_iri(relation): relation for relation in TYPED_RELATIONS}
    counts = Counter(
        concepts[concept]
        for claim, concept in graph.links(v.REMIX.relation)
        if concept in concepts and claim in stated and claim in linked
    )
    return {relation.value: counts[relation] for relation in TYPED_RELATIONS}


def _shape(pairs: set[tuple[str, str]]) -> dict[str, int]:
    lineage = nx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    parents = Counter(child for child, _ in pairs)
    families = [len(family) for family in nx.weakly_connected_components(lineage)]
    together = [group for group in nx.strongly_connected_components(lineage) if len(group) > 1]
    return {
        "self_loops": sum(child == parent for child, parent in pairs),
        "cycles": len(together),
        "multi_parent": sum(count > 1 for count in parents.values()),
        "roots": sum(lineage.out_degree(node) == 0 for node in lineage),
        "families": len(families),
        "largest_family": max(families, default=0),
        "longest_chain": nx.dag_longest_path_length(nx.condensation(lineage)) if lineage else 0,
    }


def _licenses(graph: LineageGraph) -> Counter[str]:
    """Count the repositories under each licence that a declaration resolves to."""
    by_iri = Counter(iri for _, iri in graph.links(v.DCTERMS.license))
    return Counter({licenses_by_iri()[iri].key: count for iri, count in sorted(by_iri.items())})


def _links(graph: LineageGraph, relation: Relation) -> Iterator[tuple[str, str]]:
    return graph.links(v.relation_shortcut(relation))


def _count(graph: LineageGraph, class_: str) -> int:
    return sum(1 for _ in graph.subjects(v.RDF.type, class_))
