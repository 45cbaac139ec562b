"""Opening a graph and reading it: Oxigraph inside, rdflib's API for those who expect it.

Rule: whoever opens a graph only reads. Writing is ``graph.build``'s part, and makes a new build.
Any number of processes may have a graph open; each keeps seeing the build that it opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, NamedTuple, Self

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.errors import InvalidGraph, InvalidRepositoryId, NotInGraph
from graph.model.records import Kind, Repository
from graph.rdf import terms
from graph.rdf.properties import CLASSES
from graph.rdf.triples import Triple, record_from_triples
from graph.store.builds import UNREADABLE, GraphInfo, build_directory, is_readable, lock_build
from graph.store.directory import read_info, unreadable

if TYPE_CHECKING:
    import rdflib

    from graph.store.results import Results

__all__ = [
    "LineageGraph",
    "Node",
    "hold",
    "open_graph",
    "repository_triples",
]

_RECORD_CLASSES = frozenset(map(terms.iri_value, CLASSES.values()))
_ATTEMPTS = 5


class Node(NamedTuple):
    """A repository in the graph; ``known`` is False where it is only named by others."""

    kind: Kind
    id: str
    known: bool = True

    @property
    def iri(self) -> str:
        """The IRI of the repository."""
        return v.repository_iri(self.kind, self.id)


class LineageGraph:
    """A graph opened for reading.

    Use it as a context manager, or close it: an open graph keeps its build from being removed.
    """

    def __init__(
        self,
        directory: Path,
        info: GraphInfo,
        store: ox.Store,
        lock: IO[str],
        *,
        results: Results | None = None,
    ) -> None:
        self.directory = directory
        self.info = info
        self.store = store
        self._lock = lock
        self._results = results

    @property
    def results(self) -> Results:
        """What was worked out when the build was made.

        Raises InvalidGraph where it is missing, damaged, or of another version.
        """
        if self._results is None:
            # NumPy, which no look into the store needs
            from graph.store.results import RESULTS, open_results  # noqa: PLC0415

            build = build_directory(self.directory, self.info.build)
            self._results = open_results(build / RESULTS)
        return self._results

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """Open the current build of a graph directory.

        Raises InvalidGraph when there is no graph, or it cannot be read.
        """
        directory = Path(directory)
        info, lock = hold(directory)
        try:
            store = ox.Store.read_only(str(build_directory(directory, info.build) / "store"))
        except UNREADABLE:
            lock.close()
            raise unreadable(directory, info) from None
        return cls(directory, info, store, lock)

    def close(self) -> None:
        """Let go of the build."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def dataset(self) -> rdflib.Dataset:
        """Return the graph as an ``rdflib.Dataset`` that answers SPARQL through Oxigraph."""
        from graph.store.rdflib_dataset import dataset_of  # noqa: PLC0415 - rdflib takes long

        return dataset_of(self.store)

    def find(self, name: str) -> Node:
        """Return the repository that a user means by an id or an address on the Hub.

        A bare id is looked for among models, then datasets, then Spaces; ``datasets/`` or
        ``spaces/`` before it settles the kind. Raises NotInGraph, or InvalidRepositoryId for
        text that cannot be an id.
        """
        path = name.strip().removeprefix(v.HUB).strip("/")
        if not path or " " in path or not path.isprintable():
            raise InvalidRepositoryId(f"{name!r} is no repository id: give owner/name")
        for candidate in _candidates(path):
            if node := self.node(candidate):
                return node
        raise NotInGraph(
            f"{name} is not in the graph: check the spelling (capitals count),"
            " or ingest the data that names it"
        )

    def node(self, iri: str) -> Node | None:
        """Return the repository with this IRI, if the graph holds or names it."""
        parsed = v.parse_repository_iri(iri)
        if parsed is None:
            return None
        classes = set(self.objects(iri, v.RDF.type))
        if classes & _RECORD_CLASSES:
            return Node(*parsed)
        return Node(*parsed, known=False) if v.REMIX.RepositoryReference in classes else None

    def record(self, node: Node) -> Repository:
        """Return the record of a repository; raises NotInGraph for one that is only named."""
        if not node.known:
            raise NotInGraph(f"{node.id} is only named by others: nothing else is known of it")
        return record_from_triples(repository_triples(self.store, node.iri))

    def nodes(self, kind: Kind) -> Iterator[Node]:
        """Yield every known repository of a kind, in no order."""
        for iri in self.subjects(v.RDF.type, terms.iri_value(CLASSES[kind])):
            if parsed := v.parse_repository_iri(iri):
                yield Node(*parsed)

    def objects(self, subject: str, predicate: str) -> Iterator[str]:
        """Yield what a property of a node points at or says: IRIs, or the text of literals."""
        for _, found in self._match(ox.NamedNode(subject), predicate, None):
            yield found

    def subjects(self, predicate: str, target: str) -> Iterator[str]:
        """Yield the nodes that have a property pointing at the node ``target``."""
        for found, _ in self._match(None, predicate, ox.NamedNode(target)):
            yield found

    def links(self, predicate: str) -> Iterator[tuple[str, str]]:
        """Yield every pair of nodes that a property joins."""
        return self._match(None, predicate, None)

    def _match(
        self, subject: ox.NamedNode | None, predicate: str, target: ox.NamedNode | None
    ) -> Iterator[tuple[str, str]]:
        pattern = subject, ox.NamedNode(predicate), target, ox.DefaultGraph()
        for quad in self.store.quads_for_pattern(*pattern):
            assert not isinstance(quad.subject, ox.Triple)  # noqa: S101 - no RDF 1.2 in the graph
            assert not isinstance(quad.object, ox.Triple)  # noqa: S101
            yield quad.subject.value, quad.object.value


