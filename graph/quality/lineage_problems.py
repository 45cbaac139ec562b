"""What is wrong with links, as the triples that the questions on integrity ask for.

A problem is a node of its own, a ``remix:LineageProblem``, with the child and the parent that it
is about; it follows from the report, and its IRI from what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.quality.checks import Check
from graph.quality.link_diagnostics import cyclic_links
from graph.quality.report import QualityReport
from graph.rdf import terms
from graph.rdf.triples import Triple, type_

__all__ = ["lineage_problems"]

_WORDS = {
    Check.SELF_LOOP: "self-loop",
    Check.TIME_PARADOX: "older than its parent",
    Check.RECREATED_PARENT: "older than its parent",
    Check.SEVERAL_RELATIONS: "several relations",
    Check.UNTYPED_RELATION: "no relation",
}
_CLASS = terms.iri(v.REMIX.LineageProblem)
_PROBLEM = terms.iri(v.REMIX.problem)
_CHILD = terms.iri(v.REMIX.child)
_PARENT = terms.iri(v.REMIX.parent)


def lineage_problems(report: QualityReport) -> Iterator[Triple]:
    """Yield the triples on each link of a graph that is at fault."""
    cycles = report.found[Check.CYCLE]
    links = cyclic_links(report.index, np.union1d(cycles.nodes, cycles.others))
    yield from _problems(report, "cycle", links.origins, links.ends)
    for check, word in _WORDS.items():
        found = report.found[check]
        yield from _problems(report, word, found.nodes, found.others)


def _problems(
    report: QualityReport, word: str, children: Array, parents: Array
) -> Iterator[Triple]:
    ends = zip(report.index.nodes(children), report.index.nodes(parents), strict=True)
    for child, parent in ends:
        node = terms.iri(v.summary_iri("problem", word, child.iri, parent.iri))
        yield node, type_, _CLASS
        yield node, _PROBLEM, terms.text(word)
        yield node, _CHILD, terms.iri(child.iri)
        yield node, _PARENT, terms.iri(parent.iri)
