"""What is exported is what the graph holds, can be read by others, and is the same every time."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from graph import exports
from graph.exports import EXPORTERS, export
from graph.exports.selection import links, repositories
from graph.lineage.stepping import parents
from graph.model import vocabulary as v
from graph.model.errors import UnknownFormat, UsageError
from graph.model.records import Kind, Relation, Repository
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, derivation, license_, model, models, space
from tests.depth import dear
from tests.graphs import build_graph, graph_in_memory
from tests.strategies import repositories as any_repository

ROOT = Path(__file__).resolve().parent.parent

RECORDS = (
    model("acme/base", licenses=(license_("mit"),), downloads=7),
    model("acme/chat -> acme/base: finetune, acme/qa: trained_on"),
    model("acme/tiny -> acme/chat: quantized, acme/chat: unspecified, gone/lost: merge"),
    model("other/chat -> acme/base: finetune"),
    model("lone/model"),
    dataset("acme/qa -> acme/raw: source"),
    space("acme/demo", uses=("acme/chat",)),
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineageGraph]:
    """Return an opened graph: base -> chat -> tiny, with data, a stranger and a loner."""
    directory = build_graph(tmp_path_factory.mktemp("exports") / "graph", *RECORDS)
    with LineageGraph.open(directory) as opened:
        yield opened


def _export(graph: LineageGraph, name: str, focus: str | None = None) -> bytes:
    out = io.BytesIO()
    export(graph, name, out, graph.find(focus) if focus else None)
    return out.getvalue()


def _links(graph: LineageGraph, focus: str | None = None) -> set[tuple[str, str, str]]:
    iris = repositories(graph, graph.find(focus) if focus else None)
    return {(edge.child, edge.parent, edge.relation.value) for edge in links(graph, iris)}


def _graphml_links(text: bytes) -> set[tuple[str, str, str]]:
    view = nx.parse_graphml(text.decode(), force_multigraph=True)
    return {(child, parent, facts["relation"]) for child, parent, facts in view.edges(data=True)}


def _triples(turtle: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}


def _rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


# --- all formats ----------------------------------------------------------------------------------


@pytest.mark.parametrize("focus", [None, "acme/chat"])
@pytest.mark.parametrize("name", EXPORTERS)
def test_two_exports_are_the_same(graph: LineageGraph, name: str, focus: str | None) -> None:
    """To the byte, with and without a focus."""
    assert _export(graph, name, focus) == _export(graph, name, focus)


@pytest.mark.parametrize("focus", [None, "acme/chat"])
@pytest.mark.parametrize("name", EXPORTERS)
def test_the_order_of_building_does_not_show(
    tmp_path: Path, graph: LineageGraph, name: str, focus: str | None
) -> None:
    """The same graph, built in another order, gives the same bytes."""
    with LineageGraph.open(build_graph(tmp_path / "graph", *reversed(RECORDS))) as other:
        assert _export(graph, name, focus) == _export(other, name, focus)


_EXPORT_ALL = """
import sys
from pathlib import Path
from graph.exports import EXPORTERS, export
from graph.store.lineage_graph import LineageGraph

with LineageGraph.open(sys.argv[1]) as graph:
    for name in EXPORTERS:
        export(graph, name, Path(sys.argv[2], name), graph.find("acme/chat"))
"""


def test_another_process_exports_the_same(graph: LineageGraph, tmp_path: Path) -> None:
    """Where Python's sets have another order."""
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", _EXPORT_ALL, str(graph.directory), str(tmp_path / seed)]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed})

    for name in EXPORTERS:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_empty_graph_can_be_exported(tmp_path: Path, name: str) -> None:
    """There is nothing in it, which is no error."""
    with LineageGraph.open(build_graph(tmp_path / "graph")) as empty:
        assert _export(empty, name) == _export(empty, name)


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_repository_that_is_only_named_can_be_the_focus(graph: LineageGraph, name: str) -> None:
    """What was made from it is known."""
    assert b"tiny" in _export(graph, name, "gone/lost")


