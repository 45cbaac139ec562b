"""The part of the lineage around one repository, as a networkx graph to look at or hand on.

Nodes are IRIs with their facts as attributes; edges run from the child to the parent, as in RDF,
with the relation as key. What is cut away is counted, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import networkx as nx

from graph import vocabulary as v
from graph.licenses.table import licenses_by_iri
from graph.lineage import DERIVATIONS, Edge, children, parents
from graph.records import Relation
from graph.store import LineageGraph, Node

__all__ = ["Neighbourhood", "facts", "neighbourhood", "to_networkx"]

LineageView: TypeAlias = "nx.MultiDiGraph[str]"

_NUMBERS = {
    "downloads": v.REMIX.downloads,
    "likes": v.REMIX.likes,
    "parameters": v.REMIX.parameters,
}


class Neighbourhood(NamedTuple):
    """A view around a focus.

    ``view`` has the attribute ``level`` on each node: 0 for the focus, negative towards the
    ancestors, positive towards the descendants. ``hidden_parents`` and ``hidden_children`` count,
    for each node that has more of them than were asked for, those left out.
    """

    focus: str
    view: LineageView
    hidden_parents: dict[str, int]
    hidden_children: dict[str, int]


def neighbourhood(  # noqa: PLR0913 - each is a knob that a viewer turns
    graph: LineageGraph,
    focus: Node,
    *,
    up: int = 1,
    down: int = 1,
    relations: Collection[Relation] = DERIVATIONS,
    fan_out: int = 12,
    more: Mapping[str, int] = MappingProxyType({}),
    limit: int = 240,
) -> Neighbourhood:
    """Return the lineage around a repository.

    It goes ``up`` steps to its ancestors and ``down`` steps to its descendants, along at most
    ``fan_out`` neighbours of each node: the most downloaded. ``more`` raises the fan-out of
    single nodes, which only ever adds to the view; ``limit`` bounds the view as a whole.
    """
    levels = {focus.iri: 0}
    met: list[dict[str, set[str]]] = []
    for sign, steps, step in ((-1, up, parents), (1, down, children)):
        ends: dict[str, set[str]] = {}
        frontier = [focus.iri]
        for distance in range(1, steps + 1):
            reached: list[str] = []
            for node in frontier:
                ends[node] = {_other(edge, node) for edge in step(graph, node, relations)} - {node}
                near = _most_downloaded(graph, ends[node], fan_out + more.get(node, 0))
                new = [iri for iri in near if iri not in levels][: max(0, limit - len(levels))]
                levels.update(dict.fromkeys(new, sign * distance))
                reached += [iri for iri in near if iri in levels]
            frontier = [iri for iri in dict.fromkeys(reached) if iri not in ends]
        met.append(ends)
    hidden = [_count_hidden(ends, levels) for ends in met]
    view = to_networkx(graph, levels, relations=relations)
    nx.set_node_attributes(view, levels, "level")
    return Neighbourhood(focus.iri, view, *hidden)


def to_networkx(
    graph: LineageGraph,
    iris: Iterable[str],
    *,
    relations: Collection[Relation] = tuple(Relation),
) -> LineageView:
    """Return repositories and every edge between them, with all facts as attributes.

    The order of nodes and edges depends on nothing but the repositories.
    """
    nodes = sorted(set(iris))
    view: LineageView = nx.MultiDiGraph()
    view.add_nodes_from((iri, facts(graph, iri)) for iri in nodes)
    for iri in nodes:
        for edge in sorted(parents(graph, iri, relations)):
            if edge.parent in view:
                word = edge.relation.value
                view.add_edge(edge.child, edge.parent, word, relation=word)
    return view


def facts(graph: LineageGraph, iri: str) -> dict[str, str | int | bool]:
    """Return what is worth showing of a repository; what is not known is left out."""
    node = graph.node(iri)
    parsed = v.parse_repository_iri(iri)
    if parsed is None:
        message = f"{iri} is not the IRI of a repository"
        raise ValueError(message)
    found: dict[str, str | int | bool] = {
        "id": parsed[1],
        "kind": parsed[0].value,
        "known": node is not None and node.known,
    }
    for name, predicate in _NUMBERS.items():
        for value in graph.objects(iri, predicate):
            found[name] = int(value)
    for value in graph.objects(iri, v.DCTERMS.created):
        found["created"] = value
    tasks = [v.parse_task_iri(value) for value in graph.objects(iri, v.FAIR4ML.mlTask)]
    if tasks:
        found["task"] = ", ".join(sorted(tasks))
    known = [licenses_by_iri()[value] for value in graph.objects(iri, v.DCTERMS.license)]
    if known:
        found["license"] = ", ".join(sorted(entry.key for entry in known))
        found["license_category"] = known[0].category if len(known) == 1 else "several"
    return found


def _other(edge: Edge, node: str) -> str:
    return edge.parent if edge.child == node else edge.child


def _count_hidden(ends: dict[str, set[str]], shown: Collection[str]) -> dict[str, int]:
    hidden = {node: len(neighbours.difference(shown)) for node, neighbours in ends.items()}
    return {node: count for node, count in hidden.items() if count}


def _most_downloaded(graph: LineageGraph, iris: Collection[str], limit: int) -> list[str]:
    def rank(iri: str) -> tuple[int, str]:
        downloads = max(map(int, graph.objects(iri, v.REMIX.downloads)), default=-1)
        return -downloads, iri

    return sorted(iris, key=rank)[:limit]
