"""Validation: whether a graph is made as ``shapes.ttl`` says.

Every shape can be decided from one repository's own triples and the descriptions of the nodes
that they point at. So a graph of any size is validated in slices, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self

from pyshacl import validate as run_pyshacl
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import RDF, SH

from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf import terms
from graph.rdf.descriptions import describe
from graph.rdf.rdflib_triples import rdflib_triples
from graph.rdf.shapes import shapes
from graph.rdf.slices import Slice
from graph.rdf.triples import Triple, mentions

__all__ = [
    "LIMIT",
    "SLICE",
    "ValidationReport",
    "Violation",
    "validate",
    "validate_repositories",
    "validate_slice",
]

SLICE = 500
"""Repositories validated at once: fewer take longer, more take more memory and no less time."""

LIMIT = 1000
"""So many violations are enough: a graph that is wrong all over is not read to the end."""

_SHORTCUTS = [
    (URIRef(v.relation_iri(one)), URIRef(v.REMIX.shortcut), URIRef(v.relation_shortcut(one)))
    for one in Relation
]
"""What the shapes have to know of each relation."""


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

    @classmethod
    def of(cls, violations: Iterable[Violation]) -> Self:
        """Return the report of violations, which may come several times and in any order."""
        return cls(tuple(sorted(set(violations))))

    @property
    def conforms(self) -> bool:
        """Whether there is nothing wrong."""
        return not self.violations


def validate(graph: Graph) -> ValidationReport:
    """Validate a graph that fits into memory; the named graphs of a dataset count as one graph."""
    flat = Slice(_SHORTCUTS)
    if isinstance(graph, Dataset):
        flat.add_all((s, p, o) for s, p, o, _ in graph.quads())
    else:
        flat.add_all(graph)
    return ValidationReport.of(_violations(flat))


def validate_repositories(
    repositories: Iterable[Iterable[Triple]],
    *,
    describe: Callable[[str], Iterable[Triple]] = describe,
    limit: int = LIMIT,
) -> ValidationReport:
    """Validate repositories by their triples, one slice after the other.

    Takes 2 ms a repository (40,000 triples a second) and 100 MB, however many there are.

    Args:
        repositories: All triples of one repository each, its claims and commit included. Nodes
            that are shared may be among them.
        describe: Gives the triples about a node that a slice points at and does not hold.
        limit: Validation stops after the slice in which so many violations were found.
    """
    found: list[Violation] = []
    waiting = iter(repositories)
    while len(found) < limit and (batch := list(islice(waiting, SLICE))):
        found += validate_slice(batch, describe)
    return ValidationReport.of(found)


def validate_slice(
    repositories: Iterable[Iterable[Triple]], describe: Callable[[str], Iterable[Triple]]
) -> list[Violation]:
    """Return the violations of repositories that are held in memory at once."""
    held = Slice(_SHORTCUTS)
    mentioned: set[str] = set()
    for repository in repositories:
        triples = list(repository)
        mentioned.update(mentions(triple for triple in triples if terms.is_iri(triple[2])))
        held.add_all(rdflib_triples(triples))
    for node in sorted(mentioned):
        if (URIRef(node), RDF.type, None) not in held:
            held.add_all(rdflib_triples(describe(node)))
    return list(_violations(held))


def _violations(graph: Graph) -> Iterator[Violation]:
    _, report, _ = run_pyshacl(graph, shacl_graph=shapes(), inplace=True)
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
