"""A snapshot is the graph to the byte, and the graph comes back from it."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import DCTERMS, VOID, XSD

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.errors import GraphLocked, InvalidSnapshot, SourceUnavailable, UsageError
from graph.model.records import Repository
from graph.snapshots import create, creating, dumping, load, verify
from graph.snapshots.manifest import CONTENT, FILES, MANIFEST, README
from graph.snapshots.manifest import VOID as VOID_FILE
from graph.store.directory import read_info
from graph.store.lineage_graph import LineageGraph
from tests.builders import model
from tests.depth import dear
from tests.graphs import build_graph, quads
from tests.snapshots import (
    LINE,
    RECORDS,
    build_demo,
    counted,
    create_snapshot,
    flip_bit,
    forge,
    read_files,
    reseal,
    unpacked,
)
from tests.strategies import repositories

DOWNLOADS = v.REMIX.downloads


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return a small graph with all kinds of repository, and a run in a named graph."""
    return build_demo(tmp_path / "graph")


@pytest.fixture
def snapshot(graph: Path, tmp_path: Path) -> Path:
    """Return a snapshot of the small graph."""
    create_snapshot(graph, tmp_path / "snapshot")
    return tmp_path / "snapshot"


# --- the same graph, the same bytes ---------------------------------------------------------------


def test_a_snapshot_has_four_files(snapshot: Path) -> None:
    """The names are fixed, and nothing that was needed on the way is left."""
    assert sorted(FILES) == sorted(path.name for path in snapshot.iterdir())
    assert ["graph", "snapshot"] == sorted(path.name for path in snapshot.parent.iterdir())


def test_two_snapshots_of_a_graph_are_the_same(graph: Path, snapshot: Path, tmp_path: Path) -> None:
    """No clock and no place is in it."""
    create_snapshot(graph, tmp_path / "elsewhere" / "again")

    assert read_files(snapshot) == read_files(tmp_path / "elsewhere" / "again")


def test_a_loaded_snapshot_gives_the_same_snapshot(snapshot: Path, tmp_path: Path) -> None:
    """Loading restores everything, named graphs and sources too."""
    load(snapshot, tmp_path / "loaded")
    create_snapshot(tmp_path / "loaded", tmp_path / "again")

    assert read_files(snapshot) == read_files(tmp_path / "again")


def test_a_loaded_graph_is_the_graph(graph: Path, snapshot: Path, tmp_path: Path) -> None:
    """The same quads, and the same account of itself, but for where it came from."""
    info = load(snapshot, tmp_path / "loaded")
    before = read_info(graph)

    assert before is not None
    account = msgspec.structs.replace(before, snapshot=info.snapshot)

    assert quads(graph) == quads(tmp_path / "loaded")
    assert account == info == read_info(tmp_path / "loaded")


def test_the_history_of_a_graph_does_not_show(tmp_path: Path) -> None:
    """A graph that was built in two steps is the graph that was built in one."""
    one = build_graph(tmp_path / "one", *RECORDS)
    two = build_graph(tmp_path / "two", model("acme/base -> x/y: merge"), *RECORDS[1:])
    build_graph(two, RECORDS[0])

    assert create_snapshot(one, tmp_path / "s1") == create_snapshot(two, tmp_path / "s2")


@dear
@given(records=st.lists(repositories, max_size=3))
def test_any_graph_survives_a_snapshot(records: list[Repository]) -> None:
    """However hostile the names: create, verify, load and create give the same bytes."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        graph = build_graph(root / "graph", *records)
        manifest = create_snapshot(graph, root / "one")
        verified = verify(root / "one")
        load(root / "one", root / "loaded")
        create_snapshot(root / "loaded", root / "two")
        one, two = read_files(root / "one"), read_files(root / "two")

    assert manifest == verified
    assert one == two


@dear
@given(records=st.lists(repositories, max_size=3))
def test_both_engines_read_the_same(records: list[Repository]) -> None:
    """Rdflib finds the quads in the text that Oxigraph finds."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        create_snapshot(build_graph(root / "graph", *records), root / "snapshot")
        text = unpacked(root / "snapshot")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # else it respells numbers
        read = rdflib.Dataset()
        read.parse(data=text, format="nquads")
    parsed = ox.parse(text, format=ox.RdfFormat.N_QUADS)

    assert {tuple(map(_from_oxigraph, quad)) for quad in parsed} == {
        tuple(map(_from_rdflib, quad)) for quad in read.quads((None, None, None, None))
    }


