"""Bringing what a store holds of derived results up to date: only differences are written.

Rule: the store ends up holding exactly the lines of the draft, whatever way leads there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from graph.build.deriving import STATEMENTS, Draft, Statements
from graph.model import vocabulary as v
from graph.rdf.properties import DERIVED
from graph.tables.lines import Lines, to_bytes
from graph.tables.schema import Tables

__all__ = ["drop_derived", "replace_derived"]

_FEW = 5_000  # lines that are added one by one sooner than a file of the store is written
_GRAPHS = tuple(map(ox.NamedNode, (v.SUMMARIES, v.FINDINGS, v.LICENSES)))

Load = Callable[[bytes], object]


def replace_derived(store: ox.Store, before: Tables, draft: Draft, load: Load) -> None:
    """Make a store hold the lines of a draft in place of those that followed from ``before``."""
    old = Draft(before)
    for statements in STATEMENTS:
        gone, new = _differences(statements, old, draft)
        for quad in ox.parse(to_bytes(gone), ox.RdfFormat.N_QUADS):
            store.remove(quad)
        _add(store, new, load)


def drop_derived(store: ox.Store) -> None:
    """Remove everything derived from a store, whatever version of this program derived it."""
    for graph in _GRAPHS:
        store.clear_graph(graph)
    for predicate in map(ox.NamedNode, DERIVED):
        for quad in list(store.quads_for_pattern(None, predicate, None, ox.DefaultGraph())):
            store.remove(quad)


def _differences(statements: Statements, old: Draft, new: Draft) -> tuple[Lines, Lines]:
    before, after = _all(statements.lines(old)), _all(statements.lines(new))
    gone = before.filter(pc.invert(pc.is_in(before, after)))
    return gone, after.filter(pc.invert(pc.is_in(after, before)))


def _all(parts: Iterator[Lines]) -> pa.Array:
    return pa.concat_arrays([pa.array([], pa.string()), *parts])


def _add(store: ox.Store, lines: Lines, load: Load) -> None:
    content = to_bytes(lines)
    if len(lines) < _FEW:
        store.extend(ox.parse(content, ox.RdfFormat.N_QUADS))
    else:
        load(content)
