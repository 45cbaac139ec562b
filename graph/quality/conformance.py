"""Whether what a store holds is made as the shapes say: slice by slice, in several processes.

Each repository goes with its claims and commit, each node that repositories share by itself, and so
does each claim that nothing points at. Violations come in the order of the slices, whoever finds
them: the report is the same in one process and in many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain, islice

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf import terms
from graph.rdf.descriptions import describe
from graph.rdf.properties import CLASSES
from graph.rdf.triples import Triple
from graph.rdf.validation import LIMIT, SLICE, ValidationReport, Violation, validate_slice
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph, repository_triples
from graph.store.processes import interrupts_blocked, process_pool

__all__ = ["count_nodes", "validate_graph", "validate_store"]

_WORKERS = 2
_SMALL = 4  # slices that are checked sooner than a worker process starts
_RECORD_CLASSES = frozenset(map(terms.iri_value, CLASSES.values()))
_WHOLE_CLASSES = (
    *map(terms.iri_value, CLASSES.values()),
    v.REMIX.RepositoryReference,
    v.REMIX.Owner,
    v.REMIX.Library,
    v.SCHEMA.ScholarlyArticle,
    v.SKOS.Concept,
    v.DCTERMS.LicenseDocument,
)
_CLAIM_CLASSES = (
    *sorted({v.relation_class(relation) for relation in Relation}),
    v.REMIX.LicenseDeclaration,
    v.REMIX.Evaluation,
)

Checked = tuple[int, list[Violation]]
"""A slice that was checked: how many nodes it has, and what is wrong with them."""


def validate_graph(
    graph: LineageGraph, *, progress: Callable[[int], object] = int, limit: int = LIMIT
) -> ValidationReport:
    """Validate the default graph of an opened graph; a large one in several processes.

    ``progress`` is told how many more nodes of ``count_nodes`` were checked. It stops after the
    slice in which ``limit`` violations were found. Raises SourceUnavailable when a process dies.
    """
    slices = _slices(_nodes(graph.store))
    first = list(islice(slices, _SMALL))
    if len(first) < _SMALL or not graph.info.build:
        return _report(map(partial(_check, graph.store), chain(first, slices)), progress, limit)
    store = str(build_directory(graph.directory, graph.info.build) / "store")
    with _checked(partial(_check_in, store), chain(first, slices)) as checked:
        return _report(checked, progress, limit)


def validate_store(store: ox.Store, *, limit: int = LIMIT) -> ValidationReport:
    """Validate the default graph of a store, in this process."""
    return _report(map(partial(_check, store), _slices(_nodes(store))), int, limit)


def count_nodes(store: ox.Store) -> int:
    """Return how many repositories and shared nodes a store describes."""
    return sum(1 for _ in _whole(store))


def _report(
    checked: Iterable[Checked], progress: Callable[[int], object], limit: int
) -> ValidationReport:
    found: list[Violation] = []
    for count, violations in checked:
        progress(count)
        found += violations
        if len(found) >= limit:
            break
    return ValidationReport.of(found)


@contextmanager
def _checked(
    work: Callable[[list[str]], Checked], slices: Iterable[list[str]]
) -> Iterator[Iterator[Checked]]:
    """Offer what other processes find in slices, in order; each has one more waiting for it."""

    def in_order() -> Iterator[Checked]:
        waiting: deque[Future[Checked]] = deque()
        for each in slices:
            with interrupts_blocked():
                waiting.append(pool.submit(work, each))
            if len(waiting) > 2 * _WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    with process_pool(_WORKERS) as pool:
        yield in_order()


def _check_in(directory: str, nodes: list[str]) -> Checked:
    return _check(_opened(directory), nodes)


@cache
def _opened(directory: str) -> ox.Store:
    return ox.Store.read_only(directory)


def _check(store: ox.Store, nodes: list[str]) -> Checked:
    parts = [repository_triples(store, node) for node in nodes]
    return len(nodes), validate_slice(parts, partial(_description, store))


def _slices(nodes: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(nodes, SLICE)):
        yield batch


def _nodes(store: ox.Store) -> Iterator[str]:
    """Yield each repository and shared node, and each part of one that is astray."""
    yield from _whole(store)
    for node in _parts(store):
        pointing = store.quads_for_pattern(None, None, node, ox.DefaultGraph())
        if next(pointing, None) is None:
            yield node.value


def _whole(store: ox.Store) -> Iterator[str]:
    for class_ in _WHOLE_CLASSES:
        for node in _subjects(store, v.RDF.type, ox.NamedNode(class_)):
            yield node.value


def _parts(store: ox.Store) -> Iterator[ox.NamedNode]:
    """Yield the claims and commits, which are validated along with their repositories."""
    yield from _subjects(store, v.PROV.specializationOf, None)
    for class_ in _CLAIM_CLASSES:
        yield from _subjects(store, v.RDF.type, ox.NamedNode(class_))


def _subjects(
    store: ox.Store, predicate: str, value: ox.NamedNode | None
) -> Iterator[ox.NamedNode]:
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), value, ox.DefaultGraph())
    return (quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))


def _description(store: ox.Store, node: str) -> Iterable[Triple]:
    """Return what the store says about a node; of a repository it holds, only its kind and id."""
    pattern = ox.NamedNode(node), ox.NamedNode(v.RDF.type), None, ox.DefaultGraph()
    classes = (quad.object for quad in store.quads_for_pattern(*pattern))
    is_record = any(isinstance(o, ox.NamedNode) and o.value in _RECORD_CLASSES for o in classes)
    return describe(node) if is_record else repository_triples(store, node)