def _from_oxigraph(term: object) -> tuple[str, str] | None:
    if isinstance(term, ox.Literal):
        return term.value, term.datatype.value
    return (term.value, "") if isinstance(term, ox.NamedNode) else None


def _from_rdflib(term: object) -> tuple[str, str] | None:
    if isinstance(term, Literal):
        return str(term), str(term.datatype or XSD.string)
    return None if term == DATASET_DEFAULT_GRAPH_ID else (str(term), "")


def test_a_large_graph_is_read_by_several_processes(
    graph: Path, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which changes nothing in what is written."""
    monkeypatch.setattr(dumping, "_MANY", 0)
    monkeypatch.setattr(dumping, "_WORKERS", 3)
    monkeypatch.delattr(dumping, "_dump_here")
    create_snapshot(graph, tmp_path / "again")

    assert read_files(snapshot) == read_files(tmp_path / "again")


def test_a_worker_writes_its_share(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The triples of the properties that it was given, sorted."""
    with LineageGraph.open(graph) as opened:
        store = graph / "builds" / opened.info.build / "store"
        expected = [
            quad.subject.value for quad in opened.store if quad.predicate.value == DOWNLOADS
        ]
    (tmp_path / "w.properties").write_text(DOWNLOADS)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["-c", str(store), str(tmp_path), "w"])
    dumping.work()

    lines = (tmp_path / "w.00000").read_text().splitlines()
    assert sorted(expected) == [line.split("> ")[0][1:] for line in lines]
    assert not (tmp_path / "w.properties").exists()


