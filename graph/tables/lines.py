"""N-Quads of many repositories at once: texts are joined by Arrow, and never become Python's.

A line is one quad, with its end; lines without one belong to the default graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.rdf import terms
from graph.rdf.triples import Triple
from graph.tables.schema import KINDS, Tables

__all__ = ["Lines", "join", "subjects", "taken", "to_bytes", "to_lines"]

Lines: TypeAlias = Any
"""An Arrow array of texts, each a line."""

# What ``vocabulary.repository_iri`` writes as it is; the rest is left to it.
_PLAIN = r"^[A-Za-z0-9_-][0-9A-Za-z_.-]*(/[A-Za-z0-9_-][0-9A-Za-z_.-]*)?$"
_RESERVED = r"^(datasets|spaces|tasks)(/|$)"


def subjects(tables: Tables) -> pa.Array:
    """Return each repository as a term: its IRI in angle brackets, by its number."""
    ids = _whole(tables.repositories["id"])
    kinds = _whole(tables.repositories["kind"])
    folders = pa.array([f"<{v.repository_iri(kind, '')}" for kind in KINDS])
    plain = pc.and_not(
        pc.match_substring_regex(ids, _PLAIN), pc.match_substring_regex(ids, _RESERVED)
    )
    joined = pc.binary_join_element_wise(folders.take(kinds), ids, ">", "")
    odd = pc.invert(plain)
    names = zip(kinds.filter(odd).to_pylist(), ids.filter(odd).to_pylist(), strict=True)
    written = [terms.iri(v.repository_iri(KINDS[kind], id_)) for kind, id_ in names]
    return pc.replace_with_mask(joined, odd, pa.array(written, pa.string()))


def join(subject: pa.Array, predicate: str, objects: pa.Array, graph: str = "") -> Lines:
    """Return a line for each subject and object, which are terms, of one property."""
    end = f" {terms.iri(graph)} .\n" if graph else " .\n"
    middle = f" {terms.iri(predicate)} "
    return pc.binary_join_element_wise(subject, pa.scalar(middle), objects, pa.scalar(end), "")


def to_lines(triples: Iterable[Triple], graph: str = "") -> Lines:
    """Return triples, whose terms are text, as lines."""
    end = f" {terms.iri(graph)} .\n" if graph else " .\n"
    return pa.array([f"{s} {p} {o}{end}" for s, p, o in triples], pa.string())


def to_bytes(lines: Lines) -> bytes:
    """Return lines one after another."""
    if not len(lines):
        return b""
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(lines)]), lines), "")
    return bytes(whole[0].as_buffer())


def taken(values: pa.Array, places: Array) -> pa.Array:
    """Return the values at places."""
    return values.take(pa.array(places))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
