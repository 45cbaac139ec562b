"""The part of the lineage around one repository, as a networkx graph to look at or hand on.

Nodes are IRIs with their facts as attributes; edges run from the child to the parent, as in RDF,
with the relation as key. What is cut away is counted, never dropped in silence. A view is made
from the index; the store is asked only for what the index lacks of the few that are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import networkx as nx
import numpy as np

from graph.lineage import of
from graph.lineage.adjacency import BITS, mask, relations_of
from graph.lineage.index import LineageIndex
from graph.lineage.stepping import parents
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.licenses import licenses, licenses_by_iri
from graph.model.records import Relation
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.expansion import Expansion, Handle, Reach, Side
from graph.view.status import claimed, status

__all__ = [
    "USES",
    "Group",
    "Handles",
    "Neighbourhood",
    "facts",
    "links_around",
    "neighbourhood",
    "to_networkx",
]

USES = "uses"
"""The key of the edge from a Space to what it uses; every other key is a relation."""

LineageView: TypeAlias = "nx.MultiDiGraph[str]"

_NUMBERS = {
    "downloads": v.REMIX.downloads,
    "likes": v.REMIX.likes,
    "parameters": v.REMIX.parameters,
}


class Handles(NamedTuple):
    """What can be opened and closed on one side of a node.

    ``hidden`` is how many neighbours are left out, ``helpings`` how far the side is open (0: it is
    closed), ``usual`` tells that the steps around the focus open it by themselves, ``since`` is
    the turn in which it was opened last.
    """

    hidden: int
    helpings: int
    usual: bool
    since: int


class Group(NamedTuple):
    """Copies of a node that are counted in place of being shown, and how far they are opened.

    ``since`` is the turn in which they were gathered, ``helped`` the last that opened them.
    """

    size: int
    hidden: int
    downloads: int
    helpings: int
    since: int
    helped: int


class Neighbourhood(NamedTuple):
    """A view around a focus.

    ``view`` has on each node the attributes ``level`` (0 for the focus, negative for generations
    before it, positive after it), ``distance`` in steps and ``since``, the turn that brought it.
    ``handles`` are those sides of nodes where something is hidden or open, ``groups`` the copies
    that are rolled up; the key of both is a node and a side of it.
    """

    focus: str
    view: LineageView
    handles: dict[tuple[str, Side], Handles]
    groups: dict[tuple[str, Side], Group]
    path: tuple[str, ...] = ()

    @property
    def hidden(self) -> int:
        """How many neighbours of what is shown are left out, where the view was opened."""
        return sum(handles.hidden for handles in self.handles.values() if handles.helpings)


def neighbourhood(
    graph: LineageGraph,
    focus: Node,
    reach: Reach | None = None,
    *,
    path: Sequence[Node] = (),
    index: LineageIndex | None = None,
) -> Neighbourhood:
    """Return the lineage around a repository, as far as a viewer asks for.

    Of each node's neighbours it has the most downloaded. ``path`` is shown whole where it touches
    the view. ``index`` is that of the graph, for whoever has it open.
    """
    reach = reach or Reach()
    index = index or of(graph)
    expansion = Expansion(graph, index, index.find(focus), reach)
    expansion.grow([number for node in path if (number := index.number(node.iri)) is not None])
    numbers = np.fromiter(expansion.places, np.int64)
    iris = {number: node.iri for number, node in _named(index, numbers)}
    view = _view(graph, index, expansion, iris)
    _link(graph, index, view, iris, mask(reach.relations))
    for space, used in expansion.uses():
        view.add_edge(iris[space], iris[used], USES, relation=USES, declared=True)
    return Neighbourhood(
        focus.iri,
        view,
        dict(_handles(expansion, iris)),
        dict(_groups(index, expansion, iris)),
        tuple(node.iri for node in path if node.iri in view),
    )


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


def links_around(index: LineageIndex, focus: Node) -> Counter[str]:
    """Count the links that touch a repository by relation, and the Spaces that use it."""
    here = np.array([index.find(focus)])
    up, down = index.up.steps(here), index.down.steps(here)
    counts = Counter[str]()
    for relation, bit in BITS.items():
        touching = [np.count_nonzero(links.relations & bit) for links in (up, down)]
        loops = np.count_nonzero(up.relations[up.ends == here[0]] & bit)
        counts[relation.value] = int(sum(touching) - loops)
    counts[USES] = int(index.spaces.degrees_of(here)[0])
    return counts


def _named(index: LineageIndex, numbers: Array) -> Iterator[tuple[int, Node]]:
    return zip(numbers.tolist(), index.nodes(numbers), strict=True)


def _view(
    graph: LineageGraph, index: LineageIndex, expansion: Expansion, iris: Mapping[int, str]
) -> LineageView:
    """Return the nodes of a view with their facts, in the order of ids."""
    view: LineageView = nx.MultiDiGraph()
    for number in sorted(iris):
        place = expansion.places[number]
        view.add_node(
            iris[number],
            level=place.generation,
            distance=place.distance,
            since=place.since,
            **_indexed(index, number),
            **status(graph, iris[number]),
        )
    return view


def _indexed(index: LineageIndex, number: int) -> dict[str, str | int | bool]:
    """Return what the index has of a repository, in the words of ``facts``."""
    node = index.node(number)
    found: dict[str, str | int | bool] = {
        "id": node.id,
        "kind": node.kind.value,
        "known": node.known,
    }
    if (downloads := int(index.downloads[number])) >= 0:
        found["downloads"] = downloads
    if created := index.created_of(number):
        found["created"] = created
    if license_ := index.license_of(number):
        found["license"] = license_
        one = licenses().get(license_)
        found["license_category"] = one.category if one else "several"
    return found


def _link(
    graph: LineageGraph,
    index: LineageIndex,
    view: LineageView,
    iris: Mapping[int, str],
    wanted: int,
) -> None:
    """Add every edge between the nodes of a view, and whether somebody declared it."""
    numbers = np.sort(np.fromiter(iris, np.int64))
    links = index.up.steps(numbers, wanted)
    inside = np.isin(links.ends, numbers)
    columns = (column[inside].tolist() for column in links)
    for child, parent, bits in zip(*columns, strict=True):
        for relation in relations_of(bits):
            declared = claimed(graph, iris[child], iris[parent], relation)
            view.add_edge(
                iris[child],
                iris[parent],
                relation.value,
                relation=relation.value,
                declared=declared,
            )


def _handles(
    expansion: Expansion, iris: Mapping[int, str]
) -> Iterator[tuple[tuple[str, Side], Handles]]:
    left_out = expansion.left_out()
    open_ = [handle for handle, helpings in expansion.helpings.items() if helpings]
    for handle in dict.fromkeys([*left_out, *open_]):
        number, side = handle
        if side in {Side.PARENTS, Side.CHILDREN}:
            yield (
                (iris[number], side),
                Handles(
                    hidden=left_out.get(handle, 0),
                    helpings=expansion.helpings.get(handle, 0),
                    usual=handle in expansion.usual,
                    since=expansion.helped.get(handle, 0),
                ),
            )


def _groups(
    index: LineageIndex, expansion: Expansion, iris: Mapping[int, str]
) -> Iterator[tuple[tuple[str, Side], Group]]:
    handle: Handle
    for handle, members in expansion.groups.items():
        number, side = handle
        hidden, helpings = expansion.hidden(members), expansion.helpings.get(handle, 0)
        if hidden or helpings:
            yield (
                (iris[number], side),
                Group(
                    size=len(members),
                    hidden=hidden,
                    downloads=int(np.maximum(index.downloads[members], 0).sum()),
                    helpings=helpings,
                    since=expansion.formed[handle],
                    helped=expansion.helped.get(handle, 0),
                ),
            )