def hold(directory: Path) -> tuple[GraphInfo, IO[str]]:
    """Return which build is current, and the open file that keeps it from being swept.

    Raises InvalidGraph when there is none.
    """
    for _ in range(_ATTEMPTS):
        info = read_info(directory)
        if info is None:
            raise InvalidGraph(
                f"there is no graph in {directory}: make one with 'remixgraph ingest'"
                " or 'remixgraph snapshot load'"
            )
        try:
            lock = lock_build(build_directory(directory, info.build))
        except OSError:
            if read_info(directory) == info:
                raise _unlockable(directory, info) from None
            continue
        if read_info(directory) == info:
            return info, lock
        lock.close()  # a writer published meanwhile, and may have swept what is held only now
    raise InvalidGraph(f"{directory} changes faster than it can be opened: try again")


def open_graph(directory: str | Path) -> LineageGraph:
    """Open the graph in a directory for reading; use it in a ``with`` block, or close it.

    Raises InvalidGraph when there is no graph, or it cannot be read.
    """
    return LineageGraph.open(directory)


def repository_triples(store: ox.Store, iri: str) -> Iterator[Triple]:
    """Yield the triples of a repository, of the claims about it and of its commit, as text."""
    waiting = {iri}
    seen: set[str] = set()
    while waiting:
        seen.add(node := waiting.pop())
        subject = terms.iri(node)
        for quad in store.quads_for_pattern(ox.NamedNode(node), None, None, ox.DefaultGraph()):
            part = quad.object
            yield subject, str(quad.predicate), str(part)
            if isinstance(part, ox.NamedNode) and v.is_owned_by(part.value, iri):
                waiting |= {part.value} - seen


def _unlockable(directory: Path, info: GraphInfo) -> InvalidGraph:
    build = build_directory(directory, info.build)
    if not is_readable(build):
        return unreadable(directory, info)
    return InvalidGraph(
        f"{build / '.lock'} is missing, or not yours to read: make an empty file of that name"
    )


def _candidates(path: str) -> Iterator[str]:
    for kind, folder in ((Kind.DATASET, "datasets/"), (Kind.SPACE, "spaces/")):
        if path.startswith(folder):
            yield v.repository_iri(kind, path.removeprefix(folder))
            return
    for kind in Kind:
        yield v.repository_iri(kind, path)
