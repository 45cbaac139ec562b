"""Writing a graph: a new build, made beside the current one and published as a whole.

A build starts empty, or as a copy of the current one (hard links, so it costs nothing). Files of
N-Quads are loaded into it; repositories they name again are replaced, the rest stays. Shared
nodes are described when first pointed at and removed when nothing points at them any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import IO, cast

import msgspec
import pyoxigraph as ox

from graph.build.derived import refresh_derived
from graph.lineage import INDEX, LineageIndex, build_index
from graph.model import vocabulary as v
from graph.model.records import Repository, Resolution
from graph.quality.report import REPORT, write_quality_report
from graph.rdf.descriptions import describe
from graph.rdf.editing import clear, insert
from graph.rdf.properties import CLASSES
from graph.rdf.resolutions import LookUp, resolution, resolution_triples
from graph.rdf.triples import nquads, record_from_triples
from graph.sparql.questions import executables, questions
from graph.statistics.results import STATISTICS, write_results
from graph.store.chunks import Chunk, ChunkStream
from graph.store.directory import (
    GraphInfo,
    build_directory,
    make_build,
    next_build,
    publish,
    read_info,
    sweep,
    write_lock,
)
from graph.store.lineage_graph import UNREADABLE, repository_triples, unreadable
from graph.store.removing import Removal, is_described, is_record
from graph.tables.reading import read_tables

__all__ = ["Build", "new_build"]

_CLASSES = {f"{kind}s": ox.NamedNode(term[1:-1]) for kind, term in CLASSES.items()}


class Build:
    """A build in the making.

    ``directory`` is free for working files beside the store; it goes when the build is
    discarded, and ``publish`` removes ``work``.
    """

    def __init__(self, graph: Path, info: GraphInfo, store: ox.Store, *, fresh: bool) -> None:
        self.graph = graph
        self.info = info
        self.store = store
        self.work = build_directory(graph, info.build) / "work"
        self._loaded: set[str] = set()
        self._described: set[str] = set()
        self._removal = Removal(store)
        self._is_derived = False
        self._is_foreign = False
        self._fresh = fresh
        self.work.mkdir()

    def load(
        self, chunks: Iterable[Chunk], *, replacing: Callable[[Chunk], object] = lambda _: None
    ) -> int:
        """Load chunks, each with whole repositories, and remove their files.

        What the build held of a repository is removed first; ``replacing`` is told of each chunk
        that names any such, while the build still holds it. Returns how many were replaced.

        The chunks are trusted to hold valid terms, as ``triples`` writes them: the loader does
        not check their IRIs again.
        """
        self._is_derived = False
        waiting = iter(chunks)
        chunk = next(waiting, None)
        replaced = 0
        while chunk is not None:
            if not self._is_new(chunk):
                replacing(chunk)
                replaced += self._make_room(chunk)
            self._loaded.update(chunk.repositories)
            stream = ChunkStream(chunk, waiting, self._join)
            source = cast("IO[bytes]", stream)
            self.store.bulk_load(source, format=ox.RdfFormat.N_QUADS, lenient=True)
            chunk = stream.left
        return replaced

    def is_loaded(self, iri: str) -> bool:
        """Tell whether a repository was loaded here, not taken over from the build before."""
        return iri in self._loaded

    def record(self, iri: str) -> Repository | None:
        """Return what the build holds of a repository, or None when it holds nothing."""
        if not is_record(self.store, ox.NamedNode(iri)):
            return None
        return record_from_triples(repository_triples(self.store, iri))

    def describe(self, mentioned: set[str]) -> tuple[Chunk, int]:
        """Return a chunk that describes the shared nodes that were mentioned, where none does.

        Returns also how many of them are repositories that are only named.
        """
        nodes = sorted(node for node in mentioned - self._loaded if not self._is_described(node))
        path = self.work / "descriptions.nq"
        with path.open("wb") as file:
            file.writelines(nquads(describe(node, self._answer(node))) for node in nodes)
        self._described.update(nodes)
        return Chunk(path), sum(v.parse_repository_iri(node) is not None for node in nodes)

    def resolve(self, answers: Iterable[LookUp]) -> None:
        """Remember what the Hub answered for ids, in place of what it answered before.

        What is only named is described by it. A repository that was renamed is known under its
        new name, so what remains of it here is a reference to that.
        """
        self._is_derived = False
        for answer in answers:
            clear(self.store, answer.iri, v.RESOLUTIONS)
            insert(self.store, resolution_triples(answer), v.RESOLUTIONS)
            node = ox.NamedNode(answer.iri)
            renamed = answer.resolution is Resolution.RENAMED
            if renamed and is_record(self.store, node):
                self._removal.remove(answer.iri)
                self._loaded.discard(answer.iri)
            if renamed or (self._is_described(answer.iri) and not is_record(self.store, node)):
                self._removal.remove(answer.iri)
                insert(self.store, describe(answer.iri, answer))
                self._described.add(answer.iri)

    def restore(self, path: Path, *, vocabulary: str) -> None:
        """Hold what a file of N-Quads holds, in all its graphs, and nothing else.

        ``vocabulary`` is the version of the vocabulary that the file is written in.
        """
        self.store.clear()
        self.store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
        self._is_foreign, self._is_derived = True, False
        self.info = msgspec.structs.replace(self.info, vocabulary=vocabulary, sources=())

    def derive(self) -> None:
        """Bring what follows from the whole graph up to date, unless nothing came since.

        ``publish`` does it at the latest; before ``optimize`` it is compacted with the rest.
        """
        if not self._is_derived:
            self._removal.sweep(self._loaded)
            anew = self._fresh or self._is_foreign
            changed = None if anew else self._loaded | self._removal.removed
            depth = refresh_derived(self.store, changed)
            self.info = msgspec.structs.replace(self.info, closure_depth=depth)
            self._is_derived = True

    def optimize(self) -> None:
        """Derive what is to be derived and compact the store: queries are 2-4 times faster."""
        self.derive()
        self.store.optimize()

    def publish(self, sources: Iterable[str], *, snapshot: str | None = None) -> GraphInfo:
        """Make this build the graph, with what it counts and where it came from.

        ``snapshot`` is the digest of the one that it holds, and nothing else.
        """
        self.derive()
        shutil.rmtree(self.work)
        counts = {name: self._count(class_) for name, class_ in _CLASSES.items()}
        known = dict.fromkeys([*self.info.sources, *sources])
        self.info = msgspec.structs.replace(
            self.info, sources=tuple(known), snapshot=snapshot, **counts
        )
        self.store.flush()
        made = build_directory(self.graph, self.info.build)
        build_index(self.store, made / INDEX)
        write_quality_report(self.store, made / INDEX, made / REPORT)
        opened = LineageIndex.open(made / INDEX)
        write_results(read_tables(self.store), opened, self.store, made / STATISTICS)
        publish(self.graph, self.info)
        return self.info

    def close(self) -> None:
        """Let go of the store, so that its files can be removed and its place taken."""
        del self.store, self._removal

    def _join(self, chunk: Chunk) -> bool:
        """Tell whether a chunk may be loaded along with those before it, and count it as loaded."""
        new = self._is_new(chunk)
        if new:
            self._loaded.update(chunk.repositories)
        return new

    def _is_new(self, chunk: Chunk) -> bool:
        return not any(self._holds(iri) for iri in chunk.repositories)

    def _make_room(self, chunk: Chunk) -> int:
        held = [iri for iri in chunk.repositories if self._holds(iri)]
        replaced = sum(is_record(self.store, ox.NamedNode(iri)) for iri in held)
        for iri in held:
            self._removal.remove(iri)
            clear(self.store, iri, v.RESOLUTIONS)
        return replaced

    def _holds(self, iri: str) -> bool:
        return iri in self._loaded or self._is_described(iri)

    def _is_described(self, node: str) -> bool:
        if self._fresh:  # then what it holds is known without looking
            return node in self._described
        return is_described(self.store, ox.NamedNode(node))

    def _answer(self, node: str) -> LookUp | None:
        return None if self._fresh else resolution(self.store, node)

    def _count(self, class_: ox.NamedNode) -> int:
        query = files(__package__).joinpath("count.rq").read_text(encoding="utf-8")
        solutions = self.store.query(query, substitutions={ox.Variable("class"): class_})
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
        return sum(int(solution["count"].value) for solution in solutions)


@contextmanager
def new_build(graph: Path, *, fresh: bool = False) -> Iterator[Build]:
    """Make a new build of a graph; leaving without ``publish`` discards it.

    ``fresh`` starts from nothing, else from the current build. Raises GraphLocked when another
    process writes, InvalidGraph when what is there is no graph, and GraphNotWritable.
    """
    with write_lock(graph):
        current = read_info(graph)
        sweep(graph)
        name = next_build(graph, current)
        make_build(graph, name)
        try:
            with closing(_begin(graph, name, None if fresh else current)) as build:
                yield build
        finally:
            sweep(graph)  # of the two builds, the one that graph.json does not name


def _begin(graph: Path, name: str, current: GraphInfo | None) -> Build:
    path = build_directory(graph, name) / "store"
    if current is None:
        store = ox.Store(path)
        _load_ontology(store)
        return Build(graph, GraphInfo(build=name), store, fresh=True)
    try:
        old = ox.Store.read_only(str(build_directory(graph, current.build) / "store"))
    except UNREADABLE:
        raise unreadable(graph, current) from None
    old.backup(path)
    store = ox.Store(path)
    if current.vocabulary != v.VOCABULARY_VERSION:  # what is written from now on is in this one
        store.clear_graph(ox.NamedNode(v.ONTOLOGY))
        _load_ontology(store)
    info = msgspec.structs.replace(current, build=name, vocabulary=v.VOCABULARY_VERSION)
    return Build(graph, info, store, fresh=False)


def _load_ontology(store: ox.Store) -> None:
    ontology = files("graph.rdf").joinpath("ontology.ttl").read_bytes()
    store.load(ontology, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(v.ONTOLOGY))
    store.load(nquads(executables(questions()), v.ONTOLOGY), ox.RdfFormat.N_QUADS)