def test_each_format_is_described() -> None:
    """For the command line, which lists them."""
    assert all(exporter.doc and exporter.extension[0] == "." for exporter in EXPORTERS.values())


def test_an_unknown_format_is_named_with_the_known(graph: LineageGraph) -> None:
    """So that the user sees what there is."""
    with pytest.raises(UnknownFormat, match="rtf is no export format: use nquads, turtle"):
        _export(graph, "rtf")


# --- what belongs to a lineage --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("focus", "expected"),
    [
        ("acme/tiny", "acme/base acme/chat acme/tiny datasets/acme/qa gone/lost"),
        ("acme/base", "acme/base acme/chat acme/tiny datasets/acme/qa other/chat"),
        ("acme/chat", "acme/base acme/chat acme/tiny datasets/acme/qa"),
        ("datasets/acme/qa", "acme/chat datasets/acme/qa datasets/acme/raw"),
        ("datasets/acme/raw", "acme/chat datasets/acme/qa datasets/acme/raw"),
        ("lone/model", "lone/model"),
    ],
)
def test_a_focus_brings_its_lineage(graph: LineageGraph, focus: str, expected: str) -> None:
    """Ancestors, descendants, their training data, and what was trained on the focus."""
    iris = repositories(graph, graph.find(focus))

    assert expected.split() == [iri.removeprefix(v.HUB) for iri in iris]


def test_without_a_focus_everything_linked_is_there(graph: LineageGraph) -> None:
    """A repository without a link is no part of the lineage."""
    assert 7 == len(repositories(graph, None))
    assert graph.find("lone/model").iri not in repositories(graph, None)


def test_a_cycle_ends(tmp_path: Path) -> None:
    """A loop, and a repository made from itself, are exported as they are."""
    records = models("a/a -> b/b: merge", "b/b -> a/a: merge", "c/c -> c/c: finetune, a/a: merge")
    with LineageGraph.open(build_graph(tmp_path / "graph", *records)) as graph:
        assert _graphml_links(_export(graph, "graphml", "a/a")) == _links(graph) != set()


# --- N-Quads and Turtle ---------------------------------------------------------------------------


def test_nquads_hold_everything(graph: LineageGraph) -> None:
    """All graphs, as sorted lines."""
    lines = _export(graph, "nquads").decode().splitlines()

    assert sorted(lines) == lines
    assert {f"{quad} ." for quad in graph.store} == set(lines)


def test_nquads_around_a_focus_are_a_part_of_it(graph: LineageGraph) -> None:
    """With the claims and the licences of the lineage, and nothing of strangers."""
    whole = set(_export(graph, "nquads").splitlines())
    part = _export(graph, "nquads", "acme/chat").splitlines()

    assert sorted(set(part)) == part
    assert whole > set(part)
    assert any(line.startswith(b"<http://spdx.org/licenses/MIT> ") for line in part)
    assert not any(line.startswith(b"<https://huggingface.co/other/") for line in part)


def test_turtle_holds_the_default_graph(graph: LineageGraph) -> None:
    """The same triples, for both engines, and no vocabulary."""
    text = _export(graph, "turtle")
    expected = {quad.triple for quad in graph.store if quad.graph_name == ox.DefaultGraph()}

    assert expected == _triples(text)
    assert len(expected) == len(Graph().parse(data=text, format="turtle"))
    assert b"@prefix hub: <https://huggingface.co/> .\n" in text


# --- GraphML --------------------------------------------------------------------------------------


@pytest.mark.parametrize("focus", [None, "acme/chat"])
def test_graphml_has_the_links_of_the_graph(graph: LineageGraph, focus: str | None) -> None:
    """Read again by networkx: the same edges, several between two nodes included."""
    assert _links(graph, focus) == _graphml_links(_export(graph, "graphml", focus))


