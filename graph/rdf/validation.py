"""Validation: whether a graph is made as ``shapes.ttl`` says.

Every shape can be decided from one repository's own triples and the descriptions of the nodes
that they point at. So a graph of any size is validated in slices, and memory stays bounded.

The shapes are written for readers, and rewritten for speed before use: pyshacl takes the focus
nodes of a shape with targets all at once, but those of a nested one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import pyoxigraph as ox
from pyshacl import validate as run_pyshacl
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf import terms
from graph.rdf.descriptions import describe
from graph.rdf.properties import CLASSES
from graph.rdf.rdflib_triples import rdflib_triples
from graph.rdf.triples import Triple, mentions, type_
from graph.store.lineage_graph import repository_triples

__all__ = ["ValidationReport", "Violation", "validate", "validate_repositories", "validate_store"]

_SLICE = 500
"""Repositories validated at once: fewer take longer, more take more memory and no less time."""

_LIMIT = 1000
_SHORTCUT = URIRef(v.REMIX.shortcut)
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
_RECORD_CLASSES = frozenset(CLASSES.values())
_WHOLE_CLASSES = (
    *(terms.iri_value(class_) for class_ in CLASSES.values()),
    v.REMIX.RepositoryReference,
    v.REMIX.Owner,
    v.REMIX.Library,
    v.SCHEMA.ScholarlyArticle,
    v.SKOS.Concept,
    v.DCTERMS.LicenseDocument,
)
_CLAIM_CLASSES = (
    *dict.fromkeys(v.relation_class(relation) for relation in Relation),
    v.REMIX.LicenseDeclaration,
    v.REMIX.Evaluation,
)


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing in a graph that is not as a shape says.

    ``path`` is "" where a shape is about more than one property, ``value`` is "" where something
    is missing rather than wrong; else it is an N-Triples term.
    """

    node: str
    path: str
    value: str
    shape: str
    message: str


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What validation found, in the order of the nodes."""

    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is nothing wrong."""
        return not self.violations


def validate(graph: Graph) -> ValidationReport:
    """Validate a graph that fits into memory; the named graphs of a dataset count as one graph."""
    flat = _Slice()
    triples = ((s, p, o) for s, p, o, _ in graph.quads()) if isinstance(graph, Dataset) else graph
    for triple in triples:
        flat.add(triple)
    return _report(_violations(flat))


def validate_repositories(
    repositories: Iterable[Iterable[Triple]],
    *,
    describe: Callable[[str], Iterable[Triple]] = describe,
    limit: int = _LIMIT,
) -> ValidationReport:
    """Validate repositories by their triples, one slice after the other.

    Takes 4 ms a repository (20,000 triples a second) and 100 MB, however many there are.

    Args:
        repositories: All triples of one repository each, its claims and commit included. Nodes
            that are shared may be among them.
        describe: Gives the triples about a node that a slice points at and does not hold.
        limit: Validation stops after the slice in which so many violations were found.
    """
    found: list[Violation] = []
    waiting = iter(repositories)
    while len(found) < limit and (batch := list(islice(waiting, _SLICE))):
        found += _violations(_slice(batch, describe))
    return _report(found)


def validate_store(store: ox.Store, *, limit: int = _LIMIT) -> ValidationReport:
    """Validate the default graph of a store: each repository, and each node that they share."""
    return validate_repositories(
        _stored_parts(store), describe=lambda node: _stored_description(store, node), limit=limit
    )


class _Slice(Graph):
    """A graph to validate: it knows the shortcut of each relation, and parses a query once.

    For pyshacl hands in the same text for every node.
    """

    def __init__(self) -> None:
        super().__init__()
        for relation in Relation:
            concept = URIRef(v.relation_iri(relation))
            self.add((concept, _SHORTCUT, URIRef(v.relation_shortcut(relation))))

    def query(  # type: ignore[override]  # the other arguments are handed on as they are
        self,
        query_object: str,
        *args: Any,  # noqa: ANN401 - the signature of what it replaces
        **kwargs: Any,  # noqa: ANN401
    ) -> Result:
        return super().query(_prepared(query_object), *args, **kwargs)


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def _slice(
    repositories: Iterable[Iterable[Triple]], describe: Callable[[str], Iterable[Triple]]
) -> _Slice:
    graph = _Slice()
    mentioned: set[str] = set()
    for repository in repositories:
        triples = list(repository)
        mentioned.update(mentions(triple for triple in triples if terms.is_iri(triple[2])))
        for triple in rdflib_triples(triples):
            graph.add(triple)
    for node in sorted(mentioned):
        if (URIRef(node), RDF.type, None) not in graph:
            for triple in rdflib_triples(describe(node)):
                graph.add(triple)
    return graph


def _stored_parts(store: ox.Store) -> Iterator[Iterable[Triple]]:
    """Yield the triples of each repository and shared node, and of each part that is astray."""
    for class_ in _WHOLE_CLASSES:
        for node in _subjects(store, v.RDF.type, ox.NamedNode(class_)):
            yield repository_triples(store, node.value)
    for node in _parts(store):
        pointing = store.quads_for_pattern(None, None, node, ox.DefaultGraph())
        if next(pointing, None) is None:
            yield repository_triples(store, node.value)


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


def _stored_description(store: ox.Store, node: str) -> Iterable[Triple]:
    """Return what the store says about a node; of a repository it holds, only its kind and id."""
    triples = list(repository_triples(store, node))
    is_record = any(p == type_ and o in _RECORD_CLASSES for _, p, o in triples)
    return describe(node) if is_record else triples


def _report(violations: Iterable[Violation]) -> ValidationReport:
    return ValidationReport(tuple(sorted(set(violations))))


def _violations(graph: Graph) -> Iterator[Violation]:
    _, report, _ = run_pyshacl(graph, shacl_graph=_shapes(), inplace=True)
    for result in report.objects(None, SH.result):
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        yield Violation(
            node=str(report.value(result, SH.focusNode)),
            path=str(path) if isinstance(path, URIRef) else "",
            value="" if value is None else value.n3(),
            shape=str(report.value(result, SH.sourceShape)),
            message=str(report.value(result, SH.resultMessage)),
        )


@cache
def _shapes() -> Graph:
    """Return the shapes, with the targets of each node shape moved to its property shapes.

    That says the same: a property shape is held to the same nodes, whoever sends them there. A
    closed shape then has to be told which properties it is open to.
    """
    shapes = _read_shapes()
    targeted = {shape for target in _TARGETS for shape in shapes.subjects(target)}
    for shape in sorted(targeted, key=str):
        nested = sorted(shapes.objects(shape, SH.property), key=str)
        if (shape, SH.closed, None) in shapes:
            _open(shapes, shape, nested)
        for target in _TARGETS:
            for node in list(shapes.objects(shape, target)):
                for property_shape in nested:
                    shapes.add((property_shape, target, node))
        shapes.remove((shape, SH.property, None))
    return shapes


def _open(shapes: Graph, shape: Node, nested: Iterable[Node]) -> None:
    """Let a closed shape ignore the properties of the shapes nested in it."""
    ignored = shapes.value(shape, SH.ignoredProperties)
    paths: list[Node | None] = [] if ignored is None else [*shapes.items(ignored)]
    paths += [shapes.value(property_shape, SH.path) for property_shape in nested]
    list_ = BNode()
    Collection(shapes, list_, [path for path in paths if isinstance(path, URIRef)])
    shapes.set((shape, SH.ignoredProperties, list_))


def _read_shapes() -> Graph:
    text = files(__package__).joinpath("shapes.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")