def test_a_process_that_fails_is_an_error(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its last words, and without a snapshot that lacks its part."""
    monkeypatch.setattr(dumping, "_MANY", 0)
    monkeypatch.setattr(dumping, "_WORK", "raise OSError('the disk is full')")
    with pytest.raises(SourceUnavailable, match=r"room in .*\(OSError: the disk is full\)"):
        create_snapshot(graph, tmp_path / "snapshot")

    assert ["graph"] == [path.name for path in tmp_path.iterdir()]


# --- what is in it --------------------------------------------------------------------------------


def test_the_manifest_counts(snapshot: Path) -> None:
    """By graph, class and relation, as the graph itself would."""
    manifest = verify(snapshot)

    assert 2 == manifest.classes[v.FAIR4ML.MLModel]
    assert 1 == manifest.graphs[v.CATALOG]
    assert {"finetune": 1, "merge": 1, "source": 1, "trained_on": 1} == {
        name: count for name, count in manifest.relations.items() if count
    }
    assert manifest.triples == sum(manifest.graphs.values()) == unpacked(snapshot).count(b"\n")
    assert ("a dump", "another `dump`\nof <us>") == manifest.sources


def test_the_manifest_has_sorted_keys(snapshot: Path) -> None:
    """So that two of them can be compared line by line."""
    text = (snapshot / MANIFEST).read_text()
    keys = list(json.loads(text))

    assert sorted(keys) == keys


def test_the_text_is_what_sort_would_make_of_it(snapshot: Path) -> None:
    """Sorted by bytes, each line once."""
    lines = unpacked(snapshot).splitlines()

    assert sorted(set(lines)) == lines


def test_the_description_can_be_read_as_rdf(snapshot: Path) -> None:
    """VoID: triples, partitions, sources, and the data beside it."""
    manifest = verify(snapshot)
    described = Graph().parse(snapshot / VOID_FILE, publicID="https://example.org/demo/void.ttl")
    node = URIRef(v.snapshot_iri(manifest.sha256))
    partitions = {
        str(described.value(part, VOID["class"])): int(str(described.value(part, VOID.entities)))
        for part in described.objects(node, VOID.classPartition)
    }

    assert manifest.classes == partitions
    assert len(manifest.properties) == len(list(described.objects(node, VOID.propertyPartition)))
    assert Literal(manifest.triples) == described.value(node, VOID.triples)
    assert {*manifest.sources} == {str(source) for source in described[node : DCTERMS.source]}
    assert URIRef("https://example.org/demo/graph.nq.zst") == described.value(node, VOID.dataDump)


def test_the_readme_names_counts_and_sources(snapshot: Path) -> None:
    """A hostile name of a source stays on its line, and is no Markdown."""
    text = (snapshot / README).read_text(encoding="utf-8")

    assert "2 models,\n1 dataset and 1 Space" in text
    assert "- `a dump`\n- `another dump of <us>`\n" in text


def test_a_snapshot_of_an_empty_graph(tmp_path: Path) -> None:
    """There is the vocabulary, and nothing else."""
    graph = build_graph(tmp_path / "graph")
    manifest = create_snapshot(graph, tmp_path / "snapshot")

    assert manifest == verify(tmp_path / "snapshot")
    assert 0 == manifest.graphs["default"]


# --- writing --------------------------------------------------------------------------------------


def test_a_snapshot_replaces_an_older_one(graph: Path, snapshot: Path) -> None:
    """Nothing of the older one is left."""
    build_graph(graph, model("acme/new"))
    create_snapshot(graph, snapshot)

    assert 3 == verify(snapshot).classes[v.FAIR4ML.MLModel]


@pytest.mark.parametrize("name", ["thesis.doc", "graph.nq.zst"])
def test_a_folder_with_other_content_is_left_alone(graph: Path, tmp_path: Path, name: str) -> None:
    """Whatever it is, it is no snapshot of ours."""
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text("dear")
    with pytest.raises(UsageError, match=r"out (holds thesis.doc|is not empty)"):
        create_snapshot(graph, out)

    assert {name: b"dear"} == read_files(out)


def test_an_empty_folder_is_filled(graph: Path, tmp_path: Path) -> None:
    """A user may have made it beforehand."""
    (tmp_path / "out").mkdir()
    create_snapshot(graph, tmp_path / "out")

    assert 2 == verify(tmp_path / "out").classes[v.FAIR4ML.MLModel]


def test_a_file_is_no_place_for_a_snapshot(graph: Path, tmp_path: Path) -> None:
    """And is not replaced."""
    (tmp_path / "out").write_text("dear")
    with pytest.raises(UsageError, match="out is a file"):
        create_snapshot(graph, tmp_path / "out")


@pytest.mark.parametrize("step", ["_compress", "render_void", "encode_manifest"])
def test_an_error_on_the_way_leaves_the_old_snapshot(
    graph: Path, snapshot: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """At whatever step, and nothing lies around."""
    before = read_files(snapshot)
    build_graph(graph, model("acme/new"))
    monkeypatch.setattr(creating, step, _full_disk)
    with pytest.raises(OSError, match="no space"):
        create_snapshot(graph, snapshot)

    assert before == read_files(snapshot)
    assert ["graph", "snapshot"] == sorted(path.name for path in snapshot.parent.iterdir())


def test_a_rename_that_fails_puts_the_old_snapshot_back(
    graph: Path, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last moment at which something can go wrong."""
    before = read_files(snapshot)
    rename = Path.rename

    def fail_once(self: Path, target: Path) -> Path:
        return _full_disk() if self.name == "new" else rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="no space"):
        create_snapshot(graph, snapshot)

    assert before == read_files(snapshot)