def test_graphml_has_the_facts(graph: LineageGraph) -> None:
    """With their types; what is not known is left out."""
    view = nx.parse_graphml(_export(graph, "graphml").decode(), force_multigraph=True)

    assert {
        "id": "acme/base",
        "kind": "model",
        "known": True,
        "downloads": 7,
        "license": "mit",
        "license_category": "permissive",
    } == view.nodes[graph.find("acme/base").iri]
    assert {"id": "gone/lost", "kind": "model", "known": False} == view.nodes[
        graph.find("gone/lost").iri
    ]


def test_graphml_leaves_out_a_number_beyond_64_bits() -> None:
    """Its reader would stumble."""
    graph = graph_in_memory(model("a/b -> c/d", downloads=2**63, likes=2**63 - 1))
    view = nx.parse_graphml(_export(graph, "graphml").decode(), force_multigraph=True)

    assert 2**63 - 1 == view.nodes[v.repository_iri(Kind.MODEL, "a/b")]["likes"]
    assert "downloads" not in view.nodes[v.repository_iri(Kind.MODEL, "a/b")]


# --- CSV ------------------------------------------------------------------------------------------


def test_csv_has_a_line_for_each_link(graph: LineageGraph) -> None:
    """As many as the lineage counts, relation by relation."""
    rows = _rows(_export(graph, "csv"))
    found = {
        (
            v.repository_iri(Kind(row["child_kind"]), row["child"]),
            v.repository_iri(Kind(row["parent_kind"]), row["parent"]),
            row["relation"],
        )
        for row in rows
    }

    assert _links(graph) == found
    assert len(rows) == len(found)


@pytest.mark.parametrize("relation", Relation)
def test_csv_agrees_with_sparql(graph: LineageGraph, relation: Relation) -> None:
    """The number of lines of a relation is what a query counts."""
    rows = _rows(_export(graph, "csv"))
    query = f"SELECT * WHERE {{ ?child <{v.relation_shortcut(relation)}> ?parent }}"

    assert len(list(graph.dataset().query(query))) == sum(
        row["relation"] == relation for row in rows
    )


def test_csv_tells_who_said_what(graph: LineageGraph) -> None:
    """The whole claim is in the line."""
    row = next(row for row in _rows(_export(graph, "csv")) if row["parent"] == "gone/lost")

    assert {
        "child": "acme/tiny",
        "child_kind": "model",
        "parent": "gone/lost",
        "parent_kind": "model",
        "relation": "merge",
        "sources": "DeclaredInCard",
        "raw": '["gone/lost"]',
        "position": "2",
    } == row


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "'"])
def test_csv_has_no_formulas(start: str) -> None:
    """What a spreadsheet might run begins with an apostrophe."""
    graph = graph_in_memory(model(f"{start}cmd").__class__(
        id=f"{start}cmd|' /C calc'!A0", derivations=(derivation("a/b: merge"),)
    ))  # fmt: skip
    row = _rows(_export(graph, "csv"))[0]

    assert f"'{start}cmd|' /C calc'!A0" == row["child"]


# --- hostile names --------------------------------------------------------------------------------


