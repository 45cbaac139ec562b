"""Bringing what a store holds of derived results up to date: only differences are written.

Rule: the store ends up holding exactly the lines of the draft, whatever way leads there. What is
counted over the whole graph is compared as a whole. Findings follow from a repository and its
ancestors, training data included: so a change reaches down the lineage, and no farther.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import cast

import numpy as np
import pyoxigraph as ox

from graph.build.deriving import STATEMENTS, Draft, finding_lines
from graph.licenses.situations.stating import state_all
from graph.lineage.index import LineageIndex
from graph.lineage.walking import reach
from graph.model import vocabulary as v
from graph.model.arrays import Array, distinct
from graph.rdf.properties import DERIVED
from graph.tables.lines import to_bytes

__all__ = ["drop_derived", "replace_derived"]

_FEW = 5_000  # lines that are added one by one sooner than a file of the store is written
_FINDINGS = ox.NamedNode(v.FINDINGS)
_GRAPHS = (*map(ox.NamedNode, (v.SUMMARIES, v.LICENSES)), _FINDINGS)
_LINKS = frozenset(map(ox.NamedNode, (v.REMIX.licenseFinding, v.REMIX.commercialGround)))

Load = Callable[[bytes], object]


def replace_derived(
    store: ox.Store, old: Draft, draft: Draft, changed: Collection[str], load: Load
) -> None:
    """Make a store hold the lines of a draft in place of those of the old one.

    ``changed`` are the IRIs of the repositories whose own triples changed, came or went.
    """
    for statements in STATEMENTS:
        gone, new = statements.differences(old, draft)
        for lines in gone:
            _remove(store, to_bytes(lines))
        for lines in new:
            _add(store, to_bytes(lines), len(lines), load)
    _replace_findings(store, draft, changed, load)


def drop_derived(store: ox.Store) -> None:
    """Remove everything derived from a store, whatever version of this program derived it."""
    for graph in _GRAPHS:
        store.clear_graph(graph)
    for predicate in map(ox.NamedNode, DERIVED):
        for quad in list(store.quads_for_pattern(None, predicate, None, ox.DefaultGraph())):
            store.remove(quad)


def reached(index: LineageIndex, changed: Array) -> Array:
    """Return what changed and all that was made from it or with it, by the links of now.

    A link that went away belonged to a child that is among the changed.
    """
    starts = distinct(changed)
    return distinct(np.concatenate([starts, reach(index.down, starts).numbers]))


def _replace_findings(store: ox.Store, draft: Draft, changed: Collection[str], load: Load) -> None:
    numbers = (draft.index.number(iri) for iri in changed)
    known = np.array([number for number in numbers if number is not None], np.int64)
    affected = reached(draft.index, known)
    iris = {*changed, *(node.iri for node in draft.index.nodes(affected))}
    old = [quad for iri in sorted(iris) for quad in _findings_of(store, iri)]
    before = {f"{quad} ." for quad in old}
    stated = b"".join(finding_lines(state_all(draft.tables, affected)))
    after = set(stated.decode().split("\n")[:-1])  # a literal may have other ends of lines in it
    _remove(store, _text(before - after))
    _add(store, _text(after - before), len(after - before), load)
    _sweep(store, {cast("ox.NamedNode", quad.object) for quad in old if quad.predicate in _LINKS})


def _text(lines: Collection[str]) -> bytes:
    return "".join([f"{line}\n" for line in sorted(lines)]).encode()


def _findings_of(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """Yield what the store holds of a repository's findings, but not the nodes that are shared."""
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, _FINDINGS):
        yield quad
        node = quad.object
        if isinstance(node, ox.NamedNode) and v.is_owned_by(node.value, iri):
            yield from store.quads_for_pattern(node, None, None, _FINDINGS)


def _sweep(store: ox.Store, nodes: Iterable[ox.NamedNode]) -> None:
    """Remove what is said of nodes that no repository has any more."""
    for node in nodes:
        if next(store.quads_for_pattern(None, None, node, _FINDINGS), None) is None:
            for quad in list(store.quads_for_pattern(node, None, None, _FINDINGS)):
                store.remove(quad)


def _remove(store: ox.Store, content: bytes) -> None:
    for quad in ox.parse(content, ox.RdfFormat.N_QUADS):
        store.remove(quad)


def _add(store: ox.Store, content: bytes, lines: int, load: Load) -> None:
    if lines < _FEW:
        store.extend(ox.parse(content, ox.RdfFormat.N_QUADS))
    else:
        load(content)
