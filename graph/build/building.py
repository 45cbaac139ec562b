"""Writing a graph: a new build, made beside the current one and published as a whole.

A build starts empty, or as a copy of the current one (hard links, so it costs nothing). Chunks are
loaded into it; repositories they name again are replaced, the rest stays. Shared nodes are
described when first pointed at and removed when nothing points at them any more. What follows from
the whole graph is worked out from its tables (``deriving``), and loaded with the rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

import msgspec
import pyoxigraph as ox

from graph.build.deriving import Draft, derive
from graph.build.loader import Loader
from graph.build.replacing import drop_derived, replace_derived
from graph.build.restoring import LineSum, take_apart
from graph.model import vocabulary as v
from graph.model.errors import InvalidGraph
from graph.model.records import Kind, Repository, Resolution
from graph.rdf.descriptions import describe
from graph.rdf.editing import clear, insert
from graph.rdf.resolutions import LookUp, resolution, resolution_triples
from graph.rdf.triples import Triple, nquads, record_from_triples
from graph.sparql.questions import executables, questions
from graph.store.builds import (
    UNREADABLE,
    GraphInfo,
    build_directory,
    finish_build,
    make_build,
)
from graph.store.chunks import Chunk
from graph.store.directory import (
    next_build,
    publish,
    sweep,
    take_up,
    unreadable,
    verify,
    write_lock,
)
from graph.store.lineage_graph import repository_triples
from graph.store.removing import Removal, is_described, is_record
from graph.store.results import RESULTS, open_results
from graph.tables.files import open_tables
from graph.tables.reading import read_tables
from graph.tables.recording import tables_of_answers, tables_without_answers
from graph.tables.schema import KINDS, Tables, flags_of, numbers_of
from graph.tables.uniting import unite

__all__ = ["Build", "new_build"]

_MUCH = 0.1
"""The share of a graph's repositories that have to be new for the store to be compacted."""


class Build:
    """A build in the making.

    ``work`` is a folder for working files beside the store; it goes when the build is published or
    discarded. ``before`` is what was derived of the build that this one started from: None where
    it started from nothing, or where everything has to be read from its store.
    """

    def __init__(
        self,
        graph: Path,
        info: GraphInfo,
        store: ox.Store,
        *,
        fresh: bool,
        before: Draft | None = None,
    ) -> None:
        self.graph = graph
        self.info = info
        self.work = build_directory(graph, info.build) / "work"
        self._store = store
        self._loader = Loader(store)
        self._loaded: set[str] = set()
        self._described: set[str] = set()
        self._removal = Removal(store)
        self._fresh = fresh
        self._before = before
        self._parts: list[Tables] = []
        self._draft: Draft | None = None
        self._files = 0
        self._restored: LineSum | None = None
        self._stated = LineSum()
        self.work.mkdir()

    @property
    def store(self) -> ox.Store:
        """The store, with everything in it that was loaded so far."""
        self._loader.finish()
        return self._store

    def new_file(self, name: str) -> Path:
        """Return a place among the working files that is not taken."""
        self._files += 1
        return self.work / f"{name}{self._files}.nq"

    def load(
        self, chunks: Iterable[Chunk], *, replacing: Callable[[Chunk], object] = lambda _: None
    ) -> int:
        """Load chunks, each with whole repositories, and remove their files.

        What the build held of a repository is removed first; ``replacing`` is told of each chunk
        that names any such, while the build still holds it. Returns how many were replaced.
        """
        self._draft = None
        replaced = 0
        for chunk in chunks:
            if any(self._holds(iri) for iri in chunk.repositories):
                replacing(chunk)
                replaced += self._make_room(chunk)
            self._loaded.update(chunk.repositories)
            if chunk.tables is not None:
                self._parts.append(open_tables(chunk.tables))
            self._loader.load(chunk)
        return replaced

    def insert(self, triples: Iterable[Triple], graph: str) -> None:
        """Add a few triples to a named graph: what is recorded beside the data."""
        if self._fresh:
            self._load_bytes(nquads(triples, graph))
        else:
            insert(self.store, triples, graph)

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
        path = self.new_file("descriptions")
        with path.open("wb") as file:
            file.writelines(nquads(describe(node, self._answer(node))) for node in nodes)
        self._described.update(nodes)
        return Chunk(path), sum(v.parse_repository_iri(node) is not None for node in nodes)

    def resolve(self, answers: Iterable[LookUp]) -> None:
        """Remember what the Hub answered for ids, in place of what it answered before.

        What is only named is described by it. A repository that was renamed is known under its
        new name, so what remains of it here is a reference to that.
        """
        self._draft = None
        answers = list(answers)
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
        self._parts.append(tables_of_answers(answers))

    def restore(self, path: Path, *, vocabulary: str) -> bool:
        """Hold what a file of N-Quads holds, in all its graphs, and nothing else.

        What is derived in it is worked out anew. ``vocabulary`` is the version of the vocabulary
        that the file is written in. Returns whether no line says what another says, too; raises
        SyntaxError.
        """
        self.store.clear()
        declared = self.new_file("declared")
        with declared.open("wb") as file:
            lines, self._restored = take_apart(path, file)
        self.store.bulk_load(path=declared, format=ox.RdfFormat.N_QUADS)
        self._parts, self._before, self._draft = [], None, None
        self._removal = Removal(self._store)
        self.info = msgspec.structs.replace(self.info, vocabulary=vocabulary, sources=())
        return len(self.store) == lines

    def forget_derived(self) -> None:
        """Work out everything that is derived anew from the store, whatever there is of it."""
        self._before, self._draft = None, None

    def derive(self) -> Draft:
        """Bring what follows from the whole graph up to date, unless nothing came since.

        ``publish`` does it at the latest; before ``optimize`` it is compacted with the rest.
        """
        if self._draft is None:
            if self._removal.removed:
                self._loader.finish()
                self._removal.sweep(self._loaded)
            self._draft = self._derive()
        return self._draft

    def optimize(self) -> None:
        """Derive what is to be derived, and compact the store: queries are 2-4 times faster.

        Where little came to a store that is compact already, that would cost more than it gives.
        """
        draft = self.derive()
        if self._before is None or len(self._loaded) > _MUCH * len(draft.tables):
            self.store.optimize()

    def publish(self, sources: Iterable[str], *, snapshot: str | None = None) -> GraphInfo:
        """Make this build the graph, with what it counts and where it came from.

        ``snapshot`` is the digest of the one that was restored: it is kept where what this program
        derives is what the snapshot holds, so that the two are the same.
        """
        draft = self.derive()
        snapshot = snapshot if self._restored == self._stated else None
        draft.close(self.store)
        draft.write(build_directory(self.graph, self.info.build) / RESULTS)
        shutil.rmtree(self.work)
        known = dict.fromkeys([*self.info.sources, *sources])
        self.info = msgspec.structs.replace(
            self.info,
            sources=tuple(known),
            snapshot=snapshot,
            closure_depth=draft.closure.pairs.depth,
            **_counts(draft.tables),
        )
        self.store.flush()
        finish_build(self.graph, self.info)
        publish(self.graph, self.info)
        return self.info

    def close(self) -> None:
        """Let go of the store, so that its files can be removed and its place taken."""
        self._loader.stop()
        del self._store, self._removal, self._loader

    def _derive(self) -> Draft:
        gone = self._removal.removed - self._loaded
        if self._restored is not None:
            return self._state(derive(read_tables(self.store)))
        if self._fresh:
            return self._state(derive(unite(self._parts or [tables_of_answers([])], without=gone)))
        if self._before is None:  # of another version, or a snapshot's
            drop_derived(self.store)
            return self._state(derive(read_tables(self.store)))
        draft = derive(unite([self._before.tables, *self._parts], without=gone))
        changed = self._loaded | self._removal.removed
        replace_derived(self.store, self._before, draft, changed, self._load_bytes)
        return draft

    def _state(self, draft: Draft) -> Draft:
        """Load everything derived, of which the store holds nothing yet."""
        self._stated = LineSum()
        for content in draft.lines():
            if self._restored is not None:
                self._stated.add_all(content)
            self._load_bytes(content)
        return draft

    def _load_bytes(self, content: bytes) -> None:
        path = self.new_file("lines")
        path.write_bytes(content)
        self._loader.load(Chunk(path))

    def _make_room(self, chunk: Chunk) -> int:
        held = [iri for iri in chunk.repositories if self._holds(iri)]
        replaced = sum(is_record(self.store, ox.NamedNode(iri)) for iri in held)
        for iri in held:
            self._removal.remove(iri)
            clear(self._store, iri, v.RESOLUTIONS)
        self._parts.append(tables_without_answers(held))
        return replaced

    def _holds(self, iri: str) -> bool:
        return iri in self._loaded or self._is_described(iri)

    def _is_described(self, node: str) -> bool:
        if self._fresh:  # then what it holds is known without looking
            return node in self._described
        return is_described(self.store, ox.NamedNode(node))

    def _answer(self, node: str) -> LookUp | None:
        return None if self._fresh else resolution(self.store, node)


