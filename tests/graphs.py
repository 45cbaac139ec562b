"""Graphs for tests: from records to a graph on disk, or in memory where no file is at stake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pyoxigraph as ox

from graph.build.building import Build, new_build
from graph.build.deriving import derive
from graph.model import vocabulary as v
from graph.model.records import Kind, Repository
from graph.rdf.descriptions import describe
from graph.rdf.triples import mentions, nquads, record_triples
from graph.store.builds import GraphInfo
from graph.store.chunks import Chunk
from graph.store.lineage_graph import LineageGraph
from graph.tables.recording import tables_of
from graph.tables.uniting import unite
from ingest.mapper import write_records
from ingest.report import Tally

__all__ = ["build_graph", "fill", "graph_in_memory", "quads"]


def build_graph(directory: Path, *records: Repository) -> Path:
    """Add records to the graph in a directory, which is made if there is none yet.

    A record takes the place of those before it that are of the same repository.
    """
    with new_build(directory) as build:
        fill(build, records)
        build.publish(["records of a test"])
    return directory


def fill(build: Build, records: Iterable[Repository]) -> None:
    """Load records into a build, and describe what they mention."""
    build.load(_chunks(build, records))


def graph_in_memory(*records: Repository) -> LineageGraph:
    """Return an opened graph of records, each of another repository, that is nowhere on disk."""
    known = {v.repository_iri(record.kind, record.id) for record in records}
    triples = [triple for record in records for triple in record_triples(record)]
    for node in sorted(set(mentions(triples)) - known):
        triples += describe(node)
    store = ox.Store()
    store.load(nquads(triples), ox.RdfFormat.N_QUADS)
    draft = derive(unite([tables_of(records)]))
    for content in draft.lines():
        store.load(content, ox.RdfFormat.N_QUADS)
    draft.close(store)
    kinds = Counter(record.kind for record in records)
    info = GraphInfo(
        build="",
        models=kinds[Kind.MODEL],
        datasets=kinds[Kind.DATASET],
        spaces=kinds[Kind.SPACE],
    )
    return LineageGraph(Path(), info, store, StringIO(), results=draft.results)


def quads(directory: Path) -> set[str]:
    """Return every quad of a graph as text, but for the catalogue of runs."""
    with LineageGraph.open(directory) as graph:
        return {str(quad) for quad in graph.store if quad.graph_name != ox.NamedNode(v.CATALOG)}


def _chunks(build: Build, records: Iterable[Repository]) -> Iterator[Chunk]:
    """Yield the records as chunks, and what describes the nodes they mention as the last."""
    mentioned: set[str] = set()
    for batch in _batches(records):
        chunk, nodes = write_records(batch, build.new_file("records"), Tally())
        mentioned |= nodes
        yield chunk
    yield build.describe(mentioned)[0]


def _batches(records: Iterable[Repository]) -> Iterator[list[Repository]]:
    """Split records, in order, so that no repository is twice in a batch."""
    batch: dict[str, Repository] = {}
    for record in records:
        iri = v.repository_iri(record.kind, record.id)
        if iri in batch:
            yield list(batch.values())
            batch = {}
        batch[iri] = record
    yield list(batch.values())
