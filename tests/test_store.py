"""Opening and reading a graph: finding, records, rdflib's API, and what is no graph."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDFS, URIRef

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.errors import GraphLocked, InvalidGraph, InvalidRepositoryId, NotInGraph
from graph.model.records import Kind
from graph.store.directory import read_info
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, model, space
from tests.graphs import build_graph, graph_in_memory, quads

CHAT = model("acme/chat -> acme/base: finetune, acme/qa: trained_on", commit="01", downloads=3)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Build a small graph."""
    return build_graph(tmp_path / "graph", CHAT, dataset("acme/chat"), space("acme/demo"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme/chat", Node(Kind.MODEL, "acme/chat")),
        ("datasets/acme/chat", Node(Kind.DATASET, "acme/chat")),
        ("https://huggingface.co/datasets/acme/chat", Node(Kind.DATASET, "acme/chat")),
        ("acme/demo", Node(Kind.SPACE, "acme/demo")),
        ("spaces/acme/demo", Node(Kind.SPACE, "acme/demo")),
        (" acme/base ", Node(Kind.MODEL, "acme/base", known=False)),
        ("acme/qa", Node(Kind.DATASET, "acme/qa", known=False)),
    ],
)
def test_find_what_a_user_means(directory: Path, name: str, expected: Node) -> None:
    """An id or an address is enough; the folder settles the kind where two share an id."""
    with LineageGraph.open(directory) as graph:
        assert expected == graph.find(name)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", InvalidRepositoryId),
        ("https://huggingface.co/", InvalidRepositoryId),
        ("a b", InvalidRepositoryId),
        ("a\nb", InvalidRepositoryId),
        ("caf\udce9", InvalidRepositoryId),  # what a shell hands over that is not UTF-8
        ("acme/Chat", NotInGraph),
        ("spaces/acme/chat", NotInGraph),
    ],
)
def test_find_says_why_it_found_nothing(directory: Path, name: str, error: type[Exception]) -> None:
    """What cannot be an id is told apart from what is not there."""
    with LineageGraph.open(directory) as graph, pytest.raises(error):
        graph.find(name)


def test_records_come_back_as_they_went_in(directory: Path) -> None:
    """The record of a repository is read from the store as it was written."""
    with LineageGraph.open(directory) as graph:
        assert CHAT == graph.record(graph.find("acme/chat"))
        assert [Node(Kind.SPACE, "acme/demo")] == list(graph.nodes(Kind.SPACE))
        with pytest.raises(NotInGraph, match="only named by others"):
            graph.record(graph.find("acme/base"))


def test_another_node_is_no_repository(directory: Path) -> None:
    """An owner, a task or a stranger is not taken for a repository."""
    with LineageGraph.open(directory) as graph:
        assert graph.node(v.owner_iri("acme")) is None
        assert graph.node(v.repository_iri(Kind.MODEL, "no/body")) is None


def test_only_repositories_are_listed() -> None:
    """A node elsewhere that others call a model is no repository of the Hub."""
    graph = graph_in_memory(model("acme/chat"))
    stranger = ox.NamedNode("https://example.org/model")
    class_ = ox.NamedNode(v.FAIR4ML.MLModel)
    graph.store.add(ox.Quad(stranger, ox.NamedNode(v.RDF.type), class_))

    assert [Node(Kind.MODEL, "acme/chat")] == list(graph.nodes(Kind.MODEL))


def test_rdflib_answers_over_the_same_store(directory: Path) -> None:
    """Through rdflib's API one asks the default graph and the named ones."""
    with LineageGraph.open(directory) as graph:
        data = graph.dataset()
        parents = data.query("SELECT ?p { ?c <http://www.w3.org/ns/prov#wasDerivedFrom> ?p }")
        labels = "?class <http://www.w3.org/2000/01/rdf-schema#label> ?label"
        named = data.query(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {labels} }} }}")
        unnamed = data.query(f"SELECT ?class {{ {labels} }}")

        assert {(URIRef(f"{v.HUB}acme/base"),)} == set(parents)
        assert {(URIRef(v.ONTOLOGY),)} == set(named)
        assert {(URIRef(v.owner_iri("acme")),)} == set(unnamed)
        assert (URIRef(v.REMIX.Space), RDFS.label, None) in data.graph(v.ONTOLOGY)


def test_the_graph_counts_its_repositories(directory: Path) -> None:
    """graph.json says how many there are of each kind, and where they came from."""
    info = read_info(directory)

    assert info is not None
    assert (1, 1, 1) == (info.models, info.datasets, info.spaces)
    assert ("records of a test",) == info.sources


def test_a_reader_keeps_its_build(directory: Path) -> None:
    """What is published while a graph is open changes nothing for who opened it."""
    with LineageGraph.open(directory) as graph:
        build_graph(directory, model("acme/new"))
        build_graph(directory, model("acme/newer"))

        assert CHAT == graph.record(graph.find("acme/chat"))
        with pytest.raises(NotInGraph):
            graph.find("acme/new")
    build_graph(directory, model("acme/newest"))
    assert 1 == len(list((directory / "builds").iterdir()))


def test_a_second_writer_is_told_to_wait(directory: Path) -> None:
    """One writer at a time; the other gets one clear line."""
    with (
        new_build(directory),
        pytest.raises(GraphLocked, match="another process is writing"),
        new_build(directory),
    ):
        pass


def test_leaving_without_publishing_changes_nothing(directory: Path) -> None:
    """A build that is given up leaves the graph and the folder as they were."""
    before = quads(directory), sorted(directory.rglob("*/store"))
    with new_build(directory):
        pass

    assert before == (quads(directory), sorted(directory.rglob("*/store")))


def test_adding_twice_changes_nothing(directory: Path) -> None:
    """The same record once more gives the same quads."""
    before = quads(directory)
    build_graph(directory, CHAT)

    assert before == quads(directory)


def test_a_replaced_repository_takes_what_only_it_had_along(directory: Path) -> None:
    """Claims, commit and references that nothing else needs go; what is shared stays."""
    build_graph(directory, model("acme/chat -> acme/other: merge"))
    expected = build_graph(
        directory.parent / "fresh",
        model("acme/chat -> acme/other: merge"),
        dataset("acme/chat"),
        space("acme/demo"),
    )

    assert quads(expected) == quads(directory)


def test_a_record_takes_the_place_of_its_reference(directory: Path) -> None:
    """What was only named becomes known when its own record arrives."""
    build_graph(directory, model("acme/base"), dataset("acme/qa"))
    with LineageGraph.open(directory) as graph:
        assert graph.find("acme/base").known
        assert graph.find("acme/qa").known
    assert not any("RepositoryReference" in quad for quad in quads(directory) if "ns>" not in quad)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "there is no graph in"),
        ("{", "is damaged"),
        ('{"build": "1", "format": 99}', "has graph format 99"),
        ('{"build": "000001"}', "cannot be read"),
    ],
)
def test_what_is_no_graph_is_refused(tmp_path: Path, document: str | None, message: str) -> None:
    """A missing, damaged or foreign graph gives one line with the remedy."""
    if document is not None:
        (tmp_path / "graph.json").write_text(document, encoding="utf-8")
    with pytest.raises(InvalidGraph, match=message):
        LineageGraph.open(tmp_path)


def test_a_file_is_no_graph(tmp_path: Path) -> None:
    """A path that is a file is named as such."""
    file = tmp_path / "graph"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InvalidGraph, match="is a file"):
        LineageGraph.open(file)