@contextmanager
def new_build(graph: Path, *, fresh: bool = False) -> Iterator[Build]:
    """Make a new build of a graph; leaving without ``publish`` discards it.

    ``fresh`` starts from nothing, else from the current build. Raises GraphLocked when another
    process writes, InvalidGraph when what is there is no graph or what was published cannot be
    read back, and GraphNotWritable.
    """
    with write_lock(graph):
        current = take_up(graph)
        sweep(graph)
        name = next_build(graph, current)
        make_build(graph, name)
        try:
            with closing(_begin(graph, name, None if fresh else current)) as build:
                yield build
            verify(graph)
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
    before = _derived_before(graph, current)
    if current.vocabulary != v.VOCABULARY_VERSION:  # what is written from now on is in this one
        store.clear_graph(ox.NamedNode(v.ONTOLOGY))
        _load_ontology(store)
        before = None
    info = msgspec.structs.replace(current, build=name, vocabulary=v.VOCABULARY_VERSION)
    return Build(graph, info, store, fresh=False, before=before)


def _derived_before(graph: Path, current: GraphInfo) -> Draft | None:
    """Return what a build has derived; None where it has nothing that can be gone on from."""
    try:
        return Draft.resume(open_results(build_directory(graph, current.build) / RESULTS))
    except InvalidGraph:
        return None


def _load_ontology(store: ox.Store) -> None:
    ontology = files("graph.rdf").joinpath("ontology.ttl").read_bytes()
    store.load(ontology, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(v.ONTOLOGY))
    store.load(nquads(executables(questions()), v.ONTOLOGY), ox.RdfFormat.N_QUADS)


def _counts(tables: Tables) -> dict[str, int]:
    """Return how many repositories of each kind are held."""
    kinds = numbers_of(tables.repositories, "kind")[flags_of(tables.repositories, "known")]
    return {f"{kind}s": int((kinds == KINDS.index(kind)).sum()) for kind in Kind}