@dear
@given(
    records=st.lists(any_repository, max_size=4, unique_by=lambda record: (record.kind, record.id))
)
def test_hostile_names_survive_every_format(records: list[Repository]) -> None:
    """Each format can be read again, and says what the graph says."""
    graph = graph_in_memory(*records)
    rows = _rows(_export(graph, "csv"))
    quads = _export(graph, "nquads")
    turtle = _export(graph, "turtle")

    assert _links(graph) == _graphml_links(_export(graph, "graphml"))
    assert _claimed(records) == {
        (_plain(row["child"]), _plain(row["parent"]), row["relation"], *json.loads(row["raw"]))
        for row in rows
    }
    assert set(graph.store) == set(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    default = graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    assert {quad.triple for quad in default} == _triples(turtle)


def _claimed(records: list[Repository]) -> set[tuple[str, ...]]:
    return {
        (record.id, claim.target, claim.relation.value, *claim.raw)
        for record in records
        for claim in record.derivations
        if claim.target is not None
    }


def _plain(cell: str) -> str:
    return cell.removeprefix("'")


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_hostile_focus_is_exported(tmp_path: Path, name: str) -> None:
    """Markup, quotes and control characters in a name stay text."""
    hostile = '"><script>alert(1)</script>\x00\x1b[2J\r\n=1+1'
    record = model("x").__class__(id=hostile, derivations=(derivation("a/b: merge"),))
    with LineageGraph.open(build_graph(tmp_path / "graph", record)) as graph:
        out = io.BytesIO()
        export(graph, name, out, graph.node(v.repository_iri(Kind.MODEL, hostile)))

        assert next(parents(graph, v.repository_iri(Kind.MODEL, hostile)))
        assert b"\x00" not in out.getvalue() or name == "csv"
        assert b"\x1b" not in out.getvalue() or name == "csv"
        if name in {"html", "graphml"}:
            assert b"<script>alert(1)" not in out.getvalue()


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_written_as_a_whole(graph: LineageGraph, tmp_path: Path) -> None:
    """It replaces the file of that name, and leaves nothing else."""
    (tmp_path / "out.csv").write_text("old")
    export(graph, "csv", tmp_path / "out.csv")

    assert _export(graph, "csv") == (tmp_path / "out.csv").read_bytes()
    assert ["out.csv"] == [path.name for path in tmp_path.iterdir()]


def test_an_error_leaves_the_old_file(
    graph: LineageGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an export is none."""

    def fail(_: object, out: BinaryIO, __: object) -> None:
        out.write(b"half")
        raise OSError(28, "no space left")

    (tmp_path / "out.csv").write_text("old")
    monkeypatch.setitem(EXPORTERS, "csv", EXPORTERS["csv"]._replace(write=fail))
    with pytest.raises(OSError, match="no space"):
        export(graph, "csv", tmp_path / "out.csv")

    assert "old" == (tmp_path / "out.csv").read_text()
    assert ["out.csv"] == [path.name for path in tmp_path.iterdir()]


def test_a_missing_folder_is_named(graph: LineageGraph, tmp_path: Path) -> None:
    """It is not made: the name may be a slip."""
    with pytest.raises(UsageError, match="nowhere does not exist: make the folder first"):
        export(graph, "csv", tmp_path / "nowhere" / "out.csv")


def test_a_link_keeps_pointing_at_the_file(graph: LineageGraph, tmp_path: Path) -> None:
    """What it points at is replaced, not the link."""
    (tmp_path / "target.csv").write_text("old")
    (tmp_path / "out.csv").symlink_to("target.csv")
    export(graph, "csv", tmp_path / "out.csv")

    assert (tmp_path / "out.csv").is_symlink()
    assert _export(graph, "csv") == (tmp_path / "target.csv").read_bytes()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_is_written_to(graph: LineageGraph, tmp_path: Path) -> None:
    """And stays a pipe: /dev/stdout must not become a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    export(graph, "csv", pipe)
    reader.join()

    assert [_export(graph, "csv")] == read
    assert pipe.is_fifo()


def test_the_callers_file_stays_open(graph: LineageGraph) -> None:
    """Whoever opened it may have more to write."""
    with TemporaryDirectory() as folder, (Path(folder) / "out").open("wb") as file:
        for name in EXPORTERS:
            export(graph, name, file)

        assert not file.closed


def test_a_page_does_not_show_thousands(
    graph: LineageGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says how many there are, and what to do instead."""
    monkeypatch.setattr(exports, "MOST_ON_A_PAGE", 4)
    with pytest.raises(UsageError, match="this graph has 7 repositories, a page can show 4: expo"):
        _export(graph, "html")
    with pytest.raises(UsageError, match="the lineage of acme/base has 5 repositories"):
        _export(graph, "html", "acme/base")

    assert b"<html>" in _export(graph, "html", "acme/chat")