def test_progress_is_told(graph: Path, tmp_path: Path) -> None:
    """For whoever waits."""
    told: list[str] = []
    with LineageGraph.open(graph) as opened:
        manifest = create(opened, tmp_path / "out", progress=told.append)
    load(tmp_path / "out", tmp_path / "loaded", progress=told.append)

    assert f"sorting {manifest.triples:,} triples" in told
    assert f"loading {manifest.triples:,} triples" in told


def _full_disk(*_: object) -> Path:
    raise OSError(28, "no space left")


# --- loading --------------------------------------------------------------------------------------


def test_a_broken_snapshot_leaves_the_graph(graph: Path, snapshot: Path) -> None:
    """The old graph stays in force."""
    before = read_info(graph)
    flip_bit(snapshot / CONTENT)
    with pytest.raises(InvalidSnapshot):
        load(snapshot, graph)

    assert before == read_info(graph)
    assert ["000001"] == [path.name for path in (graph / "builds").iterdir()]


def test_a_broken_snapshot_makes_no_graph(snapshot: Path, tmp_path: Path) -> None:
    """Not even an empty folder."""
    flip_bit(snapshot / CONTENT)
    with pytest.raises(InvalidSnapshot):
        load(snapshot, tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_what_only_the_store_refuses_is_refused(snapshot: Path, tmp_path: Path) -> None:
    """With the number of the line."""
    text = LINE % b"A" + LINE % b"\\uD800"
    forge(snapshot, text, **counted({"https://a.org/p": 2}))

    with pytest.raises(InvalidSnapshot, match="line 2 is no N-Quad: The escape sequence"):
        load(snapshot, tmp_path / "loaded")


def test_one_fact_in_two_spellings_is_refused(snapshot: Path, tmp_path: Path) -> None:
    """The graph would not be what the manifest says."""
    number = b'"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    begin = b'<https://a.org/s> <https://a.org/p> "'
    forge(
        snapshot,
        begin + b"01" + number + begin + b"1" + number,
        **counted({"https://a.org/p": 2}),
    )

    verify(snapshot)
    with pytest.raises(InvalidSnapshot, match="the same in several spellings"):
        load(snapshot, tmp_path / "loaded")


def test_loading_replaces_the_graph(snapshot: Path, tmp_path: Path) -> None:
    """Nothing of what it held before is left, and whoever reads it is not disturbed."""
    other = build_graph(tmp_path / "other", model("other/model"))
    with LineageGraph.open(other) as reader:
        load(snapshot, other)

        assert reader.find("other/model").known
    assert 2 == getattr(read_info(other), "models", None)
    assert not any("other/model" in quad for quad in quads(other))


def test_a_graph_that_is_being_written_is_left_alone(snapshot: Path, graph: Path) -> None:
    """One writer at a time."""
    with new_build(graph), pytest.raises(GraphLocked):
        load(snapshot, graph)


def test_a_snapshot_is_not_loaded_onto_itself(snapshot: Path) -> None:
    """It would be no snapshot any more."""
    before = read_files(snapshot)
    with pytest.raises(UsageError, match="is the snapshot itself"):
        load(snapshot, snapshot / ".." / "snapshot")

    assert before == read_files(snapshot)


def test_an_older_vocabulary_stays_what_it_is(snapshot: Path, tmp_path: Path) -> None:
    """The vocabulary is the one that the snapshot was written in, not that of this program."""
    reseal(snapshot, vocabulary="0.0.9")

    assert "0.0.9" == load(snapshot, tmp_path / "loaded").vocabulary


def test_a_moved_snapshot_is_a_snapshot(snapshot: Path, tmp_path: Path) -> None:
    """Nothing in it depends on where it lies."""
    shutil.move(snapshot, tmp_path / "elsewhere")

    assert 2 == verify(tmp_path / "elsewhere").classes[v.FAIR4ML.MLModel]
